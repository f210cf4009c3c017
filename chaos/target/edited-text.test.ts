import { expect, it } from 'vitest';
import { editedText } from './edited-text.ts';

const source = 'if (left < right) return left;\nreturn right;\n';

function edited(...edits: readonly { find: string; replace: string }[]): string {
  const ofFile = edits.map((edit) => ({ file: 'lib/least.ts', ...edit }));
  return editedText('wrong-way-round', 'lib/least.ts', source, ofFile);
}

it('replaces each place and leaves the rest, in any order of the edits', () => {
  const last = { find: 'return right;', replace: 'return 0;' };
  const first = { find: 'left < right', replace: 'left > right' };
  expect(edited(last, first)).toBe('if (left > right) return left;\nreturn 0;\n');
});

it('takes the replacement as it is, also where it looks like a pattern or like the place of another edit', () => {
  expect(
    edited({ find: 'left < right', replace: '$& $1 return right;' }, { find: 'return right;', replace: '' }),
  ).toBe('if ($& $1 return right;) return left;\n\n');
});

it('can exchange two places', () => {
  const there = { find: 'return left;', replace: 'return right;' };
  const back = { find: 'return right;', replace: 'return left;' };
  expect(edited(there, back)).toBe('if (left < right) return right;\nreturn left;\n');
});

it.each([
  { find: 'left <= right', times: 'does not occur' },
  { find: '', times: 'does not occur' },
  { find: 'return', times: 'occurs 2 times' },
  { find: 'right', times: 'occurs 2 times' },
])('refuses $find, which $times, by the name of the mutant and of the file', ({ find, times }) => {
  expect(() => edited({ find, replace: 'anything' })).toThrow(
    `the mutant wrong-way-round does not fit lib/least.ts: ${JSON.stringify(find)} ${times}`,
  );
});

it('counts occurrences that overlap', () => {
  const edit = { file: 'a', find: 'aba', replace: 'b' };
  expect(() => editedText('name', 'a', 'ababa', [edit])).toThrow('occurs 2 times');
});

it('refuses edits that overlap', () => {
  expect(() =>
    edited({ find: 'left < right', replace: 'a' }, { find: '< right) return', replace: 'b' }),
  ).toThrow('the mutant wrong-way-round does not fit lib/least.ts: two edits overlap at "< right) return"');
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editedText } from './edited-text.ts';
import { ownMutant } from './own-mutant.ts';

const source = ['export function add(a, b) {', '  return a + b;', '}', '', 'export const zero = 0;', ''].join(
  '\n',
);
const patch = [
  'diff --git a/src/sum.js b/src/sum.js',
  'index 1..2 100644',
  '--- a/src/sum.js',
  '+++ b/src/sum.js',
  '@@ -1,3 +1,3 @@',
  ' export function add(a, b) {',
  '-  return a + b;',
  '+  return a - b;',
  ' }',
  '@@ -5 +5,2 @@ comment',
  '-export const zero = 0;',
  '+export const zero = 1;',
  '+export const one = 1;',
  '',
].join('\n');
const wanted = source.replace('a + b', 'a - b').replace('zero = 0;', 'zero = 1;\nexport const one = 1;');

describe('a mutant for one run', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-mutant-'));
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src/sum.js'), source);
    await writeFile(join(folder, 'change.patch'), patch);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = (name: string): string => join(folder, name);

  it('is not there without an option', async () => {
    expect(await ownMutant(folder, {})).toBeUndefined();
  });

  it('is made from a unified diff', async () => {
    const mutant = await ownMutant(folder, { patch: file('change.patch') });
    expect(mutant?.name).toBe('own:change.patch');
    expect(mutant?.edits.map((edit) => edit.file)).toEqual(['src/sum.js']);
    expect(editedText('m', 'src/sum.js', source, mutant?.edits ?? [])).toBe(wanted);
  });

  it('is made from a file that takes the place of a module', async () => {
    await writeFile(file('other.js'), wanted);
    const mutant = await ownMutant(folder, { replace: [`src/sum.js=${file('other.js')}`] });
    expect(editedText('m', 'src/sum.js', source, mutant?.edits ?? [])).toBe(wanted);
  });

  it.each(['x\nx\nx\n', 'a\nx\na\nx\n', 'x', ''])(
    'makes %j of a text in which lines repeat',
    async (text) => {
      const repeated = 'a\nx\na\nx\na\n';
      await writeFile(file('src/sum.js'), repeated);
      await writeFile(file('other.js'), text);
      const mutant = await ownMutant(folder, { replace: [`src/sum.js=${file('other.js')}`] });
      expect(editedText('m', 'src/sum.js', repeated, mutant?.edits ?? [])).toBe(text);
    },
  );

  it.each([
    ['a file that is not there', { patch: '/nowhere.patch' }, '--patch "/nowhere.patch" cannot be read'],
    ['no assignment', { replace: ['src/sum.js'] }, '--replace "src/sum.js" is not MODULE=FILE'],
    [
      'a module that is not there',
      { replace: ['src/none.js=/dev/null'] },
      'the module src/none.js of the target',
    ],
    ['a module outside', { replace: ['../sum.js=/dev/null'] }, 'is not in the folder of the target'],
  ])('refuses %s', async (_, flags, words) => {
    await expect(ownMutant(folder, flags)).rejects.toThrow(words);
  });

  it.each([
    ['that holds nothing', 'hello', 'holds no change'],
    ['of another version', patch.replace('a + b', 'b + a'), 'src/sum.js, line 2: the patch does not fit'],
    ['that adds a file', `new file mode 100644\n${patch}`, 'line 1: new file mode'],
    ['that is cut off', patch.slice(0, patch.indexOf('+  return')), 'the hunk ends too early'],
  ])('refuses a patch %s', async (_, text, words) => {
    await writeFile(file('change.patch'), text);
    await expect(ownMutant(folder, { patch: file('change.patch') })).rejects.toThrow(words);
  });
});

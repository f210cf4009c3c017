import { describe, expect, it } from 'vitest';
import type { Mutant } from '../api/mutant.ts';
import { mutantNamed, mutantsOf, notJudgedOf } from './mutants.ts';

const plain: Mutant = { name: 'plain', title: '', edits: [], scenario: 'a', fault: 'none', breaks: ['kept'] };
const apart: Mutant = { ...plain, name: 'apart', set: 'blind' };
const unseen: Mutant = { ...plain, name: 'unseen', breaks: [], notJudged: 'logs are not judged' };
const target = { name: 'sample', mutants: [apart, plain, unseen] };

describe('mutantsOf', () => {
  it('leaves out those of other sets and those that are not judged', () => {
    expect(mutantsOf(target)).toEqual([plain]);
    expect(mutantsOf(target, 'blind')).toEqual([apart]);
    expect(notJudgedOf(target)).toEqual([unseen]);
    expect(notJudgedOf(target, 'blind')).toEqual([]);
  });

  it('names the sets there are when one does not exist', () => {
    expect(() => mutantsOf(target, 'blnd')).toThrow(
      expect.objectContaining({ message: '--set "blnd" does not exist', hint: 'sets: blind' }),
    );
    expect(() => mutantsOf({ name: 'sample', mutants: [plain] }, 'blind')).toThrow('does not exist');
  });

  it('refuses a target without mutants', () => {
    expect(() => mutantsOf({ name: 'sample' })).toThrow('the target sample has no mutants');
  });
});

describe('mutantNamed', () => {
  it('finds those that run only when they are named', () => {
    expect(mutantNamed(target, 'unseen')).toBe(unseen);
    expect(() => mutantNamed(target, 'other')).toThrow('"other" does not exist');
  });
});

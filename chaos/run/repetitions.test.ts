import { describe, expect, it } from 'vitest';
import { HarnessError, InterruptedError } from '../errors.ts';
import { exitOfRepetitions, renderConclusion, renderRepetition, type Repetition } from './reproduce.ts';
import type { Sighting } from './symptom.ts';

function repetition(number: number, sighting: Sighting): Repetition {
  return {
    scenario: 'turns',
    fault: 'redis-down',
    number,
    folder: `run-${number}`,
    harnessError: sighting === 'failed' ? 'the stack broke' : null,
    symptoms: [
      {
        symptom: { kind: 'invariant', name: 'I1' },
        sighting,
        explanation: sighting === 'held' ? 'fine' : 'why',
      },
    ],
  };
}
const all = (...sightings: Sighting[]) => sightings.map((sighting, index) => repetition(index + 1, sighting));
const interrupted = new InterruptedError('interrupted', '');

describe('several runs together', () => {
  it.each([
    [all('held', 'violated', 'unknown'), null, 1],
    [all('violated'), interrupted, 1],
    [all('held', 'held'), null, 0],
    [all('held', 'unknown'), null, 2],
    [all('held', 'failed'), null, 70],
    [all('held'), interrupted, 130],
    [all('held'), new HarnessError('gone', ''), 70],
    [[], null, 2],
  ])('%# end with the exit status of what was seen', (repetitions, cutShort, status) => {
    expect(exitOfRepetitions(repetitions, cutShort)).toBe(status);
  });

  it('say of each what was seen, with the witness', () => {
    expect(renderRepetition(repetition(2, 'violated'), 3)).toBe(
      'turns × redis-down, run 2 of 3: I1 violated again: why',
    );
    expect(renderRepetition(repetition(1, 'held'), 1)).toBe(
      'turns × redis-down, run 1 of 1: I1 held this time',
    );
    expect(renderRepetition({ ...repetition(1, 'held'), symptoms: [] }, 1)).toMatch(/run to its end/);
  });

  it('count, and say what a seed does not fix', () => {
    const text = renderConclusion(all('held', 'violated', 'unknown'));
    expect(text).toContain('I1 in turns × redis-down: violated again in 1 of 3 runs, undecided in 1');
    expect(text).toContain('It does not fix how the processes interleave');
    expect(text).not.toContain('Not seen does not mean fixed');
  });

  it('say how little it means that nothing was seen', () => {
    expect(renderConclusion(all('held', 'held', 'held'))).toContain('escapes 3 runs with a chance of 1 in 8');
  });
});

/** What no list of examples shows: whatever a right system does, no checker accuses it; and whatever else happened, each sees what is wrong. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { judge } from '../../../reports/checkers/judge.ts';
import { checkers } from '../registry.ts';
import { mutations } from './mutations.ts';
import { simulate } from './simulate.ts';

const runs = fc.record({
  seed: fc.nat().map(String),
  operations: fc.integer({ min: 0, max: 500 }),
  troubled: fc.constantFrom(0, 0.05, 0.3),
});

test('a system that keeps its invariants is never accused, whatever its clients saw', () => {
  fc.assert(
    fc.property(runs, ({ seed, operations, troubled }) => {
      const { history, evidence } = simulate(seed, operations, troubled);
      const accused = judge(history, evidence, checkers).filter(({ verdict }) => verdict === 'false');
      expect(accused.map(({ invariant, reason }) => `${invariant}: ${reason}`)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('nor when it did not reach rest, but for not reaching it', () => {
  fc.assert(
    fc.property(runs, ({ seed, operations, troubled }) => {
      const { history, evidence } = simulate(seed, operations, troubled);
      const unrest = { ...evidence, quiescedMs: null, quiesceReason: 'the queue is full' };
      const others = checkers.filter(({ invariant }) => invariant !== 'I17');
      const accused = judge(history, unrest, others).filter(({ verdict }) => verdict === 'false');
      expect(accused).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

/** Enough operations that there is something of each kind to be judged in most runs. */
const largeRuns = Array.from({ length: 40 }, (_, index) => simulate(`large ${index}`, 600, 0.1));

it.each(checkers)(
  '$invariant is decided in most runs that are large enough, so the checker is not just silent',
  (checker) => {
    const decided = largeRuns.filter(
      ({ history, evidence }) => judge(history, evidence, [checker])[0]?.verdict === 'true',
    );
    expect(decided.length).toBeGreaterThan(largeRuns.length / 2);
  },
);

describe.each(mutations)('$invariant, when $what', ({ invariant, apply }) => {
  const own = checkers.filter((checker) => checker.invariant === invariant);

  it('is found violated in whatever run it happens', () => {
    const spoilt = largeRuns.flatMap((run) => apply(run) ?? []);
    expect(spoilt.length).toBeGreaterThan(largeRuns.length / 4);
    const missed = spoilt.filter(
      ({ history, evidence }) => judge(history, evidence, own)[0]?.verdict !== 'false',
    );
    expect(missed.map(({ history, evidence }) => judge(history, evidence, own)[0]?.reason)).toEqual([]);
  });
});

it('spoils something for each checker', () => {
  expect([...new Set(mutations.map(({ invariant }) => invariant))].toSorted()).toEqual(
    checkers.map(({ invariant }) => invariant).toSorted(),
  );
});

import { expect, it } from 'vitest';
import type { Verdict, Witness } from '../../reports/record/report.ts';
import { sameViolation, unclearIn, type Violation, violationsIn } from './violation.ts';

const witness = (f: readonly string[], facts: Record<string, unknown> = {}): Witness => ({
  summary: `${f.join(' and ')} contradict each other`,
  operations: f.map((kind) => ({ f: kind, startedMs: 10, endedMs: 20 })),
  facts,
});
const verdict = (witnesses: Witness[], given: Partial<Verdict> = {}): Verdict => ({
  invariant: 'kept',
  title: 'what was acknowledged is kept',
  verdict: 'false',
  reason: 'something is lost',
  witnesses,
  ...given,
});
const only = (...witnesses: Witness[]): Violation[] =>
  violationsIn({ verdicts: [verdict(witnesses)], thresholds: [] });

const same = (one: Witness, other: Witness): boolean =>
  only(one).every((first) => only(other).every((second) => sameViolation(first, second)));

it('takes the same kind of finding about other entities for the same', () => {
  expect(same(witness(['add'], { cart: 'c1' }), witness(['add'], { cart: 'c2' }))).toBe(true);
  expect(same(witness(['add', 'read']), witness(['add']))).toBe(true);
});

it('tells apart other operations, other findings and other invariants', () => {
  expect(same(witness(['add']), witness(['remove']))).toBe(false);
  expect(same(witness(['add'], { missing: 1 }), witness(['add'], { found: 2 }))).toBe(false);
  expect(same(witness([]), witness(['add']))).toBe(false);
  const [one] = only(witness(['add']));
  const [other] = violationsIn({
    verdicts: [verdict([witness(['add'])], { invariant: 'once' })],
    thresholds: [],
  });
  expect(one !== undefined && other !== undefined && sameViolation(one, other)).toBe(false);
});

it('lists each kind of finding of an invariant once', () => {
  const found = only(witness(['add'], { a: 1 }), witness(['add'], { a: 2 }), witness(['remove'], { a: 3 }));
  expect(found.map(({ operations }) => operations[0]?.f)).toEqual(['add', 'remove']);
});

it('lists what is unknown apart from what is violated', () => {
  const cell = { verdicts: [verdict([], { verdict: 'unknown' as const })], thresholds: [] };
  expect([violationsIn(cell), unclearIn(cell)]).toEqual([[], ['kept']]);
});

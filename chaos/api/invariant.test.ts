import { expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { evidenceSchema } from '../../reports/record/evidence.ts';
import { UsageError } from '../errors.ts';
import { invariant } from './invariant.ts';

const added: Operation = {
  process: 1,
  f: 'add',
  type: 'ok',
  value: { id: 'a' },
  intendedMs: 1,
  startedMs: 1,
  endedMs: 2,
};

function evidence(quiescedMs: number | null) {
  return evidenceSchema.parse({
    scenario: 'adds',
    fault: 'none',
    limits: { requestDeadlineMs: 1, deadlineToleranceMs: 1, recoveryMs: 1 },
    loadStartMs: 0,
    loadEndMs: 10,
    quiescedMs,
    quiesceReason: 'work is left',
    faults: [],
    database: { items: [{ _id: 'b' }] },
    cache: [{ key: 'sent:a', type: 'string', ttlMs: -1, value: true }],
  });
}

const stored = invariant({
  name: 'stored',
  check: (operations, state) =>
    operations
      .filter(({ value }) => !state.documents('items').some(({ _id }) => _id === value['id']))
      .map((operation) => ({ summary: `${String(operation.value['id'])} is lost`, operations: [operation] })),
});

it('gives the contradiction as the reason, with its operations', () => {
  const verdict = stored.check([added], evidence(20));
  expect(verdict).toMatchObject({ verdict: 'false', reason: 'a is lost' });
  expect(verdict.witnesses[0]?.operations).toEqual([added]);
});

it('holds when there is none', () => {
  expect(stored.check([{ ...added, value: { id: 'b' } }], evidence(20)).verdict).toBe('true');
});

it('decides nothing of a target at work, unless it must hold always', () => {
  expect(stored.check([added], evidence(null))).toMatchObject({ verdict: 'unknown' });
  const always = invariant({ name: 'always', holds: 'always', check: () => [{ summary: 'wrong' }] });
  expect(always.check([added], evidence(null))).toMatchObject({ verdict: 'false', reason: 'wrong' });
});

it('decides nothing when no operation was acknowledged', () => {
  expect(stored.check([], evidence(20)).verdict).toBe('unknown');
});

it('finds keys by pattern', () => {
  const keys = invariant({
    name: 'keys',
    check: (_, state) => state.keys(/^sent:/).map(({ key }) => ({ summary: key })),
  });
  expect(keys.check([added], evidence(20)).reason).toBe('sent:a');
});

it('names the invariant whose function throws', () => {
  const broken = invariant({ name: 'broken', check: () => JSON.parse('{') as never });
  expect(() => broken.check([added], evidence(20))).toThrow(UsageError);
  expect(() => broken.check([added], evidence(20))).toThrow(
    'invariant "broken", check: it threw SyntaxError',
  );
});

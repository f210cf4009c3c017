import { expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import type { Candidate } from './candidates.ts';
import type { Placed } from './schedule.ts';
import { suspectsOf } from './suspects.ts';
import { traitsOf } from '../faults/at-call/store-errors.ts';

const operation = (startedMs: number, endedMs: number): Operation => ({
  intendedMs: startedMs,
  process: 0,
  f: 'add',
  startedMs,
  endedMs,
  type: 'ok',
  value: {},
});
const candidate: Candidate = {
  site: {
    operation: 'add',
    role: 'api',
    store: 'redis',
    command: 'SET',
    target: 'k:*',
    nth: 1,
    after: null,
    follows: '',
    traits: traitsOf('SET'),
  },
  siteName: 'add: api SET k:*',
  happens: 'lose-reply',
};
const acted = (atMs: number, met: Operation | null) => ({
  placed: { candidate, applyAtMs: atMs, healAtMs: atMs + 250 } satisfies Placed,
  hit: { atMs, operation: met },
});

it('puts what acted on the witness before what acted while it was under way, and leaves out the rest', () => {
  const witness = operation(100, 200);
  const beside = acted(150, operation(140, 160));
  const own = acted(120, witness);
  const later = acted(900, operation(890, 910));
  expect(
    suspectsOf([later, beside, own], { operations: [{ f: 'add', startedMs: 100, endedMs: 200 }] }),
  ).toEqual([own.placed, beside.placed]);
});

it('suspects none when the violation names no operation', () => {
  expect(suspectsOf([acted(150, operation(140, 160))], { operations: [] })).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { answers } from './i20-answers.ts';
import { evidence, fault, operation } from './testing/literal.ts';

function verdictOf(...history: readonly Operation[]) {
  const { verdict, reason } = answers.check(history, evidence());
  return `${verdict}: ${reason}`;
}

const failure = { code: 'lock_not_acquired', definite: true, retryAfter: true, plain: true, status: 409 };
const failed = (value: Record<string, unknown>) =>
  operation(1, 'occupy', 'fail', { city: 1, no: 2, ...failure, ...value }, [0, 10]);
const hired = (value: Record<string, unknown>) =>
  operation(
    1,
    'hire',
    'ok',
    { nation: 1, name: '1-1', gold: 5, population: 5, no: 9, outcome: 'applied', status: 201, ...value },
    [0, 10],
  );

describe('violated', () => {
  it.each([
    ['a status of another code', failed({ status: 503 })],
    ['no code', failed({ code: null })],
    ['a code that there is not', failed({ code: 'sorry' })],
    ['an end that is not told', failed({ definite: null })],
    ['a 503 without Retry-After', failed({ code: 'redis_unavailable', status: 503, retryAfter: false })],
    ['a stack trace', failed({ code: 'internal', status: 500, plain: false })],
    ['another general', operation(1, 'read-general', 'ok', { no: 1, id: 's1:g2', version: 1 }, [0, 1])],
    ['a list of others', operation(1, 'list-nations', 'ok', { count: 1, versions: { 's1:c1': 1 } }, [0, 1])],
    ['an entry twice', operation(1, 'list-nations', 'ok', { count: 2, versions: { 's1:n1': 1 } }, [0, 1])],
    ['a repetition that took effect', hired({ again: { outcome: 'applied', no: 9, status: 201 } })],
    ['a repetition with another answer', hired({ again: { outcome: 'already', no: 10, status: 200 } })],
    ['a repetition that is refused', hired({ again: { ...failure, code: 'gold_insufficient' } })],
    ['a key that serves two requests', hired({ reused: { outcome: 'already', no: 9, status: 200 } })],
    [
      'what must be refused',
      operation(1, 'probe', 'ok', { what: 'slot 50', expected: 400, outcome: 'applied' }, [0, 1]),
    ],
  ])('%s', (_what, line) => {
    expect(verdictOf(line)).toMatch(/^false/);
  });

  it.each([
    ['200', { status: 200, mongo: 'down', redis: 'up' }],
    ['"up"', { status: 503, mongo: 'up', redis: 'up' }],
  ])('health that says %s while MongoDB is away', (_what, value) => {
    const faults = [fault('mongo-down', [1_000, 5_000])];
    const asked = operation(1, 'ask-health', 'ok', value, [3_000, 3_100]);
    expect(answers.check([asked], evidence({ faults })).verdict).toBe('false');
  });
});

describe('right, though unusual', () => {
  it.each([
    ['a failure as the contract says', failed({})],
    ['a request without an answer', operation(1, 'occupy', 'info', { city: 1, no: 2, status: 0 }, [0, 10])],
    ['a repetition that met a lock', hired({ again: failure })],
    ['a repetition that was not served', hired({ again: { ...failure, code: 'contention', status: 503 } })],
    ['a repetition without an answer', hired({ again: { status: 0 } })],
    ['a repetition as before', hired({ again: { outcome: 'already', no: 9, status: 200 } })],
    // It took no effect, so nothing is remembered of it.
    [
      'a repetition of what was so already',
      hired({ outcome: 'already', again: { ...failure, status: 409 } }),
    ],
    ['a refused second request', hired({ reused: { ...failure, code: 'idempotency_key_reused' } })],
    ['a probe that was not served', operation(1, 'probe', 'fail', { expected: 400, status: 503 }, [0, 1])],
    [
      'a round that is paid meanwhile',
      operation(
        1,
        'play-round',
        'ok',
        {
          tournament: '1',
          round: 1,
          currentRound: 1,
          owed: 3,
          outcome: 'applied',
          again: { outcome: 'already', currentRound: 2, owed: 0, status: 200 },
        },
        [0, 1],
      ),
    ],
  ])('%s', (_what, line) => {
    expect(verdictOf(line)).toMatch(/^true/);
  });

  it('health that notices an outage a moment later', () => {
    const faults = [fault('mongo-down', [1_000, 5_000])];
    const value = { status: 200, mongo: 'up', redis: 'up' };
    const early = operation(1, 'ask-health', 'ok', value, [1_100, 1_200]);
    const late = operation(2, 'ask-health', 'ok', value, [4_900, 5_100]);
    expect(answers.check([early, late], evidence({ faults })).verdict).toBe('true');
  });
});

it('is unknown without a request', () => {
  expect(verdictOf()).toMatch(/^unknown/);
});

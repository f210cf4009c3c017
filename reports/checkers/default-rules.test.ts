import { describe, expect, it } from 'vitest';
import type { Evidence } from '../record/evidence.ts';
import { evidence, fault, operation } from '../testing/literal.ts';
import { availability } from './availability.ts';
import { defaultInvariants } from './defaults.ts';
import { growth } from './growth.ts';
import { honestOutcomes } from './honest-outcomes.ts';
import { noUnexpectedExit } from './no-unexpected-exit.ts';
import { progressAfterHeal } from './progress-after-heal.ts';
import { recoveryTime } from './recovery-time.ts';
import { restReached } from './rest-reached.ts';

type Type = 'fail' | 'info' | 'ok';

/** So many operations, one a millisecond. */
function many(f: string, type: Type, count: number, fromMs: number, status?: number) {
  return Array.from({ length: count }, (_, index) =>
    operation(index, f, type, status === undefined ? {} : { status }, [fromMs + index, fromMs + index]),
  );
}

const broken = evidence({ faults: [fault('redis-down', [100, 200])] });
const { recoveryMs } = broken.limits;
const [healed, recovered] = [201, 201 + recoveryMs];
/** The serving process waited for a processor all the time from the end of the load on. */
const starvation: Partial<Evidence> = {
  processorWaits: [{ fromMs: 60_000, toMs: 70_000, waitedMs: { 'api-1': 9_000 }, idleMs: {} }],
};

describe('progress after the heal', () => {
  const judged = (...after: readonly ReturnType<typeof operation>[]) =>
    progressAfterHeal().check([...many('buy', 'ok', 5, 0), ...after], broken);

  it('wants each kind to succeed again', () => {
    expect(judged(...many('buy', 'fail', 4, healed), ...many('buy', 'ok', 1, recovered)).verdict).toBe(
      'true',
    );
    expect(judged(...many('buy', 'fail', 5, recovered))).toMatchObject({
      verdict: 'false',
      reason: expect.stringContaining('buy succeeded before the faults'),
    });
  });

  it('cannot tell when the load ended before recovery may have', () => {
    expect(judged(...many('buy', 'fail', 5, healed)).verdict).toBe('unknown');
  });

  it('takes a refusal for progress that is usual for the kind, and no other', () => {
    const usual = many('buy', 'fail', 1, 20, 409);
    const refusals = many('buy', 'fail', 5, recovered, 409);
    expect(judged(...usual, ...refusals).verdict).toBe('true');
    expect(judged(...refusals).verdict).toBe('false');
  });

  it('passes over what was not tried often enough, and an undisturbed run', () => {
    expect(judged(...many('buy', 'fail', 4, recovered)).verdict).toBe('true');
    expect(progressAfterHeal().check(many('buy', 'ok', 5, 0), evidence()).verdict).toBe('true');
    expect(progressAfterHeal().check(many('buy', 'fail', 5, 0), broken).verdict).toBe('unknown');
  });

  it('judges the named operations alone', () => {
    const history = [
      ...many('buy', 'ok', 5, 0),
      ...many('buy', 'fail', 5, recovered),
      ...many('see', 'ok', 5, 0),
    ];
    const see = progressAfterHeal({ operations: { f: 'see' } });
    expect(see.check([...history, ...many('see', 'ok', 1, recovered)], broken).verdict).toBe('true');
  });
});

describe('availability', () => {
  const rule = availability({ floors: { baseline: 0.9, recovery: 0.5 } });
  const judged = (unserved: number, count = 20) =>
    rule.check([...many('buy', 'info', unserved, 0), ...many('buy', 'ok', count - unserved, 20)], evidence())
      .verdict;

  it('compares the share that is served with its floor', () => {
    expect([judged(0), judged(2), judged(3)]).toEqual(['true', 'true', 'false']);
  });

  it('takes a refusal for served', () => {
    expect(rule.check(many('buy', 'fail', 20, 0, 404), evidence()).verdict).toBe('true');
  });

  it('judges each phase by its own floor', () => {
    const history = [
      ...many('buy', 'ok', 20, 0),
      ...many('buy', 'info', 40, 120),
      ...many('buy', 'ok', 20, 300),
    ];
    expect(rule.check(history, broken).verdict).toBe('true');
    expect(rule.check([...history, ...many('buy', 'info', 21, 400)], broken)).toMatchObject({
      verdict: 'false',
      reason: expect.stringContaining('in the phase recovery'),
    });
  });

  it('says nothing of a few, and nothing against a target without a processor', () => {
    expect(judged(0, 19)).toBe('unknown');
    const slow = Array.from({ length: 20 }, (_, index) => operation(index, 'buy', 'info', {}, [0, 5_000]));
    const waits = [{ fromMs: 0, toMs: 5_000, waitedMs: { 'api-1': 4_000 }, idleMs: {} }];
    expect(rule.check(slow, evidence()).verdict).toBe('false');
    expect(rule.check(slow, evidence({ processorWaits: waits })).verdict).toBe('unknown');
  });
});

describe('recovery time', () => {
  const judged = (...after: readonly ReturnType<typeof operation>[]) =>
    recoveryTime({ withinMs: 1_000 }).check(after, broken).verdict;

  it('ends with the last operation that was not served', () => {
    expect(judged(...many('buy', 'info', 9, healed), ...many('buy', 'ok', 1, 2_000))).toBe('true');
    expect(judged(...many('buy', 'info', 1, 1_201), ...many('buy', 'ok', 9, 2_000))).toBe('false');
    expect(judged(...many('buy', 'info', 1, 1_200), ...many('buy', 'ok', 9, 2_000))).toBe('true');
  });

  it('is not known when the load ended too early', () => {
    expect(judged(...many('buy', 'info', 5, healed))).toBe('unknown');
    expect(judged()).toBe('unknown');
  });
});

describe('rest reached', () => {
  const tired = { quiescedMs: null, quiesceReason: '3 jobs wait, still after 15000 ms' };

  it('is violated by work that is never finished', () => {
    expect(restReached().check([], evidence()).verdict).toBe('true');
    expect(restReached().check([], evidence(tired))).toMatchObject({
      verdict: 'false',
      reason: expect.stringContaining('3 jobs wait'),
    });
    expect(restReached().check([], evidence({ queueLength: 2 })).verdict).toBe('false');
  });

  it('accuses no target without a processor', () => {
    expect(restReached().check([], evidence({ ...tired, ...starvation })).verdict).toBe('unknown');
  });
});

describe('no unexpected exit', () => {
  const judged = (roles: readonly string[] | undefined, unexpectedExits?: string[]) =>
    noUnexpectedExit(roles === undefined ? {} : { roles }).check(
      [],
      evidence(unexpectedExits === undefined ? {} : { unexpectedExits }),
    ).verdict;

  it('names what ended, of the roles that are judged', () => {
    const exits = ['api-1 ended by itself with exit code 1'];
    expect([judged(undefined, []), judged(undefined, exits), judged(['worker'], exits)]).toEqual([
      'true',
      'false',
      'true',
    ]);
    expect(judged(undefined)).toBe('unknown');
  });
});

describe('growth', () => {
  const entry = (key: string) => ({ key, type: 'string', ttlMs: -1, value: null });
  const work = many('buy', 'ok', 2, 0);
  const judged = (options: Parameters<typeof growth>[0], found: Partial<Evidence>) =>
    growth(options).check(work, evidence(found)).verdict;

  it('counts the keys that were added, by pattern', () => {
    const cache = ['job:1', 'job:2', 'job:3', 'other'].map(entry);
    const limit = { keys: { 'job:*': { perOperation: 1 } } };
    expect(judged(limit, { cache })).toBe('false');
    expect(judged(limit, { cache, initialKeys: ['job:1'] })).toBe('true');
    expect(judged({ keys: { 'job:*': { fixed: 3 } } }, { cache })).toBe('true');
  });

  it('counts the documents that were added', () => {
    const found = { initial: { a: [{}] }, database: { a: [{}, {}], b: [{}, {}] } };
    expect(judged({ documents: { '*': { fixed: 3 } } }, found)).toBe('true');
    expect(judged({ documents: { '*': { fixed: 2 } } }, found)).toBe('false');
    expect(judged({ documents: { a: { perOperation: 0.5 } } }, found)).toBe('true');
    expect(judged({ documents: { b: { perOperation: 0.5 } } }, found)).toBe('false');
  });

  it('finds a process that keeps a connection for each request', () => {
    const connections = [{ instance: 'api-1', store: 'redis', open: 201 }];
    expect(judged({}, { connections })).toBe('false');
    expect(judged({ connections: 201 }, { connections })).toBe('true');
  });
});

describe('honest outcomes', () => {
  const [name, other] = ['100001-1', '100001-2'];
  const write = (type: Type, value: Record<string, unknown> = { item: name }) =>
    operation(1, 'add', type, value, [0, 10]);
  const read = (value: Record<string, unknown>, answered: string[]) => ({
    ...operation(2, 'list', 'ok', value, [20, 30]),
    answered,
  });
  const judged = (...history: readonly ReturnType<typeof operation>[]) =>
    honestOutcomes().check(history, evidence()).verdict;
  const lists = read({ items: [{ item: name }] }, ['items']);

  it('finds what was refused in a later answer', () => {
    expect(judged(write('fail'), lists)).toBe('false');
    expect([judged(write('info'), lists), judged(write('ok'), lists)]).toEqual(['true', 'true']);
    expect(judged(write('fail'), read({ items: [{ item: other }] }, ['items']))).toBe('true');
  });

  it('accuses nothing that may be explained otherwise', () => {
    // Sent twice, named by the reader himself, sent by another write, read before, or no name of its own.
    expect(judged(write('fail', { item: name, attempts: 2 }), lists)).toBe('true');
    expect(judged(write('fail'), read({ item: name, shown: name }, ['shown']))).toBe('true');
    expect(judged(write('fail'), { ...write('ok'), process: 3 }, lists)).toBe('true');
    expect(judged({ ...write('fail'), startedMs: 40, endedMs: 50 }, lists)).toBe('true');
    expect(judged(write('fail', { item: 'apple' }), read({ items: ['apple'] }, ['items']))).toBe('true');
  });
});

it('judges an undisturbed run of any target by the default rules', () => {
  const verdicts = defaultInvariants().map((rule) => rule.check(many('buy', 'ok', 20, 0), evidence()));
  expect(verdicts.map(({ invariant, verdict }) => `${invariant} ${verdict}`)).toEqual([
    'deadline true',
    'availability true',
    'progress true',
    'rest-reached true',
    'growth true',
    'honest-outcomes true',
  ]);
});

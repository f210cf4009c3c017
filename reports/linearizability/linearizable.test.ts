import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { checkLinearizable } from './linearizable.ts';
import type { Call } from './model.ts';
import { registerModel, relevantCalls, type RegisterAction, type RegisterValue } from './register.ts';
import { smallestWitness } from './smallest-witness.ts';

type RegisterCall = Call<RegisterAction>;
const call = (
  kind: 'read' | 'write',
  value: RegisterValue,
  startedMs: number,
  endedMs: number,
): RegisterCall => ({
  action: { kind, value },
  startedMs,
  endedMs,
  source: `${kind} ${value}`,
});
const never = Number.POSITIVE_INFINITY;
const verdict = (...calls: RegisterCall[]) => checkLinearizable(registerModel(), calls).linearizable;

describe('linearizability of a register', () => {
  it.each<[string, boolean, RegisterCall[]]>([
    ['nothing at all', true, []],
    ['a read of what was written', true, [call('write', 'a', 0, 1), call('read', 'a', 2, 3)]],
    [
      'a read of what was overwritten before it began',
      false,
      [call('write', 'a', 0, 1), call('write', 'b', 2, 3), call('read', 'a', 4, 5)],
    ],
    [
      'reads of either value while it is overwritten',
      true,
      [call('write', 'a', 0, 1), call('write', 'b', 2, 9), call('read', 'a', 3, 4), call('read', 'b', 5, 6)],
    ],
    [
      'a read that goes back to the older value',
      false,
      [call('write', 'a', 0, 1), call('write', 'b', 2, 9), call('read', 'b', 3, 4), call('read', 'a', 5, 6)],
    ],
    ['a read of a value nobody wrote', false, [call('write', 'a', 0, 1), call('read', 'x', 2, 3)]],
    [
      'a write of unknown end that took effect late',
      true,
      [call('write', 'a', 0, never), call('read', null, 5, 6), call('read', 'a', 7, 8)],
    ],
    [
      'a write of unknown end that never took effect',
      true,
      [call('write', 'a', 0, never), call('read', null, 5, 6)],
    ],
    [
      'a write of unknown end that took effect before it began',
      false,
      [call('read', 'a', 0, 1), call('write', 'a', 5, never)],
    ],
    [
      'a write of unknown end seen, and then not',
      false,
      [call('write', 'a', 0, never), call('read', 'a', 2, 3), call('read', null, 4, 5)],
    ],
    [
      'an end and a start at the same millisecond',
      true,
      [call('write', 'a', 0, 5), call('read', null, 5, 6)],
    ],
  ])('%s: %s', (_, expected, calls) => {
    expect(verdict(...calls)).toBe(expected);
  });

  it('names the call that can not be placed', () => {
    const stale = call('read', 'a', 4, 5);
    const result = checkLinearizable(registerModel(), [
      call('write', 'a', 0, 1),
      call('write', 'b', 2, 3),
      stale,
    ]);
    expect(result).toMatchObject({ linearizable: false, stuckAt: stale });
  });

  it('gives up as unknown, not as an answer', () => {
    const calls = [
      call('write', 'a', 0, 9),
      call('write', 'b', 0, 9),
      call('write', 'c', 0, 9),
      call('read', 'x', 0, 9),
    ];
    expect(checkLinearizable(registerModel(), calls, { statesMax: 3 }).linearizable).toBe('unknown');
  });

  it('agrees with trying every order, on small histories', () => {
    const calls = fc.array(
      fc.record({
        kind: fc.constantFrom('read' as const, 'write' as const),
        value: fc.constantFrom('a', 'b', null),
        startedMs: fc.nat(12),
        lasts: fc.oneof(fc.nat(6), fc.constant(never)),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(calls, (records) => {
        const history = records
          .filter(({ kind, lasts }) => kind === 'write' || lasts !== never)
          .map(({ kind, value, startedMs, lasts }) => call(kind, value, startedMs, startedMs + lasts));
        const expected = someOrder(history, null);
        expect(verdict(...history)).toBe(expected);
        expect(verdict(...relevantCalls(history))).toBe(expected);
        expect(smallestWitness(history) === null).toBe(expected);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});

describe('the smallest witness', () => {
  it('is null for what is linearizable', () => {
    expect(smallestWitness([call('write', 'a', 0, 1)])).toBeNull();
  });

  it('is three calls for a stale read among thousands', () => {
    const history = simulated('stale', 4000);
    const last = history.at(-1)?.endedMs ?? 0;
    const stale = [
      call('write', 'old', last + 1, last + 2),
      call('write', 'new', last + 3, last + 4),
      call('read', 'old', last + 5, last + 6),
    ];
    const witness = smallestWitness([...history, ...stale, ...simulated('after', 500, last + 10)]);
    expect(witness?.map(({ source }) => source)).toEqual(['write old', 'write new', 'read old']);
  });
});

describe('a long history', () => {
  it('of 10,000 calls by ten clients is decided, right as it is and with one read spoilt', () => {
    const history = simulated('long', 10_000);
    expect(checkLinearizable(registerModel(), relevantCalls(history)).linearizable).toBe(true);
    const spoilt = history.findIndex(({ action }, index) => index > 9000 && action.kind === 'read');
    const calls = history.map((one, index) =>
      index === spoilt ? { ...one, action: { kind: 'read' as const, value: 'w0' } } : one,
    );
    expect(checkLinearizable(registerModel(), relevantCalls(calls)).linearizable).toBe(false);
  });
});

/** Ten clients on a true register: each call takes effect at a moment within its time. Every hundredth write ends unknown. */
function simulated(seed: string, count: number, fromMs = 0): RegisterCall[] {
  const random = seededRandom(seed);
  const planned = Array.from({ length: count }, (_, index) => {
    const startedMs = fromMs + index * 2 + random.next();
    const endedMs = startedMs + 1 + 18 * random.next();
    const kind = random.next() < 0.5 ? ('read' as const) : ('write' as const);
    return {
      index,
      kind,
      startedMs,
      endedMs,
      effectMs: startedMs + (endedMs - startedMs) * random.next(),
      luck: random.next(),
    };
  });
  let value: RegisterValue = null;
  const calls: RegisterCall[] = [];
  for (const { index, kind, startedMs, endedMs, luck } of planned.toSorted(
    (left, right) => left.effectMs - right.effectMs,
  )) {
    if (kind === 'write') value = `${seed === 'long' ? 'w' : seed}${index}`;
    calls.push(call(kind, value, startedMs, kind === 'write' && luck < 0.01 ? never : endedMs));
  }
  return calls.toSorted((left, right) => left.startedMs - right.startedMs);
}

/** Tries every order: right by its simplicity. */
function someOrder(calls: readonly RegisterCall[], state: RegisterValue): boolean {
  const left = calls.filter(({ endedMs }) => endedMs !== never);
  if (left.length === 0) return true;
  return calls.some((next) => {
    const others = calls.filter((other) => other !== next);
    if (others.some(({ endedMs }) => endedMs < next.startedMs)) return false;
    if (next.action.kind === 'read' && next.action.value !== state) return false;
    return someOrder(others, next.action.value);
  });
}

import { describe, expect, it } from 'vitest';
import { evidence, operation } from '../../scenarios/invariants/testing/literal.ts';
import type { Operation } from '../history/operation.ts';
import { singledOut } from './singled-out.ts';
import { machineExcuses } from './starvation.ts';

const limits = { requestDeadlineMs: 1_500, deadlineToleranceMs: 500, recoveryMs: 15_000 };

function lasting(
  f: string,
  [startedMs, tookMs]: readonly [number, number],
  value: Record<string, unknown> = {},
  type: Operation['type'] = 'ok',
): Operation {
  return operation(1, f, type, value, [startedMs, startedMs + tookMs]);
}
const unserved = (f: string, startedMs: number, value: Record<string, unknown> = {}) =>
  lasting(f, [startedMs, 1_500], { status: 503, ...value }, 'info');
/** Twenty operations a second for ten seconds, each of another entity. */
const load = (f: string, tookMs: number | ((startedMs: number) => number)) =>
  Array.from({ length: 200 }, (_, index) => {
    const startedMs = index * 50;
    return lasting(f, [startedMs, typeof tookMs === 'number' ? tookMs : tookMs(startedMs)], { no: index });
  });
const judged = (history: readonly Operation[], one: Operation) =>
  singledOut(history, evidence({ limits }))(one);

describe('an operation that was not served', () => {
  it('was singled out when others were served as fast as ever, all the time', () => {
    const one = unserved('train', 3_000, { no: 7 });
    expect(judged([...load('read', 10), one], one)).toBe(true);
    const hires = [unserved('hire', 3_000), unserved('hire', 3_300), unserved('hire', 3_400)];
    for (const hire of hires) expect(judged([...load('read', 10), ...hires], hire)).toBe(true);
  });

  it('was singled out among those of its kind when the entity is the same', () => {
    const trains = [unserved('train', 3_000, { no: 500 }), unserved('train', 3_300, { no: 500 })];
    for (const train of trains) expect(judged([...load('train', 10), ...trains], train)).toBe(true);
  });

  it('was not when the others were slower by as much as would make it late', () => {
    const one = unserved('train', 3_000);
    const slow = (startedMs: number) => (startedMs >= 3_000 && startedMs < 4_500 ? 400 : 10);
    expect(judged([...load('read', slow), ...load('train', 20), one], one)).toBe(false);
  });

  it('was not when the machine stood still for a part of its time', () => {
    const one = unserved('train', 3_000);
    const stall = (startedMs: number) => (startedMs >= 3_000 && startedMs < 3_900 ? 3_910 - startedMs : 10);
    expect(judged([...load('read', stall), ...load('train', 20), one], one)).toBe(false);
  });

  it('was not when several kinds failed, or too few others were served', () => {
    const [train, read] = [unserved('train', 3_000, { no: 500 }), unserved('read', 3_100, { no: 501 })];
    expect(judged([...load('read', 10), train, read], train)).toBe(false);
    const alone = unserved('train', 20_000);
    expect(judged([...load('read', 10), alone], alone)).toBe(false);
  });

  it('is compared by what its kind usually takes', () => {
    const one = unserved('settle', 3_000);
    const busy = (startedMs: number) => (startedMs >= 3_000 && startedMs < 4_500 ? 60 : 10);
    const settle = (tookMs: number) => Array.from({ length: 9 }, () => lasting('settle', [6_000, tookMs]));
    expect(judged([...load('read', busy), ...settle(50), one], one)).toBe(true);
    expect(judged([...load('read', busy), ...settle(200), one], one)).toBe(false);
  });
});

describe('a machine that was short of processors', () => {
  const waits = [{ fromMs: 0, toMs: 10_000, waitedMs: { k6: 500, 'api-1': 1_000 }, idleMs: {} }];
  const starving = evidence({ limits, processorWaits: waits });

  it('excuses what was not served, unless it was singled out', () => {
    const one = unserved('train', 3_000);
    expect(machineExcuses([one], starving).mayBeUnserved(one)).toBe(true);
    expect(machineExcuses([...load('read', 10), one], starving).mayBeUnserved(one)).toBe(false);
  });
});

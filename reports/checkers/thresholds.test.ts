import { describe, expect, it } from 'vitest';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Threshold } from '../record/report.ts';
import { evidence, fault, operation } from '../../scenarios/invariants/testing/literal.ts';
import { judgeThresholds } from './thresholds.ts';

/** Ten seconds in which the client and a serving process waited so long, each. */
const waits = (clientMs: number, apiMs: number, fromMs = 0): Partial<Evidence> => ({
  processorWaits: [{ fromMs, toMs: fromMs + 10_000, waitedMs: { k6: clientMs, 'api-1': apiMs }, idleMs: {} }],
});

const lasting = (
  startedMs: number,
  durationMs: number,
  type: Operation['type'],
  value: Record<string, unknown> = {},
) => operation(1, 'read-general', type, { no: 1, ...value }, [startedMs, startedMs + durationMs]);
const served = (count: number, startedMs = 0) =>
  Array.from({ length: count }, () => lasting(startedMs, 10, 'ok'));

const crossed = (metric: string, expression: string): Threshold => ({ metric, expression, verdict: 'false' });
const judged = (
  threshold: Threshold,
  history: readonly Operation[],
  overrides: Partial<Evidence>,
  recoveryMs: number | null = null,
) => judgeThresholds([threshold], history, evidence(overrides), recoveryMs)[0];

describe('a share of operations that were not served', () => {
  const share = crossed('redcliff_unavailable', 'rate<=0.1');
  const given = (count: number) => Array.from({ length: count }, () => lasting(0, 5_000, 'info'));
  const refused = (count: number) => Array.from({ length: count }, () => lasting(0, 100, 'fail'));

  it('is unknown when it would have been small enough without those that lacked a processor', () => {
    expect(judged(share, [...served(8), ...given(1), ...refused(1)], waits(1_000, 1_500))).toEqual({
      ...share,
      verdict: 'unknown',
      reason:
        'the machine was starved: 1 of the 2 operations that were not served, of 10, waited for a processor most of their time',
    });
  });

  it('stays violated when too many were refused all the same', () => {
    expect(judged(share, [...served(7), ...given(1), ...refused(2)], waits(1_000, 1_500))).toEqual(share);
  });

  it('stays violated on a machine that had processors enough, and where nobody measured', () => {
    expect(judged(share, [...served(8), ...given(2)], waits(1_000, 1_499))).toEqual(share);
    expect(judged(share, [...served(8), ...given(2)], {})).toEqual(share);
    expect(judged(share, served(10), waits(9_000, 9_000))).toEqual(share);
  });

  it('excuses an operation of two attempts when each may have been given up for lack of time', () => {
    const twice = (durationMs: number) => [...served(8), lasting(0, durationMs, 'info', { attempts: 2 })];
    expect(judged(share, twice(5_000), waits(2_500, 0))?.verdict).toBe('unknown');
    expect(judged(share, twice(4_999), waits(2_500, 0))?.verdict).toBe('false');
  });

  it('stays as it is when it held, however starved the machine was', () => {
    const held: Threshold = { ...share, verdict: 'true' };
    expect(judged(held, [...served(8), ...given(2)], waits(5_000, 5_000))).toEqual(held);
  });
});

describe('a share within a phase', () => {
  const inFault = crossed('redcliff_unavailable{phase:fault}', 'rate<=0.1');
  /** Planned from second 20 to second 30; applied later, which a script does not know. */
  const planned = [{ ...fault('redis-down', [21_000, 31_000]), applyAtMs: 20_000, healAtMs: 30_000 }];
  const starved = (startedMs: number) => lasting(startedMs, 5_000, 'info');
  const inPhase = (history: readonly Operation[], waitedFromMs: number) =>
    judged(inFault, history, { ...waits(3_000, 0, waitedFromMs), faults: planned })?.verdict;

  it('counts the operations of the phase alone, by the plan', () => {
    expect(inPhase([...served(9, 22_000), starved(20_500)], 20_000)).toBe('unknown');
    expect(inPhase([...served(90, 1_000), starved(20_500), lasting(22_000, 10, 'fail')], 20_000)).toBe(
      'false',
    );
    expect(inPhase([...served(9, 22_000), starved(30_001)], 30_000)).toBe('false');
    expect(inPhase([...served(9, 22_000), starved(14_000)], 14_000)).toBe('false');
  });

  it('does not excuse a fault by what the machine did in another phase', () => {
    expect(inPhase([...served(9, 22_000), starved(24_000)], 0)).toBe('false');
  });

  it('takes all for the baseline where nothing was planned', () => {
    const baseline = crossed('redcliff_unavailable{phase:baseline}', 'rate<=0.1');
    expect(judged(baseline, [...served(9), starved(0)], waits(3_000, 0))?.verdict).toBe('unknown');
    const recovery = crossed('redcliff_unavailable{phase:recovery}', 'rate<=0.1');
    expect(judged(recovery, [...served(9), starved(0)], waits(3_000, 0))?.verdict).toBe('false');
  });
});

describe('a percentile of the latency', () => {
  const latency = crossed('redcliff_latency', 'p(90)<=3000');
  const late = { ...lasting(2_000, 2_000, 'ok'), intendedMs: 0 };
  const judge = (operations: readonly Operation[], overrides: Partial<Evidence>) =>
    judged(latency, operations, overrides);

  it('is unknown when enough of the late ones would have been in time, counted from the intended start', () => {
    expect(judge([...served(8), late, late], waits(500, 500))).toEqual({
      ...latency,
      verdict: 'unknown',
      reason:
        'the machine was starved: 2 of the 2 operations that took longer than 3000 ms, of 10, may have been late for want of a processor',
    });
  });

  it('stays violated when they would have been late all the same', () => {
    expect(judge([...served(8), late, late], waits(500, 499))).toEqual(latency);
  });

  it('stays violated when the client and the API had nothing to do, and the answer was still owed', () => {
    const idle = (fromMs: number) => ({
      fromMs,
      toMs: fromMs + 100,
      waitedMs: { k6: 3_000, 'api-1': 3_000 },
      idleMs: { k6: 100, 'api-1': 100 },
    });
    const hung = lasting(0, 9_000, 'ok');
    const processorWaits = Array.from({ length: 90 }, (_, index) => idle(index * 100));
    expect(judge([...served(8), hung, hung], { processorWaits })?.verdict).toBe('false');
    expect(judge([...served(8), hung, hung], { processorWaits: processorWaits.slice(0, 50) })?.verdict).toBe(
      'unknown',
    );
  });
});

describe('the time of recovery', () => {
  const recovery = crossed('recovery', 'time<=10000ms');
  const healed = { faults: [fault('redis-down', [0, 1_000])] };

  it('is unknown when it would have been short enough without the waiting after the heal', () => {
    expect(judged(recovery, [], { ...healed, ...waits(500, 1_500, 5_000) }, 12_000)).toEqual({
      ...recovery,
      verdict: 'unknown',
      reason:
        'the machine was starved: of the 12000 ms after the last heal the client and a serving process waited 2000 ms for a processor',
    });
    expect(judged(recovery, [], { ...healed, ...waits(500, 1_499, 5_000) }, 12_000)).toEqual(recovery);
  });

  it('judges one that was not seen by how long it was waited for', () => {
    // The client's own waiting is no excuse: it is the harness that looks.
    const never = (waitedMs: number) =>
      judged(recovery, [], { ...healed, ...waits(9_000, waitedMs, 5_000) }, null)?.verdict;
    expect(never(4_000)).toBe('unknown');
    expect(never(3_999)).toBe('false');
  });

  it('stays violated when it was not seen before the limit had passed', () => {
    expect(judged(recovery, [], { ...healed, ...waits(0, 5_000, 0) }, null)?.verdict).toBe('false');
  });
});

it('leaves alone what the machine has nothing to do with', () => {
  const exits = crossed('processes', 'unexpected exits==0');
  const own = crossed('http_req_failed', 'rate<=0.1');
  const all = judgeThresholds([exits, own], [lasting(0, 5_000, 'info')], evidence(waits(5_000, 5_000)), null);
  expect(all).toEqual([exits, own]);
});

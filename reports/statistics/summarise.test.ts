import { describe, expect, it } from 'vitest';
import { fault, operation } from '../../scenarios/invariants/testing/literal.ts';
import type { Operation } from '../history/operation.ts';
import { phaseSchema, secondSchema } from '../record/report.ts';
import { decodeHistogram, mergeHistograms, percentileMs } from './histogram.ts';
import { phaseSpans } from './phases.ts';
import { summarise } from './summarise.ts';

const at = (startedMs: number, durationMs: number, type: Operation['type'] = 'ok'): Operation =>
  operation(1, 'read-session', type, {}, [startedMs, startedMs + durationMs]);
const redisDown = fault('redis-down', [3000, 6000]);

describe('the phases of a load', () => {
  it('are the baseline alone when nothing was broken', () => {
    expect(phaseSpans([], 0, 9000)).toEqual([{ name: 'baseline', startMs: 0, endMs: 9000 }]);
  });

  it('run from the first application to the last healing', () => {
    const spans = phaseSpans([redisDown, fault('mongo-down', [4000, 7000])], 0, 9000);
    expect(spans.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
      ['baseline', 0, 3000],
      ['fault', 3000, 7000],
      ['recovery', 7000, 9000],
    ]);
  });

  it('leave a recovery out that lies after the load', () => {
    expect(phaseSpans([fault('redis-down', [3000, 12_000])], 0, 9000).map(({ name }) => name)).toEqual([
      'baseline',
      'fault',
    ]);
  });
});

describe('the summary of a load', () => {
  const history = [
    at(100, 10),
    at(1200, 20),
    // Began before the fault and was caught in it; began in it and ended after it.
    at(2900, 500, 'fail'),
    at(5900, 800, 'info'),
    at(7000, 30),
  ];
  const { phases, seconds } = summarise(history, [redisDown], 0, 9000);

  it('counts an operation that the fault touched to the fault', () => {
    expect(phases.map(({ name, operations }) => [name, operations])).toEqual([
      ['baseline', { ok: 2, fail: 0, info: 0 }],
      ['fault', { ok: 0, fail: 1, info: 1 }],
      ['recovery', { ok: 1, fail: 0, info: 0 }],
    ]);
  });

  it('matches the schema of the report', () => {
    for (const phase of phases) expect(phaseSchema.safeParse(phase).success).toBe(true);
    for (const second of seconds) expect(secondSchema.safeParse(second).success).toBe(true);
  });

  it('measures from the intended start', () => {
    const waiting: Operation = { ...at(1000, 10), intendedMs: 400 };
    expect(summarise([waiting], [], 0, 2000).phases[0]?.latencyMs.max).toBe(610);
  });

  it('counts throughput by what took effect, and errors by kind', () => {
    expect(phases[0]?.throughputPerSecond).toBeCloseTo(2 / 3, 2);
    expect(phases[1]?.throughputPerSecond).toBe(0);
    expect(phases[1]?.errors).toEqual({ 'fail: HTTP 503': 1, 'info: no answer': 1 });
  });

  it('has every second of the load, also the silent ones', () => {
    expect(seconds.map(({ second, ok, fail, info }) => [second, ok + fail + info])).toEqual([
      [0, 1],
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
      [5, 0],
      [6, 1],
      [7, 1],
      [8, 0],
    ]);
    expect(seconds[3]).toMatchObject({ p50Ms: 500, p99Ms: 500, maxMs: 500 });
    expect(seconds[4]).toMatchObject({ p50Ms: null, p99Ms: null, maxMs: null });
  });

  it('keeps a histogram that decodes and merges', () => {
    const texts = phases.map(({ histogram }) => histogram);
    expect(decodeHistogram(texts[0] ?? '').totalCount).toBe(2);
    const merged = mergeHistograms(texts);
    expect(merged.totalCount).toBe(5);
    expect(percentileMs(merged, 100)).toBeCloseTo(800, 0);
  });

  it('does not let error texts flood the report', () => {
    const flood = Array.from({ length: 100 }, (_, index): Operation => ({
      ...at(index, 1, 'fail'),
      error: `e${index}`,
    }));
    const errors = summarise(flood, [], 0, 1000).phases[0]?.errors ?? {};
    expect(Object.keys(errors)).toHaveLength(41);
    expect(errors['other']).toBe(60);
  });
});

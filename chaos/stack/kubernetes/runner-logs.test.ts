import { describe, expect, it } from 'vitest';
import { renderLoadFigures, quantile } from './load-figures.ts';
import { takeInLogs } from './runner-logs.ts';

const line = (process: number, startedMs: number, type = 'ok') =>
  JSON.stringify({
    process,
    f: 'read-session',
    type,
    value: {},
    intendedMs: startedMs - 5,
    startedMs,
    endedMs: startedMs + 5,
  });
const summary = (dropped: number, ok: boolean) =>
  JSON.stringify({
    metrics: {
      dropped_iterations: { values: { count: dropped } },
      redcliff_unavailable: { values: { rate: 0 }, thresholds: { 'rate<=0.01': { ok } } },
    },
  });
const log = (...lines: string[]) => [...lines, ''].join('\n');

describe('takeInLogs', () => {
  it('merges the histories of all runners, ignoring other output', () => {
    const results = takeInLogs([
      { name: 'a', text: log('k6 is starting', line(1, 1_000), line(1, 3_000), summary(2, true)) },
      { name: 'b', text: log(line(2, 2_000, 'info'), summary(3, false)) },
    ]);
    expect(results.operations.map(({ process }) => process)).toEqual([1, 2, 1]);
    expect(results.droppedIterations).toBe(5);
    expect(results.crossed).toEqual(['redcliff_unavailable rate<=0.01 (b)']);
    expect(renderLoadFigures(results).split('\n')).toEqual([
      '3 operations in 2.0 s, 1.5 a second',
      '2 ok, 0 failed, 1 unknown, 5 dropped for want of clients',
      'latency from the intended start: p50 10 ms, p95 10 ms, p99 10 ms, p99.9 10 ms, most 10 ms',
      'thresholds crossed: redcliff_unavailable rate<=0.01 (b)',
    ]);
  });

  it.each([
    ['a log without its end', log(line(1, 1_000)), 'has no summary'],
    ['a line that was cut off', log(line(1, 1_000).slice(0, 20), summary(0, true)), 'a, line 1 is cut off'],
  ])('refuses %s', (_, text, message) => {
    expect(() => takeInLogs([{ name: 'a', text }])).toThrow(message);
  });

  it('refuses the same log given twice', () => {
    const text = log(line(1, 1_000), summary(0, true));
    const twice = ['a', 'b'].map((name) => ({ name, text }));
    expect(() => takeInLogs(twice)).toThrow('contradict');
  });
});

it('a quantile is the smallest value that its share does not exceed', () => {
  const sorted = [1, 2, 3, 4];
  expect([0.25, 0.5, 0.51, 1].map((share) => quantile(sorted, share))).toEqual([1, 2, 3, 4]);
});

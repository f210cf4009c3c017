/** What sinks remember: exactly while they are small, within 0.1 % ever after. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FloatHistogram } from './float-histogram.ts';
import { Metric } from './metric.ts';
import { MetricRegistry } from './registry.ts';
import { GaugeSink, RateSink, TrendSink } from './sinks.ts';

function trendOf(values: readonly number[]): TrendSink {
  const sink = new TrendSink();
  for (const value of values) sink.add(value);
  return sink;
}

describe('a trend', () => {
  test('interpolates linearly at p·(n−1)', () => {
    const sink = trendOf([4, 1, 3, 2]);
    expect(sink.percentile(50)).toBe(2.5);
    expect(sink.percentile(90)).toBeCloseTo(3.7, 12);
    expect(sink.percentile(0)).toBe(1);
    expect(sink.percentile(100)).toBe(4);
  });

  test('gives the percentiles that k6 gave for six recorded samples', () => {
    const sink = trendOf([1.143389, 5.1, 6.1223385, 6.1223385, 30.43, 42.938299]);
    expect(sink.percentile(50)).toBeCloseTo(6.1223385, 9);
    expect(sink.maximum).toBe(42.938299);
  });

  test('is 0 everywhere without samples', () => {
    const sink = new TrendSink();
    expect([sink.average, sink.percentile(95), sink.minimum, sink.maximum]).toEqual([0, 0, 0, 0]);
  });

  test('stays within 0.1 % of the exact percentile when it holds many samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ max: 1e9, min: 1e-6, noNaN: true }), { maxLength: 4000, minLength: 1100 }),
        fc.double({ max: 100, min: 0, noNaN: true }),
        (values, percent) => {
          const sorted = values.toSorted((left, right) => left - right);
          const rank = (percent / 100) * (sorted.length - 1);
          const from = sorted[Math.floor(rank)] ?? 0;
          const exact = from + ((sorted[Math.ceil(rank)] ?? 0) - from) * (rank - Math.floor(rank));
          expect(Math.abs(trendOf(values).percentile(percent) - exact)).toBeLessThanOrEqual(exact * 0.001);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('the histogram takes negative numbers, zero, and the very large and small', () => {
  const histogram = new FloatHistogram();
  const values = [-1e300, -5, -1e-300, 0, 1e-300, 7, 1e300];
  for (const value of values.toReversed()) histogram.record(value);
  for (const [rank, value] of values.entries()) {
    expect(Math.abs(histogram.valueAtRank(rank) - value)).toBeLessThanOrEqual(Math.abs(value) * 0.001);
  }
});

test('a gauge remembers its range from the first sample on, and a rate counts what is not 0', () => {
  const gauge = new GaugeSink();
  for (const value of [5, 7, 6]) gauge.add(value);
  expect([gauge.value, gauge.minimum, gauge.maximum]).toEqual([6, 5, 7]);
  const rate = new RateSink();
  for (const value of [1, 0, 2]) rate.add(value);
  expect([rate.passes, rate.total]).toEqual([2, 3]);
});

test('a sub-metric takes only samples with all of its tags', () => {
  const metric = new Metric('m', 'counter', 'default');
  const submetric = metric.submetric('a:1, "b":\'2\'');
  expect(metric.submetric('b:2,a:1')).toBe(submetric);
  metric.add(1, { a: '1', b: '2', c: '3' });
  metric.add(10, { a: '1' });
  metric.add(100, { a: '1', b: '3' });
  expect(submetric.sink).toMatchObject({ count: 1 });
  expect(metric.sink).toMatchObject({ count: 111 });
});

test('a metric keeps its type, and names are checked', () => {
  const registry = new MetricRegistry();
  expect(registry.define('mine', 'trend', 'time')).toBe(registry.define('mine', 'trend', 'time'));
  expect(() => registry.define('mine', 'counter', 'default')).toThrow(/already exists/);
  expect(() => registry.define('http_reqs', 'trend', 'default')).toThrow(/already exists/);
  for (const bad of ['', 'a', '1st', 'with space', 'dash-ed', 'x'.repeat(130)]) {
    expect(() => registry.define(bad, 'trend', 'time')).toThrow(/invalid metric name/);
  }
});

/** The grammar of thresholds, and what they say at which time. */
import { describe, expect, test } from 'vitest';
import { MetricRegistry } from './registry.ts';
import { compare, parseThreshold } from './threshold-expression.ts';
import { ThresholdSet } from './threshold-set.ts';

describe('the grammar', () => {
  test.each([
    ['avg<200', 'avg', '<', 200],
    ['p(99.9) <= 300.5', 'p', '<=', 300.5],
    ['  count === 0 ', 'count', '===', 0],
    ['rate>0.95', 'rate', '>', 0.95],
    ['med!=-1', 'med', '!=', -1],
  ])('%s', (source, aggregation, operator, limit) => {
    expect(parseThreshold(source)).toMatchObject({ aggregation, limit, operator, source });
  });

  test.each([
    '',
    'avg',
    'avg<',
    'avg<x',
    'p95<1',
    'p(101)<1',
    'p(-1)<1',
    'mean<1',
    'avg=<1',
    'avg<1 && max<2',
    'avg<1;',
  ])('refuses %j', (source) => {
    expect(() => parseThreshold(source)).toThrow(/threshold/);
  });

  test('every operator compares', () => {
    expect(
      (['<', '<=', '==', '===', '!=', '>=', '>'] as const).map((operator) => compare(1, operator, 1)),
    ).toEqual([false, true, true, true, false, true, false]);
  });
});

describe('a set of thresholds', () => {
  test('is bound to metrics and sub-metrics that exist, with aggregations they have', () => {
    const registry = new MetricRegistry();
    expect(() => new ThresholdSet({ nothing: ['count>1'] }, registry)).toThrow(/does not exist/);
    expect(() => new ThresholdSet({ http_reqs: ['p(95)<1'] }, registry)).toThrow(/cannot be used/);
    expect(() => new ThresholdSet({ 'http_reqs{a:b': ['count>1'] }, registry)).toThrow(/end with '}'/);
    expect(() => new ThresholdSet({ 'http_reqs{:b}': ['count>1'] }, registry)).toThrow(/tag selector/);
  });

  test('counts a counter without samples as 0; a trend, rate or gauge without samples is unknown', () => {
    const set = new ThresholdSet(
      {
        checks: ['rate>0.5'],
        http_req_duration: ['p(95)<1'],
        http_reqs: ['count<1'],
        iterations: ['count>0'],
        vus: ['value>0'],
      },
      new MetricRegistry(),
    );
    const { crossed, unknown } = set.evaluate(1000);
    expect(crossed.map(({ target }) => target.name)).toEqual(['iterations']);
    expect(unknown.map(({ target }) => target.name)).toEqual(['checks', 'http_req_duration', 'vus']);
  });

  test('looks at all samples so far, sub-metrics at theirs', () => {
    const registry = new MetricRegistry();
    const set = new ThresholdSet(
      { 'http_req_duration{scenario:a}': ['max<10'], http_req_duration: ['avg<10'] },
      registry,
    );
    registry.builtin.httpReqDuration.add(50, { scenario: 'b' });
    registry.builtin.httpReqDuration.add(5, { scenario: 'a' });
    expect(set.evaluate(1000).crossed.map(({ target }) => target.name)).toEqual(['http_req_duration']);
    registry.builtin.httpReqDuration.add(10, { scenario: 'a' });
    expect(set.evaluate(2000).crossed.map(({ target }) => target.name)).toEqual([
      'http_req_duration{scenario:a}',
      'http_req_duration',
    ]);
  });

  test('a rate of a counter is a second', () => {
    const registry = new MetricRegistry();
    const set = new ThresholdSet({ iterations: ['rate>=5'] }, registry);
    registry.builtin.iterations.add(10, {});
    expect(set.evaluate(2000).crossed).toEqual([]);
    expect(set.evaluate(2001).crossed).toHaveLength(1);
  });

  test('asks for the end of the run only when told to, and not before its delay', () => {
    const registry = new MetricRegistry();
    const set = new ThresholdSet(
      {
        iterations: ['count<1', { abortOnFail: true, delayAbortEval: 5000, threshold: 'count<2' }],
      },
      registry,
    );
    registry.builtin.iterations.add(2, {});
    expect(set.evaluate(4999)).toMatchObject({ aborting: [], crossed: [{}, {}] });
    expect(set.evaluate(5000).aborting.map(({ threshold }) => threshold.expression.source)).toEqual([
      'count<2',
    ]);
  });
});

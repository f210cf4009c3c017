import { expect, it } from 'vitest';
import { metricsBetween, parseMetrics } from './prometheus.ts';

const text = `# HELP opensam_cache_hits_total Reads
# TYPE opensam_cache_hits_total counter
opensam_cache_hits_total{layer="l1"} 90
opensam_cache_hits_total{layer="l2"} 30
opensam_cache_loads_total 0
opensam_turn_seconds_bucket{le="1",outcome="applied"} 4
nodejs_eventloop_lag_p99_seconds 0.0125
opensam_saves_unconfirmed NaN`;

it('reads what it is interested in, by layer, and nothing that is no number', () => {
  expect(parseMetrics(text)).toEqual([
    ['opensam_cache_hits_total_l1', 90],
    ['opensam_cache_hits_total_l2', 30],
    ['opensam_cache_loads_total', 0],
    ['nodejs_eventloop_lag_p99_seconds', 0.0125],
  ]);
});

it('tells the shares of the cache in between', () => {
  const before = {
    opensam_cache_hits_total_l1: 50,
    opensam_cache_hits_total_l2: 20,
    opensam_cache_loads_total: 0,
  };
  expect(metricsBetween(before, Object.fromEntries(parseMetrics(text)))).toEqual({
    eventLoopLagMsP99: 12.5,
    memoryShare: 0.8,
    redisShare: 0.2,
    unconfirmedSaves: null,
  });
  expect(metricsBetween({}, {}).memoryShare).toBeNull();
});

import { expect, it } from 'vitest';
import { parseMetrics, readMetrics } from './prometheus.ts';

const text = `# HELP cache_hits_total Reads
# TYPE cache_hits_total counter
cache_hits_total{layer="l1"} 90
cache_hits_total{layer="l2",note="a } and a space"} 30 1700000000000
cache_loads_total 0
request_seconds_bucket{le="+Inf"} +Inf
event_loop_lag_p99_seconds 1.25e-2
saves_unconfirmed NaN`;

it('reads every finite sample, with its labels', () => {
  expect(parseMetrics(text)).toEqual({
    'cache_hits_total{layer="l1"}': 90,
    'cache_hits_total{layer="l2",note="a } and a space"}': 30,
    cache_loads_total: 0,
    event_loop_lag_p99_seconds: 0.0125,
  });
});

it('has nothing of a process that does not answer', async () => {
  const http = {
    get: (url: string) =>
      Promise.resolve(
        url.startsWith('http://up')
          ? { status: 200, body: 'requests_total 3', headers: {} }
          : { status: 0, body: null, headers: {} },
      ),
    post: () => Promise.reject(new Error('metrics are read')),
  };
  const source = { urls: ['http://up', 'http://down'], path: '/metrics', figures: () => ({}), http };
  expect(await readMetrics(source)).toEqual([{ requests_total: 3 }, {}]);
});

/** One script that touches every kind of metric, and the shapes that k6 2.2.0 gave its summary and samples. */
export const shapeScript = `import http from 'k6/http';
import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const trend = new Trend('my_trend'); const time = new Trend('my_time', true);
const counter = new Counter('my_counter'); const rate = new Rate('my_rate'); const gauge = new Gauge('my_gauge');
export const options = {
  scenarios: { main: { executor: 'per-vu-iterations', vus: 1, iterations: 6, exec: 'main' } },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
  thresholds: {
    http_req_duration: ['p(95)<1000', 'avg<500'],
    'http_req_duration{scenario:main}': ['max<2000'],
    checks: ['rate>0.5'],
  },
};
export function setup() { return { a: 1 }; }
export async function main() {
  const response = await http.asyncRequest('GET', 'http://SERVER/status/200');
  group('grp', () => {
    check(response, { 'status is 200': (r) => r.status === 200, never: () => false });
    trend.add(1.5); time.add(5); counter.add(2); rate.add(true); gauge.add(__ITER);
  });
}
export function handleSummary(data) { return { 'summary.json': JSON.stringify(data) }; }
`;

const trendValues = ['avg', 'count', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'];
const trend = (contains: string, thresholds?: Record<string, unknown>) => ({
  contains,
  type: 'trend',
  values: trendValues,
  ...(thresholds === undefined ? {} : { thresholds }),
});
const counter = (contains: string) => ({ contains, type: 'counter', values: ['count', 'rate'] });

/** Values reduced to the names of their fields; what two runs have in common stands as it is. */
export const recordedSummary = {
  metrics: {
    checks: {
      contains: 'default',
      thresholds: { 'rate>0.5': { ok: false } },
      type: 'rate',
      values: ['fails', 'passes', 'rate'],
    },
    data_received: counter('data'),
    data_sent: counter('data'),
    group_duration: trend('time'),
    http_req_blocked: trend('time'),
    http_req_connecting: trend('time'),
    http_req_duration: trend('time', { 'avg<500': { ok: true }, 'p(95)<1000': { ok: true } }),
    'http_req_duration{expected_response:true}': trend('time'),
    'http_req_duration{scenario:main}': trend('time', { 'max<2000': { ok: true } }),
    http_req_failed: { contains: 'default', type: 'rate', values: ['fails', 'passes', 'rate'] },
    http_req_receiving: trend('time'),
    http_req_sending: trend('time'),
    http_req_tls_handshaking: trend('time'),
    http_req_waiting: trend('time'),
    http_reqs: counter('default'),
    iteration_duration: trend('time'),
    iterations: counter('default'),
    my_counter: counter('default'),
    my_gauge: { contains: 'default', type: 'gauge', values: ['max', 'min', 'value'] },
    my_rate: { contains: 'default', type: 'rate', values: ['fails', 'passes', 'rate'] },
    my_time: trend('time'),
    my_trend: trend('default'),
  },
  options: {
    noColor: true,
    summaryTimeUnit: '',
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
  },
  root_group: {
    checks: [],
    groups: [
      {
        checks: [
          {
            fails: 0,
            id: 'ae4ca33566f23384794322c44cd5c51a',
            name: 'status is 200',
            passes: 6,
            path: '::grp::status is 200',
          },
          {
            fails: 6,
            id: 'c815f926cfb569c90303c6ef47028fcc',
            name: 'never',
            passes: 0,
            path: '::grp::never',
          },
        ],
        groups: [],
        id: '844ddd4da11b9839551ce31a0d2ed622',
        name: 'grp',
        path: '::grp',
      },
    ],
    id: 'd41d8cd98f00b204e9800998ecf8427e',
    name: '',
    path: '',
  },
  setup_data: { a: 1 },
  state: ['isStdErrTTY', 'isStdOutTTY', 'testRunDurationMs'],
};

const requestTags = ['expected_response', 'group', 'method', 'name', 'proto', 'scenario', 'status', 'url'];
const plainTags = ['group', 'scenario'];
const noThresholds: readonly string[] = [];

/** Of each metric the line that describes it, and the tags of its samples. */
export const recordedLines: Readonly<
  Record<string, { type: string; contains: string; thresholds: readonly string[]; tags: readonly string[] }>
> = {
  checks: { contains: 'default', tags: ['check', ...plainTags], thresholds: ['rate>0.5'], type: 'rate' },
  group_duration: { contains: 'time', tags: plainTags, thresholds: noThresholds, type: 'trend' },
  http_req_blocked: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_req_connecting: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_req_duration: {
    contains: 'time',
    tags: requestTags,
    thresholds: ['p(95)<1000', 'avg<500'],
    type: 'trend',
  },
  http_req_failed: { contains: 'default', tags: requestTags, thresholds: noThresholds, type: 'rate' },
  http_req_receiving: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_req_sending: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_req_tls_handshaking: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_req_waiting: { contains: 'time', tags: requestTags, thresholds: noThresholds, type: 'trend' },
  http_reqs: { contains: 'default', tags: requestTags, thresholds: noThresholds, type: 'counter' },
  iteration_duration: { contains: 'time', tags: plainTags, thresholds: noThresholds, type: 'trend' },
  iterations: { contains: 'default', tags: plainTags, thresholds: noThresholds, type: 'counter' },
  my_counter: { contains: 'default', tags: plainTags, thresholds: noThresholds, type: 'counter' },
  my_gauge: { contains: 'default', tags: plainTags, thresholds: noThresholds, type: 'gauge' },
  my_rate: { contains: 'default', tags: plainTags, thresholds: noThresholds, type: 'rate' },
  my_trend: { contains: 'default', tags: plainTags, thresholds: noThresholds, type: 'trend' },
};

/** Which end has which exit code. */
import type { CompatCase } from './case.ts';

const nothing = 'export default function () {}';
const options = (text: string, rest = nothing): string => `export const options = ${text};\n${rest}`;

export const exitCodeCases: readonly CompatCase[] = [
  { exitCode: 0, name: 'a trivial script', script: nothing },
  {
    exitCode: 0,
    name: 'checks that fail without a threshold',
    script: `import { check } from 'k6'; export default function () { check(1, { never: () => false }); }`,
  },
  {
    console: ['0 1212'],
    exitCode: 0,
    name: 'a refused request',
    script: `import http from 'k6/http';
export default async function () { const r = await http.asyncRequest('GET', 'http://REFUSED/'); console.log(r.status + ' ' + r.error_code); }`,
  },
  {
    exitCode: 0,
    logs: ['boom'],
    name: 'an iteration that throws',
    script: `export default function () { throw new Error('boom'); }`,
  },
  {
    exitCode: 0,
    logs: ['late boom'],
    name: 'an iteration that rejects',
    script: `export default async function () { await Promise.resolve(); throw new Error('late boom'); }`,
  },
  {
    exitCode: 0,
    logs: ['Uncaught (in promise)'],
    name: 'an unhandled rejection',
    script: `export default function () { Promise.reject(new Error('nobody cares')); }`,
  },
  {
    exitCode: 0,
    logs: ['gave up'],
    name: 'fail()',
    script: `import { fail } from 'k6'; export default function () { fail('gave up'); }`,
  },
  {
    exitCode: 0,
    name: 'handleSummary that throws',
    script: `${nothing} export function handleSummary() { throw new Error('no summary'); }`,
  },
  { exitCode: 0, name: 'an unknown top-level option is a warning', script: options('{ nosuchoption: 1 }') },
  {
    exitCode: 99,
    name: 'a threshold crossed',
    script: options(`{ thresholds: { iterations: ['count>5'] } }`),
  },
  {
    exitCode: 99,
    name: 'a threshold crossed with abortOnFail ends the run early',
    script: `import { Counter } from 'k6/metrics';
const hits = new Counter('hits');
export const options = { vus: 1, duration: '60s', thresholds: { hits: [{ threshold: 'count<1', abortOnFail: true }] } };
export default async function () { hits.add(1); await new Promise((r) => setTimeout(r, 50)); }`,
  },
  {
    exitCode: 0,
    flags: ['--no-thresholds'],
    name: 'no thresholds asked for',
    script: options(`{ thresholds: { iterations: ['count>5'] } }`),
  },
  {
    builtin: { exitCode: 99, why: 'a trend without samples is unknown, and unknown is not held' },
    exitCode: 0,
    name: 'a threshold on a trend without samples',
    script: options(`{ thresholds: { http_req_duration: ['p(95)<100'] } }`),
  },
  {
    builtin: { exitCode: 99, why: 'a rate without samples is unknown, and unknown is not held' },
    exitCode: 0,
    name: 'a threshold on a rate without samples',
    script: options(`{ thresholds: { checks: ['rate>0.9'] } }`),
  },
  {
    environment: { REDCLIFF_ALLOW_EMPTY_THRESHOLDS: '1' },
    exitCode: 0,
    name: 'a threshold on a trend without samples that was allowed',
    script: options(`{ thresholds: { http_req_duration: ['p(95)<100'] } }`),
  },
  {
    exitCode: 0,
    name: 'a threshold on a counter without samples counts 0',
    script: options(`{ thresholds: { http_reqs: ['count<1'] } }`),
  },
  {
    exitCode: 100,
    name: 'setup that takes too long',
    script: `export const options = { setupTimeout: '1s' };
export async function setup() { await new Promise((r) => setTimeout(r, 30000)); } ${nothing}`,
  },
  {
    exitCode: 101,
    name: 'teardown that takes too long',
    script: `export const options = { teardownTimeout: '1s' };
export async function teardown() { await new Promise((r) => setTimeout(r, 30000)); } ${nothing}`,
  },
  { exitCode: 104, name: 'vus 0', script: options('{ vus: 0, duration: "1s" }') },
  { exitCode: 104, name: 'an option of the wrong type', script: options('{ vus: "many" }') },
  {
    exitCode: 104,
    name: 'an unknown executor',
    script: options(`{ scenarios: { a: { executor: 'no-such-executor' } } }`),
  },
  {
    exitCode: 104,
    name: 'an unknown field of a scenario',
    script: options(`{ scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', vsu: 2 } } }`),
  },
  {
    exitCode: 104,
    name: 'exec that is not exported',
    script: options(`{ scenarios: { a: { executor: 'per-vu-iterations', exec: 'missing' } } }`),
  },
  {
    exitCode: 104,
    name: 'a malformed threshold',
    script: options(`{ thresholds: { iterations: ['count is high'] } }`),
  },
  {
    exitCode: 104,
    name: 'a threshold on an unknown metric',
    script: options(`{ thresholds: { no_such_metric: ['count>1'] } }`),
  },
  {
    exitCode: 104,
    name: 'a percentile above 100',
    script: options(`{ thresholds: { iteration_duration: ['p(101)<1'] } }`),
  },
  {
    exitCode: 104,
    name: 'fewer iterations than VUs',
    script: options('{ vus: 5, iterations: 2 }'),
  },
  {
    exitCode: 104,
    name: 'a constant duration below a second',
    script: options(`{ scenarios: { a: { executor: 'constant-vus', duration: '500ms' } } }`),
  },
  {
    exitCode: 104,
    name: 'a scenario name with a blank',
    script: options(`{ scenarios: { 'a b': { executor: 'per-vu-iterations' } } }`),
  },
  {
    exitCode: 104,
    name: 'an arrival rate without preAllocatedVUs',
    script: options(`{ scenarios: { a: { executor: 'constant-arrival-rate', rate: 1, duration: '1s' } } }`),
  },
  {
    exitCode: 105,
    name: 'SIGINT interrupts iterations and still runs teardown',
    console: ['ready', 'teardown'],
    script: `export const options = { vus: 1, duration: '60s', gracefulStop: '20s' };
export default async function () { console.log('ready'); await new Promise((r) => setTimeout(r, 50000)); console.log('not reached'); }
export function teardown() { console.log('teardown'); }`,
    signals: ['SIGINT'],
  },
  {
    exitCode: 105,
    name: 'SIGTERM',
    script: `export const options = { vus: 1, duration: '60s' };
export default async function () { console.log('ready'); await new Promise((r) => setTimeout(r, 50000)); }`,
    signals: ['SIGTERM'],
  },
  {
    console: ['ready'],
    exitCode: 105,
    name: 'SIGINT to a script that never lets go of its thread',
    script: `export default function () { console.log('ready'); while (true) {} }`,
    signals: ['SIGINT'],
  },
  { exitCode: 107, name: 'an exception in the init code', script: `throw new Error('init');\n${nothing}` },
  { exitCode: 107, name: 'a syntax error', script: 'export default function ( {' },
  {
    exitCode: 107,
    name: 'an import that is not there',
    script: `import { a } from './missing.ts';\nexport default function () { a(); }`,
  },
  {
    exitCode: 107,
    name: 'a bare import',
    script: `import _ from 'lodash';\nexport default function () { _.now(); }`,
  },
  {
    exitCode: 107,
    name: 'an invalid metric name',
    script: `import { Counter } from 'k6/metrics'; new Counter('not valid');\n${nothing}`,
  },
  {
    exitCode: 107,
    name: 'a metric name of one character',
    script: `import { Counter } from 'k6/metrics'; new Counter('a');\n${nothing}`,
  },
  {
    exitCode: 107,
    name: 'setup that throws',
    script: `export function setup() { throw new Error('no'); } ${nothing}`,
  },
  {
    exitCode: 107,
    name: 'teardown that throws',
    script: `export function teardown() { throw new Error('no'); } ${nothing}`,
  },
  {
    console: ['before'],
    exitCode: 108,
    name: 'exec.test.abort()',
    script: `import exec from 'k6/execution';
export const options = { vus: 1, iterations: 3 };
export default function () { console.log('before'); exec.test.abort('enough'); console.log('after'); }`,
  },
  {
    console: ['1', '1'],
    exitCode: 110,
    name: 'exec.test.fail() lets the run go on',
    script: `import exec from 'k6/execution';
export const options = { vus: 1, iterations: 2 };
export default function () { exec.test.fail(); console.log(1); }`,
  },
  { exitCode: 255, flags: ['no-such-script.ts'], name: 'a second script', script: nothing },
  { exitCode: 255, name: 'no exported function', script: 'export const options = {};' },
  { exitCode: 255, flags: ['--no-such-flag'], name: 'an unknown flag', script: nothing },
  { exitCode: 255, flags: ['--vus', 'many'], name: 'a flag whose value cannot be read', script: nothing },
  { exitCode: 255, flags: ['--out', 'nowhere'], name: 'an unknown output', script: nothing },
  { exitCode: 255, flags: ['--summary-mode', 'legacy'], name: 'an unknown summary mode', script: nothing },
];

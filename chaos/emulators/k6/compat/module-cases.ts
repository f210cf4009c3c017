/** What the other modules of k6 give. */
import type { CompatCase } from './case.ts';

export const moduleCases: readonly CompatCase[] = [
  {
    console: ['900150983cd24fb0d6963f7d28e17f72', 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=', '32', '16 true', '4'],
    exitCode: 0,
    name: 'k6/crypto: hashes, HMAC and random bytes',
    script: `import crypto, { createHash, md5, sha256 } from 'k6/crypto';
export default function () {
  console.log(md5('abc', 'hex'));
  console.log(crypto.sha1('abc', 'base64'));
  console.log(sha256('abc', 'binary').byteLength);
  const hasher = createHash('sha1'); hasher.update('a'); hasher.update('bc');
  console.log(crypto.randomBytes(16).byteLength, hasher.digest('hex') === crypto.sha1('abc', 'hex'));
  console.log(crypto.hmac('sha256', 'key', 'abc', 'hex').slice(0, 4).length);
}`,
  },
  {
    console: ['aMOpbGxvPz8-', 'aMOpbGxvPz8+', 'YQ', 'YQ==', 'héllo??>', '1'],
    exitCode: 0,
    name: 'k6/encoding: base64 in its variants',
    script: `import encoding, { b64decode, b64encode } from 'k6/encoding';
export default function () {
  console.log(b64encode('héllo??>', 'rawurl')); console.log(b64encode('héllo??>'));
  console.log(b64encode('a', 'rawstd')); console.log(b64encode('a', 'url'));
  console.log(encoding.b64decode('aMOpbGxvPz8+', 'std', 's')); console.log(b64decode('YQ==').byteLength);
}`,
  },
  {
    console: ['3 {"id":2} 2,4,6 1|2|3'],
    exitCode: 0,
    name: 'k6/data: a SharedArray is built once and read like an array',
    script: `import { SharedArray } from 'k6/data';
const data = new SharedArray('numbers', () => [{ id: 1 }, { id: 2 }, { id: 3 }]);
export default function () {
  const seen = []; for (const one of data) seen.push(one.id);
  console.log([data.length, JSON.stringify(data[1]), data.map((one) => one.id * 2), seen.join('|')].join(' '));
}`,
  },
  {
    console: ['TypeError'],
    exitCode: 0,
    name: 'k6/data: a SharedArray cannot be written to',
    script: `import { SharedArray } from 'k6/data';
const data = new SharedArray('numbers', () => [1]);
export default function () { 'use strict'; try { data[0] = 2; console.log('written'); } catch (error) { console.log(error.name); } }`,
  },
  {
    console: ['cleared', 'interval 1', 'interval 2'],
    exitCode: 0,
    name: 'k6/timers: timeouts and intervals, cleared and not',
    script: `import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers';
export default async function () {
  clearTimeout(setTimeout(() => console.log('must not fire'), 10)); console.log('cleared');
  await new Promise((resolve) => { let n = 0; const i = setInterval(() => { n += 1; console.log('interval ' + n); if (n === 2) { clearInterval(i); resolve(); } }, 20); });
}`,
  },
  {
    console: [0, 1, 2, 3, 4, 5].map((index) => `main constant-arrival-rate ${index} not early`),
    exitCode: 0,
    name: 'k6/execution: intended starts can be computed from startTime and iterationInTest',
    script: `import exec from 'k6/execution';
export const options = { scenarios: { main: { executor: 'constant-arrival-rate', rate: 5, duration: '1s', preAllocatedVUs: 6, exec: 'main' } } };
export function main() {
  const { executor, iterationInTest, name, startTime } = exec.scenario;
  const lateMs = Date.now() - (startTime + iterationInTest * 200);
  console.log([name, executor, iterationInTest, lateMs > -3 ? 'not early' : lateMs].join(' '));
}`,
  },
  {
    console: ['x', '{"count":1}'],
    exitCode: 0,
    name: 'k6/execution: tags of a VU go with its later samples, also into sub-metrics',
    script: `import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const hits = new Counter('hits');
export const options = { thresholds: { 'hits{who:x}': ['count==1'] } };
export default function () { hits.add(5); exec.vu.metrics.tags.who = 'x'; console.log(exec.vu.metrics.tags.who); hits.add(1); }
export function handleSummary(data) { console.log(JSON.stringify({ count: data.metrics['hits{who:x}'].values.count })); return {}; }`,
  },
  {
    console: ['waited for the top level 1'],
    exitCode: 0,
    name: 'top-level await',
    script: `import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const text = await Promise.resolve('waited for the top level');
const late = new Counter('made_after_await');
export default function () { late.add(1); console.log(text, exec.vu.idInTest); }`,
  },
  {
    console: ['body of a file'],
    exitCode: 0,
    files: { 'data.txt': 'body of a file' },
    name: 'open() reads files beside the script in the init code',
    script: `const text = open('./data.txt');\nexport default function () { console.log(text); }`,
  },
  {
    exitCode: 0,
    logs: ['init'],
    name: 'open() is refused once the script runs',
    script: `export default function () { open('./script.ts'); }`,
  },
];

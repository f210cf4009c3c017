/** What `k6/http` sends and gives back. */
import type { CompatCase } from './case.ts';

const script = (body: string): string =>
  `import http from 'k6/http';\nimport { check } from 'k6';\nexport default async function () {\n${body}\n}`;

export const httpCases: readonly CompatCase[] = [
  {
    console: ['200 hello HTTP/1.1', '201 undefined', '404 1404', '500 1500'],
    exitCode: 0,
    name: 'statuses and their error codes',
    script: script(`for (const status of [200, 201, 404, 500]) {
  const r = await http.asyncRequest('GET', 'http://SERVER/status/' + status);
  console.log(r.status === 200 ? [r.status, r.body, r.proto].join(' ') : r.status + ' ' + (r.error_code || undefined));
}`),
  },
  {
    console: [
      'POST {"a":1} application/json 7',
      'PUT x=1&y=%26 application/x-www-form-urlencoded 9',
      'DELETE  undefined undefined',
    ],
    exitCode: 0,
    name: 'methods, bodies and headers',
    script:
      script(`const show = (r) => { const e = r.json(); console.log([e.method, e.body, e.headers['content-type'], e.headers['content-length']].map(String).join(' ')); };
show(await http.asyncRequest('POST', 'http://SERVER/echo', JSON.stringify({ a: 1 }), { headers: { 'Content-Type': 'application/json' } }));
show(await http.asyncRequest('PUT', 'http://SERVER/echo', { x: '1', y: '&' }));
show(await http.asyncRequest('DELETE', 'http://SERVER/echo'));`),
  },
  {
    console: ['0 1050'],
    exitCode: 0,
    name: 'a timeout has status 0 and code 1050',
    script:
      script(`const r = await http.asyncRequest('GET', 'http://SERVER/slow/5000', null, { timeout: '200ms' });
console.log(r.status, r.error_code);`),
  },
  {
    console: ['200 true', '302 true'],
    exitCode: 0,
    name: 'redirects are followed unless told not to',
    script: script(`const a = await http.asyncRequest('GET', 'http://SERVER/redirect');
console.log(a.status, a.url.endsWith('/status/200'));
const b = await http.asyncRequest('GET', 'http://SERVER/redirect', null, { redirects: 0 });
console.log(b.status, b.headers['Location'] === '/status/200');`),
  },
  {
    console: ['seen=1', 'own=2; seen=1', ''],
    exitCode: 0,
    name: 'cookies are kept within an iteration and cleared after it',
    script: `import http from 'k6/http';
export const options = { vus: 1, iterations: 2 };
const cookies = async (params) => console.log((await http.asyncRequest('GET', 'http://SERVER/echo', null, params)).json('headers.cookie') ?? '');
export default async function () {
  if (__ITER === 1) { await cookies(); return; }
  await http.asyncRequest('GET', 'http://SERVER/set-cookie');
  await cookies();
  await cookies({ cookies: { own: '2' } });
}`,
  },
  {
    console: ['true 3', '0.5'],
    exitCode: 0,
    name: 'expected statuses decide what failed',
    script: `import http from 'k6/http';
export const options = { vus: 1, iterations: 1 };
http.setResponseCallback(http.expectedStatuses(404, { min: 500, max: 599 }));
export default async function () {
  for (const s of [404, 503, 200]) await http.asyncRequest('GET', 'http://SERVER/status/' + s);
  await http.asyncRequest('GET', 'http://SERVER/status/200', null, { responseCallback: http.expectedStatuses(404) });
}
export function handleSummary(data) {
  const { values } = data.metrics.http_req_failed;
  console.log(values.passes === 2, values.passes + 1); console.log(values.rate);
  return {};
}`,
  },
  {
    console: ['chunked body', 'packed body', 'null 200', '11'],
    exitCode: 0,
    name: 'chunked, compressed, discarded and binary bodies',
    script: script(`console.log((await http.asyncRequest('GET', 'http://SERVER/chunked')).body);
console.log((await http.asyncRequest('GET', 'http://SERVER/gzip')).body);
const none = await http.asyncRequest('GET', 'http://SERVER/gzip', null, { responseType: 'none' });
console.log(none.body, none.status);
console.log((await http.asyncRequest('GET', 'http://SERVER/gzip', null, { responseType: 'binary' })).body.byteLength);`),
  },
  {
    console: ['200 200 200'],
    exitCode: 0,
    name: 'requests side by side',
    script: script(`const meet = 'http://SERVER/meet/3/' + Math.random();
const all = await Promise.all([1, 2, 3].map(() => http.asyncRequest('GET', meet)));
console.log(all.map((r) => r.status).join(' '));`),
  },
];

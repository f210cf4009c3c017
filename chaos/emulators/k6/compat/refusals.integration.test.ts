/** What the built-in runtime refuses, it refuses by name and with what to write instead. */
import { expect, test } from 'vitest';
import { runCase, subjects } from './subject.ts';

const [builtin] = subjects(process.env);

test.each([
  ['sleep(1)', `import { sleep } from 'k6'; export default function () { sleep(1); }`, 'await new Promise('],
  [
    'http.get',
    `import http from 'k6/http'; export default function () { http.get('http://REFUSED/'); }`,
    "await http.asyncRequest('GET'",
  ],
  [
    'http.batch',
    `import http from 'k6/http'; export default function () { http.batch([]); }`,
    'await Promise.all(',
  ],
  [
    'module',
    `import ws from 'k6/ws'; export default function () { ws.connect(); }`,
    "'k6/ws' is not supported",
  ],
])('%s', async (_what, script, words) => {
  if (builtin === undefined) throw new Error('there is no built-in runtime');
  const { log } = await runCase(builtin.subject, { script }, '127.0.0.1:1');
  expect(log).toContain('not supported by the built-in runtime');
  expect(log).toContain(words);
});

test('two runs with one seed draw the same numbers in every VU, another seed others', async () => {
  if (builtin === undefined) throw new Error('there is no built-in runtime');
  const script = `import { randomBytes } from 'k6/crypto';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
export default function () { console.log([__VU, __ITER, Math.random(), new Uint8Array(randomBytes(4)).join('-')].join(' ')); }`;
  const draw = async (seed: string) =>
    (await runCase(builtin.subject, { flags: ['--seed', seed], script }, '127.0.0.1:1')).console.toSorted();
  const [first, again, other] = [await draw('1'), await draw('1'), await draw('2')];
  expect(first).toHaveLength(6);
  expect(new Set(first.map((line) => line.split(' ')[2])).size).toBe(6);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

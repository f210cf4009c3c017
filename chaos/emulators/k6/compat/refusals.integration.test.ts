/** What the built-in runtime refuses, it refuses by name and with what to write instead. */
import { expect, test } from 'vitest';
import { runCase, subjects } from './subject.ts';
import type { Subject } from './subject.ts';

const [builtin] = subjects(process.env);

function builtIn(): Subject {
  if (builtin === undefined) throw new Error('there is no built-in runtime');
  return builtin.subject;
}

test.each([
  ['k6/crypto/x509', `import x509 from 'k6/crypto/x509'; export default function () { x509.parse(''); }`],
  [
    'k6/experimental/redis',
    `import redis from 'k6/experimental/redis'; export default function () { redis; }`,
  ],
  ['k6/experimental/tracing', `import t from 'k6/experimental/tracing'; export default function () { t; }`],
  ['k6/experimental/grpc', `import g from 'k6/experimental/grpc'; export default function () { g; }`],
  ['k6/experimental/browser', `import b from 'k6/experimental/browser'; export default function () { b; }`],
  ['k6/browser', `import { browser } from 'k6/browser'; export default function () { browser.newPage(); }`],
  ['k6/x/sql', `import sql from 'k6/x/sql'; export default function () { sql.open(); }`],
])('an import of %s ends the run before anything of it starts', async (name, script) => {
  const { console, exitCode, log } = await runCase(builtIn(), { script }, '127.0.0.1:1');
  expect({ console, exitCode }).toEqual({ console: [], exitCode: 107 });
  expect(log).toContain(name);
  expect(log).toContain('not supported by the built-in runtime');
});

test.each([
  ['where it is thrown', ''],
  ['where the script catches it', 'catch'],
])('what is refused within an iteration ends the run at once %s', async (_where, how) => {
  const refused = `http.get('http://127.0.0.1:1/', { auth: 'ntlm' })`;
  const body = how === '' ? refused : `try { ${refused}; } catch (error) { console.log('caught'); }`;
  const script = `import http from 'k6/http';
export const options = { vus: 2, iterations: 1000 };
export default function () { console.log('began'); ${body} }`;
  const { console, exitCode } = await runCase(builtIn(), { script }, '127.0.0.1:1');
  expect(exitCode).toBe(107);
  expect(console.filter((line) => line === 'began').length).toBeLessThanOrEqual(2);
});

test('two runs with one seed draw the same numbers in every VU, another seed others', async () => {
  const script = `import { randomBytes } from 'k6/crypto';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
export default function () { console.log([__VU, __ITER, Math.random(), new Uint8Array(randomBytes(4)).join('-')].join(' ')); }`;
  const draw = async (seed: string) =>
    (await runCase(builtIn(), { flags: ['--seed', seed], script }, '127.0.0.1:1')).console.toSorted();
  const [first, again, other] = [await draw('1'), await draw('1'), await draw('2')];
  expect(first).toHaveLength(6);
  expect(new Set(first.map((line) => line.split(' ')[2])).size).toBe(6);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

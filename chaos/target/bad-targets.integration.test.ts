import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';

const script = `import { arrival, openSchedule, perform, readSettings, summaryFiles, thresholds, waitForStart } from 'redcliff/k6';
const settings = readSettings();
export const options = { scenarios: { clients: openSchedule(settings, 'clients') }, thresholds: thresholds(settings) };
export const setup = () => waitForStart(settings);
export const handleSummary = (data) => summaryFiles(settings, data);
export async function clients() {
  await perform(settings, arrival(settings), { f: 'get', kind: 'read', method: 'GET', path: '/', subject: {} });
}
`;
/** A service that answers everything. */
const serve = `require('node:http').createServer((_, answer) => answer.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');\n`;

interface Case {
  readonly server: string;
  /** Fields of the process. */
  readonly role?: string;
  readonly env?: string;
  readonly invariants?: string;
  readonly name?: string;
}

/** Runs one undisturbed cell of such a target; nothing may be left of it. */
async function runTarget({
  server,
  role = '',
  env = '() => ({})',
  invariants = '',
  name = 'server.cjs',
}: Case) {
  await using folder = await scratchFolder();
  await writeFile(join(folder.path, name), server);
  await writeFile(join(folder.path, 'first.k6.ts'), script);
  await writeFile(
    join(folder.path, 'redcliff.config.ts'),
    `import { defineScenario, defineTarget, invariant } from 'redcliff';
export default defineTarget({
  name: 'bad',
  processes: { api: { command: ['node', ${JSON.stringify(name)}], port: 'PORT', readyWithinMs: 3_000, stopWithinMs: 500, ${role} } },
  env: ${env},
  scenarios: [defineScenario({ script: 'first.k6.ts', rate: 10, duration: '1s', invariants: [${invariants}] })],
});
`,
  );
  const config = join(folder.path, 'redcliff.config.ts');
  const out = ['--out', join(folder.path, 'runs')];
  await using command = startCommand(['run', '--config', config, '--stack', 'local', '--seed', '1', ...out]);
  const { status, output } = await command.finished;
  expect(await command.left()).toEqual([]);
  expect(output).not.toMatch(/^\s+at .*redcliff/m);
  return { status, output };
}

it.for<[string, Case, readonly string[]]>([
  [
    'goes past the proxies, naming the variable that it ignores',
    { server: serve, env: '({ redis }) => ({ REDIS_URL: redis.url })' },
    ['connected to redis', 'REDIS_URL'],
  ],
  [
    'never gets ready, naming the address that it was given',
    { server: 'setInterval(() => {}, 1_000);\n' },
    ['api-1 did not become ready', 'not within 3000 ms', 'nothing listens at 127.0.0.1:', 'by PORT'],
  ],
  [
    'dies at its start, with what it said',
    { server: `console.error('no licence');\nprocess.exit(3);\n` },
    ['ended with status 3', '| no licence'],
  ],
  [
    'goes into the background',
    {
      server: `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { detached: true, stdio: 'ignore' }).unref();\n`,
    },
    ['ended with status 0', 'has to stay in the foreground'],
  ],
  [
    'has a command of one text',
    { server: serve, role: "command: ['node server.cjs']," },
    ['node server.cjs', 'a text of its own'],
  ],
  [
    'is ready by a command that fails',
    { server: serve, role: "ready: { command: ['node', '-e', 'process.exit(1)'] }," },
    ['node -e process.exit(1) did not end with status 0'],
  ],
  [
    'has an invariant that throws, by its name',
    {
      server: serve,
      invariants: "invariant({ name: 'broken', check: () => { throw new TypeError('no such field'); } })",
    },
    ['invariant "broken"', 'no such field'],
  ],
])('refuses a target that %s', { timeout: 120_000 }, async ([, target, words], context) => {
  const { status, output } = await runTarget(target);
  // That it was not ready in time says nothing of a target without a processor.
  if (output.includes('too busy to decide')) context.skip('the machine is too busy');
  for (const word of words) expect(output).toContain(word);
  expect(status).toBeOneOf([2, 64, 69, 70]);
});

it('names what listens already where a target wants to', { timeout: 120_000 }, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const { status, output } = await runTarget({
      server: serve.replace('Number(process.env.PORT)', String(port)),
    });
    expect(output).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
    expect(status).toBe(70);
  } finally {
    taken.close();
  }
});

it.each<[string, Case]>([
  ['has no stores at all', { server: serve }],
  ['has a space in the name of its program', { server: serve, name: 'my server.cjs' }],
  ['ignores SIGTERM', { server: `process.on('SIGTERM', () => {});\n${serve}` }],
  [
    'prints a hundred megabytes',
    {
      server: `const line = 'x'.repeat(1_000_000);\nfor (let i = 0; i < 100; i += 1) console.log(line);\nconsole.log('ready');\n${serve}`,
      role: 'ready: { log: /ready/ }, readyWithinMs: 60_000,',
    },
  ],
  [
    'ends by itself and is started again',
    {
      server: `${serve}const { writeFileSync, existsSync } = require('node:fs');\nif (!existsSync('once')) { writeFileSync('once', ''); setTimeout(() => process.exit(1), 1_500); }\n`,
      role: 'restartAfterMs: 0,',
    },
  ],
])('runs a target that %s', { timeout: 180_000 }, async (_, target) => {
  const { status, output } = await runTarget(target);
  expect({ judged: status === 0 || status === 1 || status === 2, output }).toMatchObject({ judged: true });
  expect(output).toContain('rest-reached');
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readHistory } from '../../../reports/history/read-history.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const redcliff = path.join(root, 'chaos/cli/main.ts');
const k6 = path.join(root, 'chaos/emulators/k6/main.ts');
const runnerSchema = z.object({
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  volumes: z.tuple([
    z.object({ configMap: z.object({ items: z.array(z.object({ key: z.string(), path: z.string() })) }) }),
  ]),
});
const manifestSchema = z.object({
  items: z.tuple([
    z.object({ kind: z.literal('ConfigMap'), data: z.record(z.string(), z.string()) }),
    z.object({
      kind: z.literal('TestRun'),
      spec: z.object({
        parallelism: z.number(),
        script: z.object({ localFile: z.string() }),
        arguments: z.string(),
        runner: runnerSchema,
      }),
    }),
  ]),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'redcliff-kubernetes-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('carries a scenario that runs where only the manifest is, and takes in what its runners print', async () => {
  // As much of an API as there has to be: reads are answered, changes refused.
  const server = createServer(({ method, url = '' }, response) => {
    const one = { version: 1, turn: 1, last_turn: 1, turns_lived: 1 };
    const error = { code: 'refused', message: 'refused', definite: true };
    response.writeHead(method === 'GET' ? 200 : 409, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(method === 'GET' ? { data: url.endsWith('/generals') ? [one] : one } : { error }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const load = ['--rate', '20', '--duration', '2s', '--parallelism', '2'];
    const where = ['--api-url', `http://127.0.0.1:${port}`, '--session', 's1'];
    const { output } = await run(redcliff, ['k6-manifest', 'reads', ...where, ...load]);
    const [configMap, { spec }] = manifestSchema.parse(JSON.parse(output)).items;
    expect(spec.parallelism).toBe(2);
    const scripts = path.join(folder, 'scripts');
    for (const { key, path: file } of spec.runner.volumes[0].configMap.items) {
      await mkdir(path.dirname(path.join(scripts, file)), { recursive: true });
      await writeFile(path.join(scripts, file), configMap.data[key] ?? '');
    }
    const script = spec.script.localFile.replace(/^\/scripts/, scripts);
    const environment = Object.fromEntries(spec.runner.env.map(({ name, value }) => [name, value]));
    const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    // What the operator does, for one runner: arguments of the spec, and the variables in its environment.
    const runner = await run(k6, ['run', '--quiet', '--log-format', 'raw', ...variables, script]);
    const log = path.join(folder, 'runner-1.log');
    await writeFile(log, runner.output);
    const history = path.join(folder, 'history.ndjson');
    const results = await run(redcliff, ['k6-results', log, '--out', history]);
    expect(results.output).toContain('every threshold held');
    const { operations } = await readHistory(history);
    expect(operations.length).toBeGreaterThanOrEqual(38);
    expect(operations.every(({ intendedMs, endedMs }) => endedMs >= intendedMs)).toBe(true);
  } finally {
    server.close();
  }
});

it.each([
  [['k6-manifest', 'nowhere', '--api-url', 'http://a', '--session', 's'], 'scenario "nowhere" is not known'],
  [['k6-manifest', 'auctions', '--api-url', 'http://a', '--session', 's'], 'who owns which item'],
  [['k6-manifest', 'reads', '--api-url', 'api:3000/', '--session', 's'], '--api-url "api:3000/"'],
  [['k6-manifest', 'reads', '--api-url', 'http://a', '--session', 's', '--rate', 'fast'], '--rate "fast"'],
  [['k6-manifest', 'reads', '--api-url', 'http://a', '--session', 's', '--name', 'No!'], '--name "No!"'],
  [['k6-results', '/nonexistent.log'], 'LOG "/nonexistent.log" cannot be read'],
])('%j is refused', async (args, message) => {
  const { status, output } = await run(redcliff, args);
  expect(output).toContain(message);
  expect(status).toBe(64);
});

function run(program: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const options = { timeout: 60_000, env: { ...process.env, K6_NO_USAGE_REPORT: 'true' } };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code);
      resolve({ status, output: stdout + stderr });
    });
  });
}

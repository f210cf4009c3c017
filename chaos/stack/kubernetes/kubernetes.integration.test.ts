import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readHistory } from '../../../reports/history/read-history.ts';
import { sampleConfig } from '../../testing/sample/sample.ts';

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

it(
  'makes a manifest that runs by itself, and reads what its runners print',
  { timeout: 180_000 },
  async () => {
    // As much of the sample service as its script needs: reads are answered, writes refused.
    const server = createServer(({ method }, response) => {
      response.writeHead(method === 'GET' ? 200 : 409, { 'content-type': 'application/json' });
      response.end(JSON.stringify(method === 'GET' ? { item: { text: 'seeded' } } : { error: 'refused' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const load = ['--rate', '20', '--duration', '2s', '--parallelism', '2'];
      const where = ['--config', sampleConfig, '--url', `http://127.0.0.1:${port}`];
      const { output } = await run(redcliff, ['load', 'manifest', 'items', ...where, ...load]);
      const [configMap, { spec }] = manifestSchema.parse(JSON.parse(output)).items;
      expect(spec.parallelism).toBe(2);
      const scripts = path.join(folder, 'scripts');
      for (const { key, path: file } of spec.runner.volumes[0].configMap.items) {
        await mkdir(path.dirname(path.join(scripts, file)), { recursive: true });
        await writeFile(path.join(scripts, file), configMap.data[key] ?? '');
      }
      const here = (file: string): string => file.replace(/^\/scripts/, scripts);
      const script = here(spec.script.localFile);
      const variables = spec.runner.env.flatMap(({ name, value }) => ['-e', `${name}=${here(value)}`]);
      // What the operator does, for one runner: arguments of the spec, and the variables in its environment.
      const runner = await run(k6, ['run', '--quiet', '--log-format', 'raw', ...variables, script]);
      const log = path.join(folder, 'runner-1.log');
      await writeFile(log, runner.output);
      const history = path.join(folder, 'history.ndjson');
      const results = await run(redcliff, ['load', 'results', log, '--out', history]);
      expect(results.output).toContain('every threshold held');
      const { operations } = await readHistory(history);
      expect(operations.length).toBeGreaterThanOrEqual(38);
      expect(operations.every(({ intendedMs, endedMs }) => endedMs >= intendedMs)).toBe(true);
    } finally {
      server.close();
    }
  },
);

const manifest = ['load', 'manifest', '--config', sampleConfig];

it.each([
  [[...manifest, 'nowhere', '--url', 'http://a'], 'scenario "nowhere" does not exist'],
  [[...manifest, 'items', '--url', 'api:3000/'], '--url "api:3000/"'],
  [[...manifest, 'items', '--url', 'http://a', '--rate', 'fast'], '--rate "fast"'],
  [[...manifest, 'items', '--url', 'http://a', '--name', 'No!'], '--name "No!"'],
  [
    [...manifest, 'items', '--url', 'http://a', '--world', '/nonexistent.json'],
    '--world "/nonexistent.json"',
  ],
  [['load', 'results', '/nonexistent.log'], 'LOG "/nonexistent.log" cannot be read'],
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

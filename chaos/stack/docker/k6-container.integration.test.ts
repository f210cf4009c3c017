import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { chooseK6 } from '../../run/k6-program.ts';
import { openContainers } from './containers.ts';
import { findEngine } from './engine.ts';
import { findK6Container, type K6Container, k6ContainerCommand, prepareOutput } from './k6-container.ts';
import { stackRemains } from './testing/stack-remains.ts';

const limitMs = 120_000;
const reason = await whyNot();

async function whyNot(): Promise<string | undefined> {
  const engine = await findEngine(process.env);
  if (!engine.found) return engine.reason;
  const missing = await (await openContainers(process.env, systemClock)).missingImages(['k6']);
  return missing.length === 0 ? undefined : `the engine does not have ${missing.join(', ')}`;
}

describe.skipIf(reason !== undefined)(`with an engine that has k6 (${reason ?? 'one answers'})`, () => {
  let folder: string;
  let container: K6Container;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'redcliff-k6-'));
    await chmod(folder, 0o755);
    container = await findK6Container(process.env, systemClock);
  }, limitMs);
  afterAll(() => rm(folder, { recursive: true }));

  async function start(script: string, ...flags: string[]) {
    const file = path.join(folder, 'script.ts');
    await writeFile(file, script);
    const mounts = [{ path: folder, readOnly: false }];
    const { command, args } = k6ContainerCommand(container, ['run', '--quiet', ...flags, file], mounts);
    const program = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const ended = once(program, 'exit').then(([status, signal]: unknown[]) => ({ status, signal, output }));
    return { program, ended };
  }

  it('is named with its version and image', { timeout: limitMs }, async () => {
    expect(await chooseK6('docker', process.env)).toMatchObject({
      path: `${container.image} in a container`,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  /** Answers `/well`, and nothing else. */
  async function serve(): Promise<AsyncDisposable & { readonly url: string }> {
    const server = createServer(({ url }, response) => void (url === '/well' && response.end('well')));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return {
      url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        await once(server.close(), 'close');
      },
    };
  }

  it(
    'reaches a server on loopback, writes what it is asked to, and ends as k6 does',
    async () => {
      const before = await stackRemains();
      await using server = await serve();
      const history = path.join(folder, 'history');
      await prepareOutput(container, [history]);
      const { ended } = await start(
        `import http from 'k6/http';
         export const options = { thresholds: { http_reqs: ['count>1'] } };
         export default async () => console.log((await http.asyncRequest('GET', __ENV.URL)).body);`,
        '--log-format',
        'raw',
        '--console-output',
        history,
        '-e',
        `URL=${server.url}/well`,
      );
      // 99: a threshold was crossed.
      expect(await ended).toMatchObject({ status: 99 });
      expect(await readFile(history, 'utf8')).toMatch(/^well\n/);
      expect((await stat(history)).uid).toBe(container.user.uid);
      expect(await stackRemains()).toEqual(before);
    },
    limitMs,
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'leaves no container when its program is ended by %s',
    async (signal) => {
      const before = await stackRemains();
      const ours = async () => (await stackRemains()).filter((id) => !before.includes(id));
      await using server = await serve();
      const { program, ended } = await start(
        `import http from 'k6/http';
         export default async () => {
           console.log('begun');
           await http.asyncRequest('GET', __ENV.URL, null, { timeout: '600s' });
         };`,
        '-e',
        `URL=${server.url}/silence`,
      );
      await once(program.stderr, 'data');
      expect(await ours()).toHaveLength(1);
      program.kill(signal);
      const { status } = await ended;
      // The container was killed, and says so.
      expect(status).toBe(signal === 'SIGTERM' ? 137 : null);
      await expect.poll(ours, { timeout: limitMs, interval: 200 }).toEqual([]);
    },
    limitMs,
  );

  it('names the image that is not available', { timeout: limitMs }, async () => {
    const environment = { ...process.env, REDCLIFF_K6_IMAGE: '127.0.0.1:1/nobody/k6:0' };
    await expect(chooseK6('docker', environment)).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringContaining('127.0.0.1:1/nobody/k6:0'),
      hint: expect.stringContaining('REDCLIFF_K6_IMAGE'),
    });
  });
});

/** The process: its ready line, its config file, its flags, its end. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { request } from './testing/api-client.ts';
import { startEcho } from './testing/upstream.ts';
import { WatchedClient } from './testing/watched-client.ts';

const readySchema = z.object({ event: z.literal('ready'), port: z.int(), pid: z.int() });

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function start(args: string[]): Promise<AsyncDisposable & { child: Child; url: string; pid: number }> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child: Child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  const ready = readySchema.parse(JSON.parse(String(line)));
  return {
    child,
    pid: ready.pid,
    url: `http://127.0.0.1:${ready.port}`,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s, closing its connections', async (signal) => {
    await using echo = await startEcho();
    await using folder = await temporaryFolder();
    const config = join(folder.path, 'proxies.json');
    await writeFile(config, JSON.stringify([{ name: 'p', listen: '127.0.0.1:0', upstream: echo.address }]));
    await using running = await start(['--port', '0', '--seed', '3', '--config', config, '--proxy-metrics']);
    expect(running.pid).toBe(running.child.pid);
    expect((await request(running.url, 'GET', '/redcliff/about')).json).toMatchObject({ seed: '3' });
    expect(await request(running.url, 'GET', '/metrics')).toMatchObject({ status: 200 });
    const { text } = await request(running.url, 'GET', '/proxies/p');
    using client = new WatchedClient(Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]));
    await client.echo('x');
    running.child.kill(signal);
    const [code] = await once(running.child, 'exit');
    expect(code).toBe(0);
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
  });

  it('takes flags as start scripts of the original give them', async () => {
    await using folder = await temporaryFolder();
    const config = join(folder.path, 'x.json');
    await writeFile(config, '[]');
    await using running = await start(['-port', '0', '-host=127.0.0.1', '-config', config]);
    expect(await request(running.url, 'GET', '/proxies')).toMatchObject({ status: 200, text: '{}' });
  });

  it.each([
    ['a missing file', undefined, 'ENOENT'],
    ['no JSON', '{"name":', 'bad request body'],
    ['a proxy without upstream', '[{"name": "p"}]', 'upstream'],
    [
      'a port that is taken',
      '[{"name": "a", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}, {"name": "b", "listen": "127.0.0.1:99999", "upstream": "127.0.0.1:1"}]',
      'listen tcp',
    ],
  ])('ends with 1 and a message when its config is %s', async (_, content, said) => {
    await using folder = await temporaryFolder();
    const config = join(folder.path, 'proxies.json');
    if (content !== undefined) await writeFile(config, content);
    const { status, stderr } = await outcome(['-port', '0', '-config', config]);
    expect(stderr).toMatch(/^toxiproxy: -config [^\n]+\n$/);
    expect(stderr).toContain(said);
    expect(status).toBe(1);
  });

  it('prints its version, and its usage with 2 for a flag that it does not know', async () => {
    expect(await outcome(['-version'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('version 2.12.0'),
    });
    const { status, stderr } = await outcome(['-prot', '1']);
    expect(stderr).toMatch(/^toxiproxy: flag provided but not defined: -prot\nUsage: /);
    expect(status).toBe(2);
  });

  it('fails with 1 and says why when its port is taken', async () => {
    await using first = await start(['--port', '0']);
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const second = spawn(process.execPath, [main, '--port', new URL(first.url).port], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problem = '';
    second.stderr.on('data', (data: Buffer) => (problem += data.toString()));
    const [code] = await once(second, 'close');
    expect(code).toBe(1);
    expect(problem).toContain('is taken');
  });
});

async function outcome(args: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
  const [status] = await once(child, 'close');
  return { status, ...said };
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'toxiproxy-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

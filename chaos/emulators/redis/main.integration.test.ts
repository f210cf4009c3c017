import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'redcliff-redis-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

class Program implements AsyncDisposable {
  readonly #child;
  readonly lines: string[] = [];
  readonly exit: Promise<readonly unknown[]>;

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exit = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
  }

  /** Resolves with the port; rejects when it ends before. */
  async ready(): Promise<void> {
    const ended = this.exit.then(() => {
      throw new Error(`ended: ${this.lines.join('\n')}`);
    });
    ended.catch(() => undefined);
    while (!this.lines.some((line) => line.endsWith('* Ready to accept connections'))) {
      await Promise.race([once(this.#child.stdout, 'data'), ended]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await this.exit;
    }
  }
}

/** What the harness starts redis-server with. */
function options(port: number, more: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({
    '--port': String(port),
    '--bind': '127.0.0.1',
    '--protected-mode': 'yes',
    '--dir': folder,
    '--save': '',
    '--appendonly': 'yes',
    '--appendfsync': 'everysec',
    '--daemonize': 'no',
    '--set-proc-title': 'no',
    ...more,
  }).flat();
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  server.close();
  await once(server, 'close');
  return address.port;
}

describe('the program', () => {
  it('serves clients, and keeps what it acknowledged when it is killed', async () => {
    const port = await freePort();
    {
      await using program = new Program(...options(port));
      await program.ready();
      const redis = new Redis({ port, host: '127.0.0.1' });
      try {
        expect(await redis.set('k', 'v')).toBe('OK');
        expect(await redis.xadd('s', '*', 'f', 'v')).toMatch(/^\d+-0$/);
        expect(await redis.eval('return redis.call("get", KEYS[1])', 1, 'k')).toBe('v');
        expect(await redis.info('server')).toMatch(/redis_version:7\.0\.15\r\n/);
      } finally {
        redis.disconnect();
      }
      program.kill('SIGKILL');
      await program.exit;
    }
    await using program = new Program(...options(port));
    await program.ready();
    const redis = new Redis({ port, host: '127.0.0.1' });
    try {
      expect(await redis.get('k')).toBe('v');
      expect(await redis.xlen('s')).toBe(1);
    } finally {
      redis.disconnect();
    }
  });

  it.each([
    ['SIGTERM', (program: Program) => program.kill('SIGTERM')],
    ['SIGINT', (program: Program) => program.kill('SIGINT')],
  ])('ends with status 0 at %s', async (_name, end) => {
    await using program = new Program(...options(0));
    await program.ready();
    end(program);
    expect(await program.exit).toEqual([0, null]);
    expect(program.lines.at(-1)).toMatch(/# Redis is now ready to exit, bye bye\.\.\.$/);
  });

  it('ends with status 0 at SHUTDOWN NOSAVE', async () => {
    const port = await freePort();
    await using program = new Program(...options(port));
    await program.ready();
    const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: null, lazyConnect: true });
    redis.on('error', () => undefined);
    await redis.connect();
    redis.call('shutdown', 'nosave').catch(() => undefined);
    expect(await program.exit).toEqual([0, null]);
    redis.disconnect();
  });

  it.each([
    [['--nothing', '1'], '--nothing: there is no such option'],
    [['--maxmemory', 'much'], '--maxmemory: argument must be a memory value'],
    [['--port'], '--port: it needs a value'],
  ])('refuses %j by name', async (args, reason) => {
    await using program = new Program(...args);
    expect(await program.exit).toEqual([1, null]);
    expect(program.lines[0]).toBe(reason);
  });

  it('says that its port is taken', async () => {
    const port = await freePort();
    await using first = new Program(...options(port));
    await first.ready();
    await using second = new Program(...options(port));
    expect(await second.exit).toEqual([1, null]);
    expect(second.lines.join('\n')).toContain(`port ${port} of`);
  });
});

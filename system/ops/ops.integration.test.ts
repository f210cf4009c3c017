import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiClient } from '../testing/api-client.ts';
import { eventually } from '../testing/eventually.ts';
import { SpawnedProcess } from '../testing/spawned-process.ts';
import { testEnvironment } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { daemonNames } from './health-check/health-check.ts';

const fakePm2 = fileURLToPath(new URL('../testing/fake-pm2.mjs', import.meta.url));
let stack: TestStack;
let folder: string;
let redis: Redis;

beforeAll(async () => {
  stack = await startTestStack();
  folder = await mkdtemp(path.join(tmpdir(), 'opensam-ops-'));
  redis = new Redis(stack.redisUrl);
  redis.on('error', () => undefined);
  await chmod(fakePm2, 0o755);
});

afterAll(async () => {
  redis.disconnect();
  await rm(folder, { recursive: true, force: true });
  await stack[Symbol.asyncDispose]();
});

function launch(tool: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return new SpawnedProcess({
    command: process.execPath,
    arguments: [fileURLToPath(new URL(tool, import.meta.url)), ...args],
    environment: testEnvironment(stack, {
      PM2_COMMAND: fakePm2,
      FAKE_PM2_LIST: path.join(folder, 'list.json'),
      FAKE_PM2_RESTARTS: path.join(folder, 'restarts'),
      ...environment,
    }),
  });
}

/** The exit status of a tool that ends by itself. */
async function exitOf(tool: SpawnedProcess): Promise<number | null> {
  await eventually('the tool ends', () => !tool.running);
  return await tool.end();
}

interface Managed {
  readonly name: string;
  readonly id?: number;
  readonly status?: string;
  readonly memory?: number;
  readonly log?: string;
}

async function manage(processes: readonly Managed[]): Promise<void> {
  const list = processes.map(({ name, id = 0, status = 'online', memory = 1, log = '' }) => ({
    name,
    pm_id: id,
    monit: { memory },
    pm2_env: { status, pm_out_log_path: log },
  }));
  await writeFile(path.join(folder, 'list.json'), JSON.stringify(list));
  await writeFile(path.join(folder, 'restarts'), '');
}

const restarts = async () =>
  (await readFile(path.join(folder, 'restarts'), 'utf8')).split('\n').filter(Boolean);
const allDaemons = daemonNames.map((name) => ({ name }));

describe('health-check', () => {
  it('ends with 0 when all is well, with 1 and a message when a lock is long', async () => {
    await using api = await ApiClient.start(stack);
    await manage(allDaemons);
    const environment = { API_URL: api.url };
    await using well = launch('health-check/main.ts', [], environment);
    expect(await exitOf(well)).toBe(0);
    // Just taken: nothing to be said about them.
    await redis.set('session:lock:s1:turn', 'token', 'EX', 600);
    await redis.set('city:lock:s1:1', 'token', 'EX', 300);
    await using fresh = launch('health-check/main.ts', [], environment);
    expect(await exitOf(fresh)).toBe(0);
    await redis.expire('session:lock:s1:turn', 55);
    await redis.set('nation:lock:s1:1', 'token');
    await using long = launch('health-check/main.ts', [], environment);
    expect(await exitOf(long)).toBe(1);
    const alerts = long.lines.filter((line) => line['msg'] === 'alert').map((line) => line['alert']);
    expect(alerts).toEqual([
      'lock nation:lock:s1:1 never expires',
      expect.stringMatching(/^lock session:lock:s1:turn has been held for 5[45]\d s, 5\d s are left$/),
    ]);
    expect(await redis.exists('session:lock:s1:turn')).toBe(1);
    await redis.del('session:lock:s1:turn', 'city:lock:s1:1', 'nation:lock:s1:1');
  });

  it('repairs what it can, tells the webhook, and is not stopped by a webhook that fails', async () => {
    const texts: string[] = [];
    const webhook = createServer((request, response) => {
      request.on('data', (data: Buffer) => texts.push(data.toString()));
      request.on('end', () => response.writeHead(texts.length === 1 ? 500 : 200).end());
    });
    const { promise, resolve } = Promise.withResolvers<number>();
    webhook.listen(0, '127.0.0.1', () =>
      resolve(z.object({ port: z.number() }).parse(webhook.address()).port),
    );
    const port = await promise;
    try {
      await manage([...allDaemons.slice(1), { name: allDaemons[0]?.name ?? '', status: 'stopped' }]);
      await using broken = launch('health-check/main.ts', [], {
        API_URL: 'http://127.0.0.1:1',
        SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
      });
      expect(await exitOf(broken)).toBe(2);
      expect((await restarts()).toSorted()).toEqual(['api', 'auction-processor']);
      expect(texts).toHaveLength(2);
      expect(texts.join()).toContain('auction-processor is down, also after a restart');
    } finally {
      webhook.close();
    }
  });

  it('restarts Redis by the command and says so', async () => {
    await using api = await ApiClient.start(stack);
    await manage(allDaemons);
    await stack.redis.kill();
    const mark = path.join(folder, 'restarted');
    await using tool = launch('health-check/main.ts', [], {
      API_URL: api.url,
      REDIS_RESTART_COMMAND: `echo once >> ${mark}`,
    });
    await eventually('the command was run', async () => {
      return (await readFile(mark, 'utf8').catch(() => '')) !== '';
    });
    await stack.redis.restart();
    expect(await exitOf(tool)).toBe(1);
    expect(await readFile(mark, 'utf8')).toBe('once\n');
    expect(tool.lines.some((line) => line['alert'] === 'redis was down and has been restarted')).toBe(true);
  });

  it('ends with 64 and the field when the configuration is wrong', async () => {
    await using wrong = launch('health-check/main.ts', [], { SLACK_WEBHOOK_URL: 'slack' });
    expect(await exitOf(wrong)).toBe(64);
    expect(wrong.stderr).toMatch(/SLACK_WEBHOOK_URL: "slack" is not valid/);
  });
});

describe('auto-restart', () => {
  const tooLarge = 1_536 * 2 ** 20;

  it('restarts what logs too many errors or is too large, once for the same errors', async () => {
    const log = path.join(folder, 'noisy.log');
    const line = JSON.stringify({ level: 50, time: Date.now(), msg: 'failed' });
    await writeFile(log, Array.from({ length: 10 }, () => line).join('\n'));
    await manage([
      { name: 'auction-processor', id: 1 },
      { name: 'battle-processor', id: 2, log },
      { name: 'turn-processor', id: 3, memory: tooLarge },
      { name: 'turn-processor', id: 4, memory: tooLarge - 1 },
    ]);
    await using tool = launch('auto-restart/main.ts', [], { AUTO_RESTART_PERIOD_MS: '100' });
    await eventually('it has looked several times', async () => {
      return (await restarts()).filter((id) => id === '3').length >= 3;
    });
    const restarted = await restarts();
    expect(restarted.filter((id) => id === '2')).toHaveLength(1);
    expect(new Set(restarted)).toEqual(new Set(['2', '3']));
    expect(await tool.end('SIGTERM')).toBe(0);
  });

  it('leaves programs alone that are not its own, and what an operator has stopped', async () => {
    await manage([
      { name: 'shop', id: 1, memory: tooLarge },
      { name: 'turn-processor', id: 2, memory: tooLarge, status: 'stopped' },
      { name: 'battle-processor', id: 3, memory: tooLarge, status: 'launching' },
      { name: 'auction-processor', id: 4, memory: tooLarge },
    ]);
    await using tool = launch('auto-restart/main.ts', [], { AUTO_RESTART_PERIOD_MS: '100' });
    await eventually('it has looked several times', async () => (await restarts()).length >= 3);
    expect(new Set(await restarts())).toEqual(new Set(['4']));
    expect(await tool.end('SIGTERM')).toBe(0);
  });

  it('refuses to watch processes that are not of the system', async () => {
    await using wrong = launch('auto-restart/main.ts', [], { AUTO_RESTART_PROCESSES: 'turn-processor,shop' });
    expect(await exitOf(wrong)).toBe(64);
    expect(wrong.stderr).toMatch(/AUTO_RESTART_PROCESSES: "turn-processor,shop" is not valid: .*shop/);
  });
});

describe('the lock tools', () => {
  async function locks(...args: string[]) {
    const output: string[] = [];
    await using tool = launch('locks/main.ts', args);
    const status = await exitOf(tool);
    output.push(tool.output, tool.stderr);
    return { status, output: output.join('') };
  }

  it('list locks with the time left, and those held longer than a limit', async () => {
    await redis.set('city:lock:s1:1', 'token', 'EX', 290);
    await redis.set('session:lock:s1:turn', 'token', 'EX', 100);
    await redis.set('locked', 'no lock');
    const all = await locks('list');
    expect(all.status).toBe(0);
    expect(all.output).toMatch(/^city:lock:s1:1\t(290|28\d) s left\t1\d s held$/m);
    expect(all.output).not.toMatch(/^locked/m);
    const held = await locks('held', '60');
    expect(held.output).toMatch(/^session:lock:s1:turn/m);
    expect(held.output).not.toMatch(/^city:lock/m);
  });

  it('release by force only when told twice, with a warning and an audit line', async () => {
    const asked = await locks('release', 'city:lock:s1:1');
    expect(asked).toMatchObject({ status: 64, output: expect.stringContaining('Nothing was done') });
    expect(await redis.exists('city:lock:s1:1')).toBe(1);
    const done = await locks('release', 'city:lock:s1:1', '--yes');
    expect(done.status).toBe(0);
    expect(done.output).toContain('"audit":"lock released by force","key":"city:lock:s1:1"');
    expect(await redis.exists('city:lock:s1:1')).toBe(0);
    expect((await locks('release', 'general:byNo:s1:1', '--yes')).status).toBe(64);
    expect((await locks('release', 'city:lock:s1:1', '--yes')).status).toBe(1);
  });
});

describe('ecosystem.config.cjs', () => {
  it('lists every process with its memory limit and an entry that exists', async () => {
    const apps = z
      .object({
        apps: z.array(
          z.looseObject({
            name: z.string(),
            script: z.string(),
            autorestart: z.boolean(),
            max_memory_restart: z.string(),
          }),
        ),
      })
      .parse(createRequire(import.meta.url)('../ecosystem.config.cjs')).apps;
    expect(apps.map(({ name }) => name)).toEqual(['api', ...daemonNames]);
    for (const { name, script, autorestart, max_memory_restart } of apps) {
      expect(autorestart).toBe(true);
      expect(max_memory_restart).toBe(name === 'turn-processor' ? '1G' : '500M');
      expect((await readFile(script, 'utf8')).length).toBeGreaterThan(0);
    }
  });
});

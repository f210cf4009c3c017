import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../deadline.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { collectLogs } from '../testing/collect-logs.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { acquireDistributedLock, type HeldLock } from './acquire.ts';
import { drawFencingToken } from './fence.ts';
import { releaseDistributedLock } from './release.ts';
import { runWithDistributedLock } from './run-with-lock.ts';

const quick = { ttl: 30, retry: 0, retryDelayMs: 10, context: { test: 'lock' } };
let stack: TestStack;
let system: System;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function take(key: string, ttl = quick.ttl): Promise<HeldLock> {
  const lock = await acquireDistributedLock(system.lock, key, { ...quick, ttl });
  if (lock === false) throw new Error(`${key} is free`);
  return lock;
}

describe('a lock', () => {
  it('has one holder, its TTL in seconds and its token in Redis', async () => {
    const lock = await take('city:lock:w:1');
    expect(await acquireDistributedLock(system.lock, 'city:lock:w:1', quick)).toBe(false);
    expect(await system.redis.get('city:lock:w:1')).toBe(lock.token);
    expect(await system.redis.ttl('city:lock:w:1')).toBeGreaterThan(25);
    expect(await system.redis.ttl('city:lock:w:1')).toBeLessThanOrEqual(30);
    expect(await releaseDistributedLock(system.lock, lock)).toBe(true);
    expect(await system.redis.exists('city:lock:w:1')).toBe(0);
  });

  it('goes to one of many who want it at once', async () => {
    const wanted = await Promise.all(
      Array.from({ length: 50 }, () => acquireDistributedLock(system.lock, 'city:lock:w:2', quick)),
    );
    expect(wanted.filter((lock) => lock !== false)).toHaveLength(1);
  });

  it('is not released by a holder whose lock expired', async () => {
    const old = await take('city:lock:w:3', 1);
    await eventually('it expires', async () => (await system.redis.exists('city:lock:w:3')) === 0);
    const current = await take('city:lock:w:3');
    expect(await releaseDistributedLock(system.lock, old)).toBe(false);
    expect(await system.redis.get('city:lock:w:3')).toBe(current.token);
  });

  it('is had by a retry once it is free', async () => {
    const lock = await take('city:lock:w:4');
    const waiting = acquireDistributedLock(system.lock, 'city:lock:w:4', {
      ...quick,
      retry: 50,
      retryDelayMs: 20,
    });
    await releaseDistributedLock(system.lock, lock);
    expect(await waiting).not.toBe(false);
  });

  it('is not left behind when the answer to its SET was lost', async () => {
    stack.redis.pause();
    await expect(acquireDistributedLock(system.lock, 'city:lock:w:5', quick)).rejects.toMatchObject({
      code: 'redis_unavailable',
    });
    stack.redis.resume();
    await eventually('it is free again, long before its TTL', async () => {
      return (await system.redis.exists('city:lock:w:5').catch(() => 1)) === 0;
    });
    await eventually('it can be had', async () => {
      return (await acquireDistributedLock(system.lock, 'city:lock:w:5', quick).catch(() => false)) !== false;
    });
  });
});

describe('a lock whose release Redis does not answer', () => {
  it('is free soon after Redis answers again, long before its TTL', async () => {
    const key = 'session:lock:hang:turn';
    const run = await runWithDistributedLock(
      system.lock,
      key,
      async () => {
        // Redis accepts commands and executes none for so long; those of connections that end meanwhile are lost.
        await system.redis.client('PAUSE', 2_500, 'ALL');
        return 'done';
      },
      { ...quick, ttl: 600, throwOnFail: true },
    );
    expect(run).toEqual({ kind: 'ran', value: 'done' });
    await eventually('it is free', async () => (await system.redis.exists(key).catch(() => 1)) === 0);
  });
});

describe('a lock that is not had', () => {
  it('is logged at the default level, with who wanted it and why', async () => {
    await eventually('the breaker closes', () => system.breaker.state === 'closed');
    const { logger, lines } = collectLogs();
    const parts = { ...system.lock, logger };
    const context = { sessionId: 'w', turn: 7 };
    const key = 'city:lock:w:11';
    await take(key);
    await acquireDistributedLock(parts, key, { ...quick, context });
    expect(lines).toEqual([
      expect.objectContaining({ msg: expect.stringContaining('lock not acquired'), key, ...context }),
    ]);
    await stack.redis.kill();
    const refused = acquireDistributedLock(parts, key, { ...quick, context });
    await expect(refused).rejects.toMatchObject({ code: 'redis_unavailable' });
    expect(lines[1]).toMatchObject({ msg: 'lock not acquired', key, ...context, error: expect.any(String) });
    await stack.redis.restart();
  });
});

describe('attempts at a lock while Redis is away', () => {
  it('leave nothing behind that goes on asking Redis', async () => {
    await stack.redis.kill();
    const sent = vi.spyOn(system.redis, 'evalsha');
    try {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        await expect(acquireDistributedLock(system.lock, 'city:lock:w:9', quick)).rejects.toMatchObject({
          code: 'redis_unavailable',
        });
      }
      await system.clock.sleep(1_200);
      expect(sent.mock.calls.length).toBeLessThan(10);
    } finally {
      sent.mockRestore();
      await stack.redis.restart();
    }
  });
});

describe('a lock that Redis refuses to store', () => {
  it('is unavailable, which is not an error of the process', async () => {
    await eventually('the breaker closes', () => system.breaker.state === 'closed');
    await system.redis.config('SET', 'maxmemory', '1');
    try {
      await expect(acquireDistributedLock(system.lock, 'city:lock:w:10', quick)).rejects.toMatchObject({
        code: 'redis_unavailable',
        status: 503,
      });
    } finally {
      await system.redis.config('SET', 'maxmemory', '0');
    }
  });
});

describe('runWithDistributedLock', () => {
  it('releases the lock however the task ends', async () => {
    const run = await runWithDistributedLock(system.lock, 'city:lock:w:6', () => Promise.resolve('done'), {
      ...quick,
      throwOnFail: true,
    });
    expect(run).toEqual({ kind: 'ran', value: 'done' });
    const failing = runWithDistributedLock(
      system.lock,
      'city:lock:w:6',
      () => Promise.reject(new Error('no')),
      {
        ...quick,
        throwOnFail: true,
      },
    );
    await expect(failing).rejects.toThrow('no');
    expect(await system.redis.exists('city:lock:w:6')).toBe(0);
  });

  it('skips or throws when the lock is held, as it is told', async () => {
    await take('city:lock:w:7');
    let ran = false;
    const task = () => {
      ran = true;
      return Promise.resolve();
    };
    const skipping = { ...quick, throwOnFail: false };
    expect(await runWithDistributedLock(system.lock, 'city:lock:w:7', task, skipping)).toEqual({
      kind: 'skipped',
    });
    await expect(
      runWithDistributedLock(system.lock, 'city:lock:w:7', task, { ...quick, throwOnFail: true }),
    ).rejects.toMatchObject({ code: 'lock_not_acquired' });
    expect(ran).toBe(false);
  });
});

describe('fencing', () => {
  it('draws tokens that grow, also for many at once and after Redis lost everything', async () => {
    const first = await Promise.all(
      Array.from({ length: 10 }, () => drawFencingToken(system.collections, 'k')),
    );
    expect(new Set(first).size).toBe(10);
    await stack.redis.restart();
    expect(await drawFencingToken(system.collections, 'k')).toBeGreaterThan(Math.max(...first));
  });

  it('refuses the write of an older token, also when its holder reads anew', async () => {
    await plantTestWorld(system, 'f', { generals: 1 });
    const { general } = system.collections.entities;
    const save = async (fence: number) => {
      const before = await readFresh(general, 'f:g1');
      if (before === null) throw new Error('the general is there');
      using deadline = new Deadline(system.clock, 5_000);
      return await system.saves.saveGeneral(
        { before, after: { ...before, gold: fence } },
        { deadline, fence },
      );
    };
    await save(2);
    await expect(save(1)).rejects.toMatchObject({ code: 'fenced', definite: true });
    await save(3);
    expect(await readFresh(general, 'f:g1')).toMatchObject({ gold: 3, turn_fence: 3 });
  });
});

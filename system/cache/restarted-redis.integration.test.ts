/** A Redis that is restarted from a snapshot: what it holds then was true once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import { acquireDistributedLock } from '../lock/acquire.ts';
import { releaseDistributedLock } from '../lock/release.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import type { SpawnedProcess } from '../testing/spawned-process.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

let stack: TestStack;
let system: System;
let sync: SpawnedProcess;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  sync = await startProcess(stack, 'db-sync');
  await plantTestWorld(system, 'w');
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await sync[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function saveGold(no: number, gold: number): Promise<void> {
  const before = await readFresh(system.collections.entities.general, `w:g${no}`);
  if (before === null) throw new Error('the general is there');
  using deadline = new Deadline(system.clock, 10_000);
  await system.saves.saveGeneral({ before, after: { ...before, gold } }, { deadline });
}

const goldOf = async (by: System, no: number) => (await by.reads.getGeneralByNo('w', no))?.gold;

/** L1 of one process holds nothing longer than this. */
const l1PassedMs = 1_200;

describe('Redis restarted from a snapshot', () => {
  it('serves nothing that was overwritten since, neither to a process that was there nor to a new one', async () => {
    await saveGold(1, 111);
    expect(await goldOf(system, 1)).toBe(111);
    await eventually('it is cached', async () => (await system.redis.exists('general:byNo:w:1')) === 1);
    await system.redis.save();
    await saveGold(1, 222);
    await stack.redis.restart();
    await using late = await openTestSystem(stack);
    expect(await goldOf(late, 1)).toBe(222);
    await system.clock.sleep(l1PassedMs);
    expect(await goldOf(system, 1)).toBe(222);
    await eventually('the old value is gone', async () => {
      const cached = await late.redis.get('general:byNo:w:1');
      return cached === null || cached.includes('"gold":222');
    });
  });

  it('holds no lock that was released since', async () => {
    const key = 'session:lock:w:turn';
    const lock = await acquireDistributedLock(system.lock, key, {
      ttl: 600,
      retry: 3,
      retryDelayMs: 200,
      context: { test: 'restart' },
    });
    if (lock === false) throw new Error('the lock is free');
    await system.redis.save();
    expect(await releaseDistributedLock(system.lock, lock)).toBe(true);
    await stack.redis.restart();
    await eventually('the lock is free', async () => (await system.redis.exists(key).catch(() => 1)) === 0);
  });

  it('is trusted again: what is read is shared through it', async () => {
    await eventually('it is shared', async () => {
      await system.reads.getCity('w', 1);
      system.cache.dropLocally(['city:byId:w:1']);
      return (await system.redis.exists('city:byId:w:1').catch(() => 0)) === 1;
    });
    expect(system.l2.usable).toBe(true);
  });
});

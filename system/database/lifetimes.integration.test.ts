/** Everything that the system writes is data of a world, or has an end. */
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncKeys } from '../cache/keys.ts';
import { drawFencingToken } from '../lock/fence.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

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

const indexSchema = z.array(
  z.looseObject({ key: z.record(z.string(), z.unknown()), expireAfterSeconds: z.number().optional() }),
);

/** The indexes of each collection as `fields` or `fields (seconds)` for those by which rows end. */
async function indexes(of: System): Promise<Record<string, readonly string[]>> {
  const { db } = of.database;
  if (db === undefined) throw new Error('MongoDB is connected');
  const names = (await db.listCollections().toArray()).map(({ name }) => name);
  const described = await Promise.all(
    names.map(async (name) => {
      const found = indexSchema.parse(await db.collection(name).indexes());
      const lines = found.map(({ key, expireAfterSeconds }) => {
        const fields = Object.keys(key).join('+');
        return expireAfterSeconds === undefined ? fields : `${fields} (${expireAfterSeconds})`;
      });
      return [name, lines.toSorted()] as const;
    }),
  );
  return Object.fromEntries(described.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('collections', () => {
  it('hold data of worlds, found by session, or rows that end by themselves', async () => {
    const all = await indexes(system);
    const ending = Object.entries(all).filter(([, lines]) => lines.some((line) => line.includes('(')));
    expect(Object.fromEntries(ending)).toEqual({
      answered_requests: ['_id', 'at (86400)'],
      fences: ['_id', 'at (86400)'],
      invalidation_journal: ['_id', 'at (420)'],
    });
    const bySession = Object.entries(all).filter(([, lines]) =>
      lines.some((line) => line.startsWith('session_id')),
    );
    const known = [...ending.map(([name]) => name), ...bySession.map(([name]) => name), 'sessions'];
    expect(known.toSorted()).toEqual(Object.keys(all));
  });

  it('get the index anew whose options changed, and keep the others meanwhile', async () => {
    const before = await indexes(system);
    await using changed = await openTestSystem(stack, { L2_TTL_SECONDS: '100', FENCE_KEEP_SECONDS: '2000' });
    const after = await indexes(changed);
    expect(after).toEqual({
      ...before,
      fences: ['_id', 'at (2000)'],
      invalidation_journal: ['_id', 'at (160)'],
    });
    await system.collections.prepare();
    expect(await indexes(system)).toEqual(before);
  });
});

describe('fences', () => {
  const row = (key: string) => system.collections.fences.findOne({ _id: key });

  it('are dated, so that they end a while after the last draw', async () => {
    await drawFencingToken(system.collections, 'auction:lock:w:1');
    const { at } = (await row('auction:lock:w:1')) ?? {};
    expect(at).toBeInstanceOf(Date);
    await system.clock.sleep(20);
    await drawFencingToken(system.collections, 'auction:lock:w:1');
    expect((await row('auction:lock:w:1'))?.at?.getTime()).toBeGreaterThan(at?.getTime() ?? Infinity);
  });

  it('give tokens that grow also after their row has ended', async () => {
    const first = await drawFencingToken(system.collections, 'auction:lock:w:2');
    const second = await drawFencingToken(system.collections, 'auction:lock:w:2');
    expect(second).toBeGreaterThan(first);
    await system.collections.fences.deleteOne({ _id: 'auction:lock:w:2' });
    expect(await drawFencingToken(system.collections, 'auction:lock:w:2')).toBeGreaterThan(second);
  });

  it('of an earlier release, whose tokens were small, go on growing', async () => {
    await system.collections.fences.insertOne({ _id: 'auction:lock:w:3', token: 7 });
    await system.collections.prepare();
    expect((await row('auction:lock:w:3'))?.at).toBeInstanceOf(Date);
    expect(await drawFencingToken(system.collections, 'auction:lock:w:3')).toBeGreaterThan(7);
    await system.collections.fences.updateOne({ _id: 'auction:lock:w:3' }, { $set: { token: 8e15 } });
    expect(await drawFencingToken(system.collections, 'auction:lock:w:3')).toBe(8e15 + 1);
  });
});

describe('the sync queue', () => {
  const consumers = async () => {
    const answer = await system.redis.xinfo('CONSUMERS', syncKeys.stream, syncKeys.group).catch(() => []);
    return z
      .array(z.array(z.unknown()))
      .parse(answer)
      .map((fields) => String(fields[1]));
  };

  it('forgets the consumers of processes that were killed, once nothing of theirs is left', async () => {
    await plantTestWorld(system, 'w');
    for (let time = 0; time < 3; time += 1) {
      await using _sync = await startProcess(stack, 'db-sync');
      await system.redis.xadd(syncKeys.stream, '*', 'envelope', '{}', 'document', '{}');
      await eventually('it takes part', async () => (await consumers()).length === time + 1);
      await eventually('it is done', async () => (await system.redis.xlen(syncKeys.stream)) === 0);
    }
    await using _living = await startProcess(stack, 'db-sync', { SYNC_CONSUMER_FORGET_MS: '3000' });
    await system.redis.xadd(syncKeys.stream, '*', 'envelope', '{}', 'document', '{}');
    await eventually('the living one is left', async () => (await consumers()).length === 1);
    expect(await consumers()).toEqual([expect.stringMatching(/^db-sync:/)]);
  });

  it('keeps no more entries that were set aside than it is told to', async () => {
    await using _sync = await startProcess(stack, 'db-sync', { SYNC_DEAD_LETTERS_MAX: '5' });
    for (let entry = 0; entry < 12; entry += 1) {
      await system.redis.xadd(syncKeys.stream, '*', 'envelope', '{}', 'document', `${entry}`);
    }
    await eventually('all are set aside', async () => (await system.redis.xlen(syncKeys.stream)) === 0);
    const kept = await system.redis.xrange(syncKeys.deadLetters, '-', '+');
    expect(kept).toHaveLength(5);
    expect(kept.at(-1)?.[1]).toContain('11');
  });
});

/** A rolling release: documents have fields already that this release does not know. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performAction } from '../actions/perform-action.ts';
import { cacheKeys, syncKeys } from '../cache/keys.ts';
import { Deadline } from '../deadline.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import type { SpawnedProcess } from '../testing/spawned-process.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { processTurn } from '../turns/process-turn.ts';
import { readFresh } from './world-reads.ts';

let stack: TestStack;
let system: System;
let sync: SpawnedProcess;
const promotedAt = new Date('2026-03-04T05:06:07.890Z');

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  sync = await startProcess(stack, 'db-sync');
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await sync[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const generals = () => system.collections.entities.general.documents;

/** A world whose first general and first item have fields of a newer release. */
async function plantNewer(world: string): Promise<void> {
  await plantTestWorld(system, world, { generals: 6, items: 2 });
  await generals().updateOne({ _id: `${world}:g1` }, { $set: { promoted_at: promotedAt } } as object);
  await system.collections.items.documents.updateOne({ _id: `${world}:i1` }, {
    $set: { forged_at: promotedAt },
  } as object);
}

async function train(world: string, no: number): Promise<void> {
  using deadline = new Deadline(system.clock, 10_000);
  const command = { command: 'train', amount: 1 } as const;
  const idempotencyKey = system.random.uuid();
  await performAction(system.actions, { sessionId: world, no, command, idempotencyKey }, deadline);
}

describe('a document with a field of a newer release', () => {
  it('is served, and keeps the field with its type through saves and turns', async () => {
    await plantNewer('newer');
    expect(await system.reads.getGeneralByNo('newer', 1)).toMatchObject({ no: 1 });
    await train('newer', 1);
    using deadline = new Deadline(system.clock, 15_000);
    expect(await processTurn(system.turns, 'newer', 1, deadline)).toMatchObject({ outcome: 'applied' });
    await train('newer', 1);
    const kept = await generals().findOne({ _id: 'newer:g1' });
    expect(kept).toMatchObject({ action_count: 2, last_turn: 1, promoted_at: promotedAt });
    expect(await system.reads.getGeneralByNo('newer', 1)).toMatchObject({ action_count: 2 });
    expect(await system.redis.xlen(syncKeys.deadLetters)).toBe(0);
  });

  it('is not put into Redis by this release, and what a newer one has put there is left to it', async () => {
    await plantNewer('shared');
    await system.reads.getGeneralByNo('shared', 1);
    const key = cacheKeys.generalByNo('shared', 1);
    expect(await system.redis.exists(key)).toBe(0);
    const { codec } = system.collections.entities.general;
    const stored = await readFresh(system.collections.entities.general, 'shared:g1');
    if (stored === null) throw new Error('the general is there');
    const theirs = codec.encode(stored);
    await system.redis.set(key, theirs);
    system.cache.dropLocally([key]);
    expect(await system.reads.getGeneralByNo('shared', 1)).toMatchObject({ promoted_at: promotedAt });
    expect(await system.redis.get(key)).toBe(theirs);
    await train('shared', 1);
    expect(await system.redis.get(key)).not.toBe(theirs);
  });

  it('comes out of the queue as a save that its author makes itself', async () => {
    await plantNewer('queued');
    const author = 'newer:release:1';
    const channel = syncKeys.results(author);
    const told: string[] = [];
    await using owner = new AsyncDisposableStack();
    const listener = new Redis(stack.redisUrl);
    owner.defer(() => listener.disconnect());
    listener.on('message', (_channel, text) => told.push(text));
    await listener.subscribe(channel);
    const document = await readFresh(system.collections.entities.general, 'queued:g1');
    if (document === null) throw new Error('the general is there');
    const { codec } = system.collections.entities.general;
    const written = { ...document, version: 2, write_id: 'theirs' };
    const envelope = {
      type: 'general',
      base: { version: 1, writeId: document.write_id },
      lists: [],
      savedBy: author,
    };
    await system.redis.xadd(
      syncKeys.stream,
      '*',
      'envelope',
      JSON.stringify(envelope),
      'document',
      codec.encode(written),
    );
    await eventually('its author is told', () => told.length > 0);
    expect(JSON.parse(told[0] ?? '')).toEqual([['theirs', 'failed']]);
    expect((await generals().findOne({ _id: 'queued:g1' }))?.version).toBe(1);
  });
});

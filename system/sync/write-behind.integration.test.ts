import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { performAction } from '../actions/perform-action.ts';
import { syncKeys } from '../cache/keys.ts';
import { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import type { SpawnedProcess } from '../testing/spawned-process.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

const generals = 30;
let stack: TestStack;
let system: System;
let sync: SpawnedProcess;
let acknowledged: { no: number; version: number }[] = [];

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack, { SYNC_CONFIRM_TIMEOUT_MS: '200' });
  sync = await startProcess(stack, 'db-sync');
  await plantTestWorld(system, 'w', { generals });
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await sync[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

afterEach(() => {
  acknowledged = [];
});

async function train(no: number, idempotencyKey: string = system.random.uuid()): Promise<boolean> {
  using deadline = new Deadline(system.clock, 3_000);
  const command = { command: 'train', amount: 1 } as const;
  const action = performAction(system.actions, { sessionId: 'w', no, command, idempotencyKey }, deadline);
  try {
    const { result } = await deadline.race(action);
    acknowledged.push({ no, version: result.version });
    return true;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return false;
  }
}

/** Keeps every general busy until `stop`, and resolves when all have their answers. */
function keepTraining(stop: AbortSignal): Promise<unknown> {
  return Promise.all(
    Array.from({ length: generals }, async (_, index) => {
      while (!stop.aborted) {
        // What fails at once must leave time for everything else.
        if (!(await train(index + 1))) await system.clock.sleep(5);
      }
    }),
  );
}

async function duringLoad(trouble: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const load = keepTraining(stop.signal);
  try {
    await system.clock.sleep(300);
    await trouble();
    await system.clock.sleep(500);
  } finally {
    stop.abort();
    await load;
  }
}

/**
 * What is missing or doubled in the database once the queue is drained. Versions count all writes and action counts all
 * actions, so an acknowledged version above the document's is a lost action, and two alike are one action answered twice.
 */
async function findLosses(): Promise<string[]> {
  await eventually(
    'the queue is drained',
    async () => (await system.redis.xlen(syncKeys.stream).catch(() => 1)) === 0,
  );
  const documents = await system.collections.entities.general.documents.find({ session_id: 'w' }).toArray();
  const losses = acknowledged.length === 0 ? ['nothing was acknowledged at all'] : [];
  const distinct = new Set(acknowledged.map(({ no, version }) => `${no}/${version}`));
  if (distinct.size !== acknowledged.length) losses.push('two actions were acknowledged with one version');
  for (const general of documents) {
    const mine = acknowledged.filter(({ no }) => no === general.no).map(({ version }) => version);
    const newest = Math.max(0, ...mine);
    if (general.version < newest)
      losses.push(`${general._id} is at ${general.version}, acknowledged was ${newest}`);
    if (general.action_count !== general.version - 1)
      losses.push(`${general._id} counts ${general.action_count}`);
  }
  return losses;
}

/** Cache entries that still differ from the database when the TTL of L1 has passed. */
async function findStaleEntries(): Promise<string[]> {
  await system.clock.sleep(1_100);
  const stale: string[] = [];
  const { general } = system.collections.entities;
  for (let no = 1; no <= generals; no += 1) {
    const cached = await system.redis.get(`general:byNo:w:${no}`);
    const fresh = await readFresh(general, `w:g${no}`);
    if (cached !== null && fresh !== null && cached !== general.codec.encode(fresh)) stale.push(fresh._id);
    if ((await system.reads.getGeneralByNo('w', no))?.version !== fresh?.version) stale.push(`L1 ${no}`);
  }
  return stale;
}

describe('a save', () => {
  it('is in MongoDB, in Redis and in memory when it is acknowledged', async () => {
    expect(await train(1)).toBe(true);
    const fresh = await readFresh(system.collections.entities.general, 'w:g1');
    expect(fresh).toMatchObject({ version: 2, action_count: 1 });
    expect(await system.reads.getGeneralByNo('w', 1)).toEqual(fresh);
    for (const key of ['general:byNo:w:1', 'general:byId:w:w:g1']) {
      expect(system.collections.entities.general.codec.decode((await system.redis.get(key)) ?? '')).toEqual(
        fresh,
      );
    }
    expect(fresh?.updated_at).toBeInstanceOf(Date);
  });

  it('of an old version is refused, and the cache does not keep what it was made from', async () => {
    const before = await readFresh(system.collections.entities.general, 'w:g2');
    if (before === null) throw new Error('the general is there');
    expect(await train(2)).toBe(true);
    using deadline = new Deadline(system.clock, 3_000);
    const after = { ...before, gold: before.gold + 1 };
    await expect(system.saves.saveGeneral({ before, after }, { deadline })).rejects.toMatchObject({
      code: 'version_conflict',
      mayHaveApplied: false,
    });
    expect((await readFresh(system.collections.entities.general, 'w:g2'))?.gold).toBe(before.gold);
  });

  it('of an old version is refused by MongoDB too, where the cache does not tell', async () => {
    const before = await readFresh(system.collections.entities.general, 'w:g4');
    if (before === null) throw new Error('the general is there');
    expect(await train(4)).toBe(true);
    await system.cache.forget(['general:byNo:w:4', 'general:byId:w:w:g4']);
    using deadline = new Deadline(system.clock, 3_000);
    const after = { ...before, gold: before.gold + 1 };
    await expect(system.saves.saveGeneral({ before, after }, { deadline })).rejects.toMatchObject({
      code: 'version_conflict',
      mayHaveApplied: false,
    });
    expect(await system.redis.xlen(syncKeys.stream)).toBe(0);
    expect((await system.reads.getGeneralByNo('w', 4))?.version).toBe(before.version + 1);
  });

  it('refuses a save at once when too many wait already', async () => {
    await using full = await openTestSystem(stack, { MAX_UNCONFIRMED_SAVES: '1' });
    stack.mongo.pause();
    try {
      const before = await full.reads.getGeneralByNo('w', 1);
      if (before === null) throw new Error('the general is there');
      using deadline = new Deadline(full.clock, 2_000);
      const first = full.saves.saveGeneral({ before, after: before }, { deadline });
      first.catch(() => undefined);
      await expect(full.saves.saveGeneral({ before, after: before }, { deadline })).rejects.toMatchObject({
        code: 'overloaded',
        status: 503,
      });
    } finally {
      stack.mongo.resume();
    }
    await eventually('the queue is drained', async () => (await system.redis.xlen(syncKeys.stream)) === 0);
    // The open save may be applied or not; the next tests count from here.
    const general = await readFresh(system.collections.entities.general, 'w:g1');
    await system.collections.entities.general.documents.updateOne(
      { _id: 'w:g1' },
      { $set: { action_count: (general?.version ?? 1) - 1 } },
    );
    await system.invalidateCache('general', 'w', 1);
  });
});

describe('acknowledged saves survive', () => {
  it('Redis being killed and started again empty', async () => {
    await duringLoad(async () => {
      await stack.redis.kill();
      await system.clock.sleep(700);
      await stack.redis.restart();
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
  });

  it('Redis accepting and never answering', async () => {
    await duringLoad(async () => {
      stack.redis.pause();
      await system.clock.sleep(1_500);
      stack.redis.resume();
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
  });

  it('Redis being full', async () => {
    await duringLoad(async () => {
      await system.redis.config('SET', 'maxmemory', '1');
      await system.clock.sleep(700);
      await system.redis.config('SET', 'maxmemory', '0');
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
  });

  it('db-sync being killed in the middle of its work', async () => {
    await duringLoad(async () => {
      // With MongoDB silent it has taken saves and can not end them.
      stack.mongo.pause();
      await system.clock.sleep(300);
      await sync.end('SIGKILL');
      stack.mongo.resume();
      await system.clock.sleep(300);
      sync = await startProcess(stack, 'db-sync');
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
  });

  it('db-sync being paused while another instance goes on', async () => {
    await using second = await startProcess(stack, 'db-sync');
    await duringLoad(async () => {
      sync.signal('SIGSTOP');
      await system.clock.sleep(2_500);
      sync.signal('SIGCONT');
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it('MongoDB being killed and started again', async () => {
    await duringLoad(async () => {
      await stack.mongo.kill();
      await system.clock.sleep(700);
      await stack.mongo.restart();
      await system.clock.sleep(1_500);
    });
    expect(await findLosses()).toEqual([]);
    expect(await findStaleEntries()).toEqual([]);
  });
});

describe('the queue', () => {
  it('brings a save to its end whose author and whose worker were both killed', async () => {
    const author = await openTestSystem(stack, { SYNC_CONFIRM_TIMEOUT_MS: '60000' });
    const before = await readFresh(system.collections.entities.general, 'w:g5');
    if (before === null) throw new Error('the general is there');
    stack.mongo.pause();
    using deadline = new Deadline(author.clock, 120_000);
    const after = { ...before, gold: before.gold + 1 };
    author.saves.saveGeneral({ before, after }, { deadline }).catch(() => undefined);
    await eventually('the worker has taken it', async () => {
      const [taken] = await system.redis.xpending(syncKeys.stream, syncKeys.group).catch(() => [0]);
      return Number(taken) > 0;
    });
    await sync.end('SIGKILL');
    await author[Symbol.asyncDispose]();
    stack.mongo.resume();
    sync = await startProcess(stack, 'db-sync');
    await eventually('another worker applies it', async () => {
      return (await readFresh(system.collections.entities.general, 'w:g5'))?.gold === after.gold;
    });
    await eventually(
      'and takes it from the queue',
      async () => (await system.redis.xlen(syncKeys.stream)) === 0,
    );
    expect((await readFresh(system.collections.entities.general, 'w:g5'))?.version).toBe(before.version + 1);
  });

  it('sets unreadable entries aside, instead of dropping or repeating them', async () => {
    await system.redis.xadd(
      syncKeys.stream,
      '*',
      'envelope',
      '{"type":"troop"}',
      'document',
      '{"soldiers":100}',
    );
    await eventually('it is set aside', async () => (await system.redis.xlen(syncKeys.deadLetters)) === 1);
    const [entry] = await system.redis.xrange(syncKeys.deadLetters, '-', '+');
    expect(entry?.[1]).toEqual(
      expect.arrayContaining(['document', '{"soldiers":100}', 'reason', 'unreadable']),
    );
    expect(await train(3)).toBe(true);
  });

  it('goes on past a save that MongoDB can never take', async () => {
    const stored = await readFresh(system.collections.entities.general, 'w:g6');
    if (stored === null) throw new Error('the general is there');
    const { codec } = system.collections.entities.general;
    const huge = { ...stored, version: stored.version + 1, write_id: 'huge', name: 'x'.repeat(17 * 2 ** 20) };
    const envelope = {
      type: 'general',
      base: { version: stored.version, writeId: stored.write_id },
      lists: [],
      savedBy: 'test:huge:1',
    };
    const fields = ['envelope', JSON.stringify(envelope), 'document', codec.encode(huge)];
    await using large = new AsyncDisposableStack();
    const client = new Redis(stack.redisUrl);
    large.defer(() => client.disconnect());
    const entryId = await client.xadd(syncKeys.stream, '*', ...fields);
    await eventually('it leaves the queue', async () => (await client.xlen(syncKeys.stream)) === 0);
    const line = await sync.waitForLine(({ msg }) => msg === 'this save can not be applied');
    expect(line).toMatchObject({ entryId, id: 'w:g6', error: expect.stringMatching(/^\w*Error: /) });
    const saved = await system.metrics.registry.getSingleMetricAsString('opensam_saves_total');
    const byQueue = (text: string) => Number(/path="queue",outcome="applied"} (\d+)/.exec(text)?.[1] ?? 0);
    await eventually('saves go through the queue again', async () => {
      expect(await train(7)).toBe(true);
      const now = await system.metrics.registry.getSingleMetricAsString('opensam_saves_total');
      return byQueue(now) > byQueue(saved);
    });
    expect((await readFresh(system.collections.entities.general, 'w:g6'))?.version).toBe(stored.version);
  });

  it('stays short: what is done leaves it', async () => {
    expect(await system.redis.xlen(syncKeys.stream)).toBe(0);
  });
});

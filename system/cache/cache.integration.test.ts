import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { entityKinds } from '../models/registry.ts';
import { entityCodec, jsonCodec } from './codec.ts';
import { staleNames } from './invalidate.ts';
import { announce } from './journal.ts';
import { cacheKeys, leaseKey } from './keys.ts';

const text = jsonCodec(z.string());
let stack: TestStack;
let system: System;
/** A second process, as far as Redis and MongoDB can tell. */
let other: System;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  other = await openTestSystem(stack);
  await plantTestWorld(system, 'w');
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

function counting<T>(value: T) {
  const loader = () => {
    loader.calls += 1;
    return Promise.resolve(value);
  };
  loader.calls = 0;
  return loader;
}

async function redisIsUsed(): Promise<void> {
  await eventually('both processes use Redis again', () => [system, other].every(({ l2 }) => l2.usable));
}

/** Redis becomes a replica without a master: it keeps and serves its data, and refuses every write. */
async function refuseWrites(): Promise<void> {
  await system.redis.replicaof('127.0.0.1', 1);
}

async function acceptWrites(): Promise<void> {
  await system.redis.replicaof('NO', 'ONE');
}

describe('getOrLoad', () => {
  it('loads once and shares the value with other processes through Redis', async () => {
    const loader = counting('value');
    expect(await system.cache.getOrLoad('t:shared', text, loader)).toBe('value');
    expect(await system.cache.getOrLoad('t:shared', text, loader)).toBe('value');
    expect(await other.cache.getOrLoad('t:shared', text, loader)).toBe('value');
    expect(loader.calls).toBe(1);
    const ttlMs = await system.redis.pttl('t:shared');
    expect(ttlMs).toBeGreaterThan(360_000 * 0.85);
    expect(ttlMs).toBeLessThanOrEqual(360_000);
  });

  it('loads once for a stampede', async () => {
    const loader = counting('value');
    await Promise.all(
      Array.from({ length: 1_000 }, () => system.cache.getOrLoad('t:stampede', text, loader)),
    );
    expect(loader.calls).toBe(1);
  });

  it('tells absent from failed, and asks a failing loader once', async () => {
    expect(await system.cache.getOrLoad('t:absent', text, () => Promise.resolve(null))).toBeNull();
    expect(await system.redis.exists('t:absent')).toBe(0);
    let calls = 0;
    const failing = () => {
      calls += 1;
      return Promise.reject(new Error('down'));
    };
    await expect(system.cache.getOrLoad('t:failed', text, failing)).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    expect(calls).toBe(1);
  });

  it('takes a damaged value for a miss and replaces it', async () => {
    await system.redis.set('t:damaged', '{"half":');
    expect(await system.cache.getOrLoad('t:damaged', text, counting('whole'))).toBe('whole');
    expect(await system.redis.get('t:damaged')).toBe('"whole"');
  });

  it('stores nothing that was invalidated while it was loaded', async () => {
    const gate = Promise.withResolvers<string>();
    const reading = system.cache.getOrLoad('t:overtaken', text, () => gate.promise);
    await eventually(
      'the lease is taken',
      async () => (await system.redis.exists(leaseKey('t:overtaken'))) === 1,
    );
    await other.cache.forget(['t:overtaken']);
    gate.resolve('old');
    expect(await reading).toBe('old');
    expect(await system.redis.exists('t:overtaken')).toBe(0);
  });

  it('stores nothing whose lease has gone to a later reader', async () => {
    const gate = Promise.withResolvers<string>();
    const reading = system.cache.getOrLoad('t:late', text, () => gate.promise);
    await eventually('the lease is taken', async () => (await system.redis.exists(leaseKey('t:late'))) === 1);
    await system.redis.set(leaseKey('t:late'), 'of another reader');
    gate.resolve('old');
    await reading;
    expect(await system.redis.exists('t:late')).toBe(0);
  });

  it('never replaces a newer version in Redis by an older one', async () => {
    const codec = entityCodec(entityKinds.general);
    const general = await system.reads.getGeneral('w', 'w:g1');
    if (general === null) throw new Error('the general is there');
    const key = cacheKeys.general('w', 'w:g1');
    await system.redis.set(key, codec.encode({ ...general, version: 9 }));
    await system.redis.set(leaseKey(key), 'token');
    expect(await system.l2.fill(key, codec.encode(general), general.version, 10, 'token')).toBe(false);
    expect(codec.decode((await system.redis.get(key)) ?? '')?.version).toBe(9);
    await system.cache.forget([key]);
  });
});

describe('invalidateCache', () => {
  it('drops entity and lists here and in Redis, and other processes follow by their L1 TTL', async () => {
    await system.reads.getGeneralByNo('w', 2);
    await system.reads.getGeneral('w', 'w:g2');
    await system.reads.listGenerals('w');
    await other.reads.getGeneralByNo('w', 2);
    await system.collections.entities.general.documents.updateOne(
      { _id: 'w:g2' },
      { $set: { gold: 77, version: 2 } },
    );
    await system.invalidateCache('general', 'w', 'w:g2');
    expect(await system.redis.exists('general:byNo:w:2', 'general:byId:w:w:g2', 'generals:list:w')).toBe(0);
    expect((await system.reads.getGeneralByNo('w', 2))?.gold).toBe(77);
    await eventually(
      'the other process sees it',
      async () => (await other.reads.getGeneralByNo('w', 2))?.gold === 77,
    );
  });

  it('drops every entity of a session by pattern and leaves other sessions alone', async () => {
    await plantTestWorld(system, 'w-other', { generals: 3 });
    await system.reads.getGeneralByNo('w-other', 1);
    for (const no of [1, 2, 3]) await system.reads.getGeneralByNo('w', no);
    await system.invalidateCache('general', 'w');
    expect(await system.redis.keys('general:by*:w:*')).toEqual([]);
    expect(await system.redis.exists('general:byNo:w-other:1')).toBe(1);
  });
});

describe.each(['w[12]', 'w?', 'w*', '*', 'w\\*', '[^x]1', 'w\\', '\\w1'])(
  'invalidateCache of a session that is named %s',
  (name) => {
    const others = ['w1', 'w2', 'wx', 'w', 'w\\x', '1', 'x1', 'w*x'].filter((other) => other !== name);
    const keysOf = (session: string) => [
      `general:byId:${session}:${session}:g1`,
      `general:byNo:${session}:1`,
      `cities:nation:${session}:1`,
      `session:byId:${session}`,
    ];
    const fill = async () => {
      for (const session of [name, ...others]) {
        for (const key of keysOf(session)) await system.redis.mset(key, 'x', leaseKey(key), 'x');
      }
    };
    const left = async (session: string) =>
      await system.redis.exists(...keysOf(session), ...keysOf(session).map(leaseKey));

    it('drops its entries and no other session’s', async () => {
      await fill();
      await system.invalidateCache('general', name);
      await system.invalidateCache('city', name);
      await system.invalidateCache('session', name);
      expect(await left(name)).toBe(0);
      for (const other of others) expect([other, await left(other)]).toEqual([other, 8]);
    });

    it('reaches other processes by the journal as what it is', async () => {
      await fill();
      await announce(system.collections.journal, system.random.uuid(), staleNames('general', name));
      await system.journal.catchUp();
      expect(await left(name)).toBe(4);
      for (const other of others) expect([other, await left(other)]).toEqual([other, 8]);
    });
  },
);

it.each(['w:1', 'w:turn', 'a/b', 'a b', ''])('no world is made under the name %j', async (name) => {
  await expect(plantTestWorld(system, name)).rejects.toMatchObject({
    code: 'bad_request',
    field: 'sessionId',
  });
});

describe('while Redis is away', () => {
  it('answers from the database, whether Redis is gone or only silent', async () => {
    await stack.redis.kill();
    expect((await system.reads.getCity('w', 1))?.city).toBe(1);
    await stack.redis.restart();
    await redisIsUsed();
    stack.redis.pause();
    try {
      expect((await system.reads.getCity('w', 2))?.city).toBe(2);
      await Promise.all([3, 4, 5].map((city) => system.reads.getCity('w', city)));
      await eventually('the breaker opens', async () => {
        await system.reads.getNation('w', 1);
        await system.cache.getOrLoad(`t:${system.random.uuid()}`, text, counting('x'));
        return system.breaker.state !== 'closed';
      });
    } finally {
      stack.redis.resume();
    }
    await redisIsUsed();
  });

  it('does not serve a value whose invalidation was refused, nor does any other process, nor a new one', async () => {
    await other.reads.getNation('w', 2);
    await eventually('it is cached', async () => (await system.redis.exists('nation:byId:w:2')) === 1);
    const author = await openTestSystem(stack);
    await refuseWrites();
    await author.collections.entities.nation.documents.updateOne(
      { _id: 'w:n2' },
      { $set: { gold: 4, version: 2 } },
    );
    await author.invalidateCache('nation', 'w', 2);
    expect(await system.redis.get('nation:byId:w:2')).not.toContain('"gold":4,');
    // The author's own reads know at once, the others when they have read the journal, with Redis still holding the old value.
    expect((await author.reads.getNation('w', 2))?.gold).toBe(4);
    await author[Symbol.asyncDispose]();
    await eventually(
      'the other process sees it',
      async () => (await other.reads.getNation('w', 2))?.gold === 4,
    );
    await using late = await openTestSystem(stack);
    await eventually('so does a new process', async () => (await late.reads.getNation('w', 2))?.gold === 4);
    await acceptWrites();
    await eventually('Redis has dropped it', async () => {
      const cached = await system.redis.get('nation:byId:w:2');
      return cached === null || cached.includes('"gold":4,');
    });
  });

  it('trusts Redis again only after what was missed is read', async () => {
    system.cache.dropLocally(['nation:byId:w:1']);
    await system.reads.getNation('w', 1);
    await eventually('it is cached', async () => (await system.redis.exists('nation:byId:w:1')) === 1);
    stack.redis.pause();
    await eventually('the breaker opens', async () => {
      await system.cache.getOrLoad(`t:${system.random.uuid()}`, text, counting('x'));
      return system.breaker.state !== 'closed';
    });
    await system.collections.entities.nation.documents.updateOne(
      { _id: 'w:n1' },
      { $set: { gold: 5, version: 2 } },
    );
    await system.invalidateCache('nation', 'w', 1);
    stack.redis.resume();
    await redisIsUsed();
    expect((await system.reads.getNation('w', 1))?.gold).toBe(5);
    expect(await system.redis.get('nation:byId:w:1')).toContain('"gold":5,');
  });
});

describe('while MongoDB is away', () => {
  it('serves what is cached and calls the rest unavailable, not absent', async () => {
    await system.reads.getGeneralByNo('w', 5);
    await stack.mongo.kill();
    expect((await system.reads.getGeneralByNo('w', 5))?.no).toBe(5);
    await expect(system.reads.getGeneralByNo('w', 6)).rejects.toMatchObject({ code: 'database_unavailable' });
    await stack.mongo.restart();
    await eventually('it is served again', async () => {
      const general = await system.reads.getGeneralByNo('w', 6).catch(() => null);
      return general?.no === 6;
    });
  });
});

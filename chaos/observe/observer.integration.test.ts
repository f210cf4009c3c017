/** What the observer counts must not contain its own traffic, or a fault would seem to have an effect on the target when it has one on the harness. */
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type FaultRig, openFaultRig } from '../testing/fault-rig.ts';
import { LockHoldings } from './lock-holdings.ts';

let rig: FaultRig;
beforeAll(async () => (rig = await openFaultRig()));
afterAll(() => rig[Symbol.asyncDispose]());

test('the observer’s own connections and commands are not counted', async () => {
  const { observer } = rig;
  const lock = 'order:lock:o1';
  await observer.redis.set(lock, 'a token', 'EX', 60);
  const holdings = new LockHoldings(['*:lock:*']);
  const redisBefore = await observer.redisState();
  const mongoBefore = await observer.mongoState();
  for (let look = 0; look < 20; look += 1) {
    await Promise.all([observer.redisState(), observer.mongoState()]);
    await observer.database.collection('anything').find().toArray();
    expect(await holdings.sample(observer.redis, systemClock)).toBe(1);
  }
  const redisAfter = await observer.redisState();
  const mongoAfter = await observer.mongoState();
  await observer.redis.del(lock);
  expect(holdings.all).toMatchObject([{ key: lock, token: 'a token' }]);
  expect(redisAfter).toMatchObject({ clients: 0, requests: redisBefore.requests });
  expect(mongoAfter).toMatchObject({
    clients: 0,
    requests: mongoBefore.requests,
    connectionsAccepted: mongoBefore.connectionsAccepted,
  });
});

test('a client of Redis is counted, with its commands and the errors it met', async () => {
  const { observer, stack } = rig;
  const before = await observer.redisState();
  const client = new Redis(stack.endpoints.redis.proxied, { lazyConnect: true, retryStrategy: () => null });
  try {
    await client.connect();
    await client.set('list', 'a string');
    await expect(client.lpush('list', 'an element')).rejects.toThrow('WRONGTYPE');
    const during = await observer.redisState();
    expect(during.clients).toBe(1);
    expect(during.requests - before.requests).toBe(2);
    expect(during.connectionsAccepted - before.connectionsAccepted).toBe(1);
    expect(during.errors.get('WRONGTYPE')).toBe(1);
    expect(during.keys).toBe(1);
    expect(during.runId).toBe(before.runId);
  } finally {
    client.disconnect();
  }
});

test('a client of MongoDB is counted, with its requests', async () => {
  const { observer, stack } = rig;
  const before = await observer.mongoState();
  await using client = new MongoClient(stack.endpoints.mongo.proxied, { maxPoolSize: 1 });
  const documents = client.db('redcliff_observer').collection('documents');
  for (let no = 0; no < 10; no += 1) await documents.insertOne({ no });
  const during = await observer.mongoState();
  // One connection for the commands, one or two by which the driver watches the server.
  expect(during.clients).toBeGreaterThanOrEqual(2);
  expect(during.clients).toBeLessThanOrEqual(3);
  expect(during.requests - before.requests).toBeGreaterThanOrEqual(10);
  expect(during.connectionsAccepted - before.connectionsAccepted).toBe(during.clients);
  expect(during.serverProcess).toBe(before.serverProcess);
});

test('a restarted server is another process to the observer, which finds it again by itself', async () => {
  const { observer, stack } = rig;
  const before = { redis: await observer.redisState(), mongo: await observer.mongoState() };
  for (const part of ['redis', 'mongo'] as const) {
    await stack.kill(part);
    await stack.restart(part);
  }
  expect((await observer.redisState()).runId).not.toBe(before.redis.runId);
  expect((await observer.mongoState()).serverProcess).not.toBe(before.mongo.serverProcess);
});

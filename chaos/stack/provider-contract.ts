/**
 * What every stack provider has to keep, as one suite. What a provider has no capability for is checked to be refused.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { acceptsConnections } from '../process/readiness.ts';
import type { Capability, Stack } from './contract.ts';

export interface ContractSubject extends AsyncDisposable {
  readonly stack: Stack;
  /** Ends the stack, leaving what is around it. */
  end(): Promise<void>;
  /** Whatever of the stack is still there; empty after `end`. */
  remainders(): Promise<readonly string[]>;
}

const clientDeadlineMs = 3_000;
const keptForMs = 300;

export function describeProvider(name: string, create: () => Promise<ContractSubject>): void {
  describe(`the ${name} stack`, () => {
    let subject: ContractSubject;
    let stack: Stack;
    beforeAll(async () => {
      subject = await create();
      stack = subject.stack;
    });
    afterAll(async () => await subject[Symbol.asyncDispose]());

    const can = (capability: Capability) => stack.capabilities.has(capability);

    it('describes its parts', () => {
      for (const part of Object.values(stack.parts)) {
        expect(part.program).not.toBe('');
        expect(part.version).toMatch(/^\d+\.\d+\.\d+/);
      }
    });

    it('answers at its direct endpoints', async () => {
      await using redis = await openRedis(stack.endpoints.redis.direct);
      expect(await redis.client.ping()).toBe('PONG');
      await using mongo = await openClient(stack.endpoints.mongo.direct);
      expect(await mongo.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    });

    it('answers at its proxied endpoints, with the same data', async () => {
      await using direct = await openRedis(stack.endpoints.redis.direct);
      await using proxied = await openRedis(stack.endpoints.redis.proxied);
      await proxied.client.set('contract:proxied', 'yes');
      expect(await direct.client.getdel('contract:proxied')).toBe('yes');

      await using directMongo = await openClient(stack.endpoints.mongo.direct);
      await using proxiedMongo = await openClient(stack.endpoints.mongo.proxied);
      const documents = proxiedMongo.db('redcliff_contract').collection<{ _id: string }>('documents');
      await documents.insertOne({ _id: 'proxied' }, { writeConcern: { w: 'majority' } });
      const found = directMongo.db('redcliff_contract').collection<{ _id: string }>('documents');
      expect(await found.findOneAndDelete({ _id: 'proxied' })).toEqual({ _id: 'proxied' });
    });

    it('has a MongoDB that does transactions through the proxy', async () => {
      await using mongo = await openClient(stack.endpoints.mongo.proxied);
      const documents = mongo.db('redcliff_contract').collection<{ _id: string }>('transactions');
      const abandoned = mongo.withSession((session) =>
        session.withTransaction(async () => {
          await documents.insertOne({ _id: 'abandoned' }, { session });
          throw new Error('aborted by the test');
        }),
      );
      await expect(abandoned).rejects.toThrow('aborted by the test');
      await mongo.withSession((session) =>
        session.withTransaction(async () => {
          await documents.insertOne({ _id: 'kept' }, { session });
        }),
      );
      expect(await documents.find().toArray()).toEqual([{ _id: 'kept' }]);
      await documents.drop();
    });

    it.each(['redis', 'mongo'] as const)(
      'refuses connections to %s while its proxy is switched off',
      async (part) => {
        const { hostname, port } = new URL(stack.endpoints[part].proxied);
        const proxy = await new Toxiproxy(stack.endpoints.toxiproxyApi).get(stack.endpoints.proxyNames[part]);
        const where = { listen: proxy.listen, upstream: proxy.upstream };
        const reachable = () => staysConnected(hostname, Number(port));
        expect(await reachable()).toBe(true);
        await proxy.update({ ...where, enabled: false });
        expect(await reachable()).toBe(false);
        await proxy.update({ ...where, enabled: true });
        expect(await reachable()).toBe(true);
      },
    );

    it('empties Redis and a database for a cell', async () => {
      await using redis = await openRedis(stack.endpoints.redis.direct);
      await using mongo = await openClient(stack.endpoints.mongo.direct);
      const documents = mongo.db('redcliff_emptied').collection('items');
      await stack.empty('redcliff_emptied');
      await redis.client.set('item:1', 'from the cell before');
      await documents.insertOne({ number: 1 });
      await stack.empty('redcliff_emptied');
      expect(await redis.client.exists('item:1')).toBe(0);
      expect(await documents.countDocuments()).toBe(0);
      const asked = { getParameter: 1, transactionLifetimeLimitSeconds: 1 };
      const { transactionLifetimeLimitSeconds: seconds } = await mongo.db('admin').command(asked);
      // An external server keeps its settings. On our own, a transaction of a killed process must not outlast a cell.
      expect(seconds).toBe(stack.provider === 'external' ? 60 : 5);
    });

    it('keeps the data of a Redis that is killed and started again', async (context) => {
      if (!can('redis-kill') || !can('redis-restart'))
        return refused(() => stack.kill('redis'), context.skip);
      const before = await setInRedis(stack, 'contract:kept', 'yes');
      await stack.kill('redis');
      expect(await portAnswers(stack.endpoints.redis.direct)).toBe(false);
      await stack.restart('redis');
      await using redis = await openRedis(stack.endpoints.redis.proxied);
      expect(await redis.client.getdel('contract:kept')).toBe('yes');
      expect(await redisRunId(redis.client)).not.toBe(before);
    });

    it('discards the data of a Redis that is started again empty', async (context) => {
      if (!can('redis-restart-empty'))
        return refused(() => stack.restart('redis', { empty: true }), context.skip);
      await setInRedis(stack, 'contract:discarded', 'yes');
      await stack.kill('redis');
      await stack.restart('redis', { empty: true });
      await using redis = await openRedis(stack.endpoints.redis.proxied);
      expect(await redis.client.dbsize()).toBe(0);
    });

    it('keeps the acknowledged writes of a MongoDB that is killed and started again', async (context) => {
      if (!can('mongo-kill') || !can('mongo-restart'))
        return refused(() => stack.kill('mongo'), context.skip);
      const insert = async () => {
        await using mongo = await openClient(stack.endpoints.mongo.proxied);
        const documents = mongo.db('redcliff_contract').collection<{ _id: number }>('kept');
        const many = Array.from({ length: 100 }, (_, index) => ({ _id: index }));
        await documents.insertMany(many, { writeConcern: { w: 'majority' } });
      };
      await insert();
      await stack.kill('mongo');
      expect(await portAnswers(stack.endpoints.mongo.direct)).toBe(false);
      await stack.restart('mongo');
      await using mongo = await openClient(stack.endpoints.mongo.proxied);
      expect(await mongo.db('redcliff_contract').collection('kept').countDocuments()).toBe(100);
    });

    it.for(['redis', 'mongo'] as const)('pauses and resumes %s', async (part, context) => {
      if (!can(`${part}-pause`)) return refused(() => stack.pause(part), context.skip);
      await using redis = await openRedis(stack.endpoints.redis.proxied);
      await using mongo = await openClient(stack.endpoints.mongo.proxied);
      const ask = async (): Promise<unknown> =>
        part === 'redis' ? await redis.client.ping() : await mongo.db('admin').command({ ping: 1 });
      await ask();
      await stack.pause(part);
      // It hangs rather than refuses: connections are accepted, answers do not come.
      expect(await portAnswers(stack.endpoints[part].direct)).toBe(true);
      const answer = ask();
      const first = await Promise.race([answer, systemClock.sleep(250).then(() => 'silence')]);
      expect(first).toBe('silence');
      await stack.resume(part);
      expect(await answer).toBeTruthy();
    });

    it('steps down, and has a primary again', async (context) => {
      if (!can('mongo-step-down')) return refused(() => stack.stepDown(), context.skip);
      await using mongo = await openClient(stack.endpoints.mongo.direct);
      const isPrimary = async () => (await mongo.db('admin').command({ hello: 1 }))['isWritablePrimary'];
      expect(await isPrimary()).toBe(true);
      await stack.stepDown();
      expect(await isPrimary()).toBe(false);
      await expect.poll(isPrimary, { timeout: 30_000 }).toBe(true);
    });

    it('cuts the primary from the other members, and lets it back', { timeout: 90_000 }, async (context) => {
      if (!can('mongo-partition')) return refused(() => stack.partition(), context.skip);
      await using first = await openClient(stack.endpoints.mongo.proxied);
      const others = stack.endpoints.mongo.others ?? [];
      expect(others).toHaveLength(2);
      const isPrimary = async (client: MongoClient) =>
        (await client.db('admin').command({ hello: 1 }))['isWritablePrimary'] === true;
      const primariesAmong = async (uris: readonly string[]) => {
        const answers = uris.map(async (uri) => {
          await using client = await openClient(uri);
          return await isPrimary(client);
        });
        return (await Promise.all(answers)).filter((answer) => answer).length;
      };
      await expect.poll(() => isPrimary(first), { timeout: 30_000 }).toBe(true);
      await expect.poll(() => primariesAmong(others), { timeout: 30_000 }).toBe(0);
      await stack.partition();
      // Clients can still reach it; only the members cannot reach each other.
      await expect.poll(() => isPrimary(first), { timeout: 30_000 }).toBe(false);
      await expect.poll(() => primariesAmong(others), { timeout: 30_000 }).toBe(1);
      await stack.rejoin();
      await stack.rejoin();
      await expect.poll(() => isPrimary(first), { timeout: 30_000 }).toBe(true);
      await expect.poll(() => primariesAmong(others), { timeout: 30_000 }).toBe(0);
    });

    it('refuses what the state of a part does not allow', async (context) => {
      if (!can('redis-kill')) return refused(() => stack.kill('redis'), context.skip);
      await expect(stack.restart('redis')).rejects.toMatchObject({ code: 'part_state' });
      await stack.kill('redis');
      await expect(stack.kill('redis')).rejects.toMatchObject({ code: 'part_state' });
      await stack.restart('redis');
    });

    it('saw no unexpected end of a part', () => {
      expect(stack.unexpectedExits()).toEqual([]);
    });

    it('leaves nothing when it ends', async () => {
      await subject.end();
      expect(await subject.remainders()).toEqual([]);
    });
  });
}

async function refused(action: () => Promise<void>, skip: (note: string) => void): Promise<void> {
  await expect(action()).rejects.toMatchObject({ code: 'capability_missing', exitStatus: 64 });
  skip('the provider does not have the capability, and reports that');
}

/** The run id of the Redis that holds the value; resolves when the value has left the process. */
async function setInRedis(stack: Stack, key: string, value: string): Promise<string> {
  await using redis = await openRedis(stack.endpoints.redis.direct);
  await redis.client.set(key, value);
  // What the operating system has, no SIGKILL takes away; with everysec the write may come a little after the answer.
  await expect.poll(async () => await redis.client.info('persistence')).toMatch(/aof_buffer_length:0\b/);
  return await redisRunId(redis.client);
}

async function redisRunId(redis: Redis): Promise<string> {
  return /^run_id:(\S+)/m.exec(await redis.info('server'))?.[1] ?? '';
}

/**
 * Whether a connection is made and kept. A port that an engine publishes from a container accepts even without a listener inside,
 * and is closed again at once.
 */
async function staysConnected(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  const ended = new Promise<boolean>((resolve) => {
    for (const event of ['end', 'close', 'error']) socket.once(event, () => resolve(false));
  });
  const connected = once(socket, 'connect').then(() => systemClock.sleep(keptForMs));
  try {
    return await Promise.race([ended, connected.then(() => true).catch(() => false)]);
  } finally {
    socket.destroy();
  }
}

async function portAnswers(uri: string): Promise<boolean> {
  const { hostname, port } = new URL(uri);
  return await acceptsConnections(hostname, Number(port), systemClock);
}

async function openRedis(uri: string): Promise<{ client: Redis } & AsyncDisposable> {
  const client = new Redis(uri, { lazyConnect: true, connectTimeout: clientDeadlineMs, retryStrategy: null });
  client.on('error', () => undefined);
  await client.connect();
  return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
}

async function openClient(uri: string): Promise<MongoClient> {
  return await new MongoClient(uri, { serverSelectionTimeoutMS: clientDeadlineMs }).connect();
}

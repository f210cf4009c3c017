import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { keyMatcher } from '../../observe/key-patterns.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper } from '../../process/reaper.ts';
import type { Stack } from '../contract.ts';
import { localProvider } from '../local-provider.ts';
import { openMongo } from '../mongo-launch.ts';
import { parseExternalAddresses } from './addresses.ts';
import { externalProvider } from './external-provider.ts';
import { ownerCollection, ownerKey } from './foreign-data.ts';

const ownsKey = keyMatcher(['session:*']);

const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
const owned = new AsyncDisposableStack();
let theirs: Stack;
let redis: Redis;
let folder: string;

beforeAll(async () => {
  const reaper = owned.use(await startReaper());
  folder = owned.use(await temporaryFolder(reaper, 'foreign')).path;
  theirs = owned.use(
    await localProvider({ reaper, environment }).start({
      folder,
      seed: 'foreign',
      signal: AbortSignal.timeout(60_000),
    }),
  );
  redis = new Redis(`${theirs.endpoints.redis.direct}/5`);
  owned.defer(() => redis.disconnect());
});
afterAll(() => owned.disposeAsync());

beforeEach(async () => {
  await redis.flushdb();
  await using mongo = await openMongo(theirs.endpoints.mongo.direct);
  for (const name of ['redcliff_cell', 'redcliff_theirs', 'shop']) await mongo.db(name).dropDatabase();
});

function provider(besideForeignKeys = false) {
  const { mongo, toxiproxyApi } = theirs.endpoints;
  const addresses = parseExternalAddresses({
    redis: `${theirs.endpoints.redis.direct}/5`,
    mongo: mongo.direct,
    toxiproxy: toxiproxyApi,
    besideForeignKeys,
  });
  return externalProvider({ addresses, clock: systemClock, ownsKey });
}

async function start(besideForeignKeys = false): Promise<Stack> {
  return await provider(besideForeignKeys).start({ folder, seed: 's', signal: AbortSignal.timeout(60_000) });
}

async function documentsIn(database: string): Promise<Record<string, number>> {
  await using mongo = await openMongo(theirs.endpoints.mongo.direct);
  const collections = await mongo.db(database).listCollections().toArray();
  const counts: Record<string, number> = {};
  for (const { name } of collections) {
    counts[name] = await mongo.db(database).collection(name).countDocuments();
  }
  return counts;
}

async function insert(database: string, collection: string): Promise<void> {
  await using mongo = await openMongo(theirs.endpoints.mongo.direct);
  await mongo.db(database).collection(collection).insertOne({ theirs: true });
}

describe('foreign keys', () => {
  it('stand in the way of a run, which touches nothing', async () => {
    await redis.set('cart:42', 'theirs');
    const refusal = { code: 'foreign_data', exitStatus: 64, message: expect.stringContaining('"cart:42"') };
    await expect(provider().probe()).rejects.toMatchObject(refusal);
    await expect(start()).rejects.toMatchObject(refusal);
    expect(await redis.keys('*')).toEqual(['cart:42']);
    expect(Object.keys(await new Toxiproxy(theirs.endpoints.toxiproxyApi).getAll()).toSorted()).toEqual([
      'mongo',
      'redis',
    ]);
  });

  it('are left alone where the run has leave to be beside them', async () => {
    await redis.set('cart:42', 'theirs');
    await using stack = await start(true);
    await stack.empty('redcliff_cell');
    await redis.set('session:byId:s1', 'ours');
    await stack.empty('redcliff_cell');
    expect((await redis.keys('*')).toSorted()).toEqual(['cart:42', ownerKey]);
    expect(await redis.get('cart:42')).toBe('theirs');
  });

  it('refuse the run even so when the target uses such keys', async () => {
    await redis.set('cart:42', 'theirs');
    await redis.xadd('session:queue', '*', 'field', 'theirs');
    await expect(start(true)).rejects.toMatchObject({
      code: 'foreign_data',
      message: expect.stringContaining('"session:queue"'),
    });
    expect(await redis.dbsize()).toBe(2);
  });

  it('stay when they come to a database that the harness had taken', async () => {
    await using stack = await start();
    await stack.empty('redcliff_cell');
    await redis.mset('cart:42', 'theirs', 'session:1', 'ours');
    await stack.empty('redcliff_cell');
    expect((await redis.keys('*')).toSorted()).toEqual(['cart:42', ownerKey]);
  });

  it('in another database number are never seen', async () => {
    const other = new Redis(`${theirs.endpoints.redis.direct}/6`);
    try {
      await other.set('session:queue', 'theirs');
      await using stack = await start();
      await stack.empty('redcliff_cell');
      expect(await other.get('session:queue')).toBe('theirs');
    } finally {
      await other.flushdb();
      other.disconnect();
    }
  });
});

describe('foreign databases', () => {
  it('refuse the run when they have a name of the harness, and are not dropped', async () => {
    await insert('redcliff_theirs', 'orders');
    const refusal = {
      code: 'foreign_data',
      exitStatus: 64,
      message: expect.stringContaining('redcliff_theirs'),
    };
    await expect(provider().probe()).rejects.toMatchObject(refusal);
    await expect(start()).rejects.toMatchObject(refusal);
    expect(await documentsIn('redcliff_theirs')).toEqual({ orders: 1 });
  });

  it('are not dropped when they come after the start', async () => {
    await using stack = await start();
    await insert('redcliff_cell', 'orders');
    await expect(stack.empty('redcliff_cell')).rejects.toMatchObject({ code: 'foreign_data' });
    expect(await documentsIn('redcliff_cell')).toEqual({ orders: 1 });
  });

  it('of any other name are left alone', async () => {
    await insert('shop', 'orders');
    await using stack = await start();
    await stack.empty('redcliff_cell');
    expect(await documentsIn('shop')).toEqual({ orders: 1 });
  });
});

it('empties a database that it made itself, and goes on calling it its own', async () => {
  await using stack = await start();
  await stack.empty('redcliff_cell');
  await insert('redcliff_cell', 'items');
  await stack.empty('redcliff_cell');
  expect(await documentsIn('redcliff_cell')).toEqual({ [ownerCollection]: 1 });
  await expect(provider().probe()).resolves.toEqual({ available: true });
});

it('uses a proxy that is there already, and leaves it where it is', async () => {
  const { redis: direct, mongo, toxiproxyApi, proxyNames } = theirs.endpoints;
  const given = { mongo: mongo.direct, toxiproxy: toxiproxyApi, mongoProxy: proxyNames.mongo };
  const addresses = parseExternalAddresses({
    ...given,
    redis: `${direct.direct}/5`,
    redisProxy: proxyNames.redis,
  });
  const external = externalProvider({ addresses, clock: systemClock, ownsKey });
  {
    await using stack = await external.start({ folder, seed: 's', signal: AbortSignal.timeout(60_000) });
    expect(stack.endpoints.redis.proxied).toBe(`${direct.proxied}/5`);
    expect(stack.endpoints.proxyNames).toEqual(proxyNames);
  }
  const left = await new Toxiproxy(toxiproxyApi).getAll();
  expect(Object.keys(left).toSorted()).toEqual(['mongo', 'redis']);
  const missing = parseExternalAddresses({ ...given, redis: direct.direct, redisProxy: 'nobody' });
  await expect(
    externalProvider({ addresses: missing, clock: systemClock, ownsKey }).probe(),
  ).resolves.toMatchObject({
    available: false,
    reason: expect.stringContaining('it has no proxy "nobody", only'),
  });
});

it('shows no password of a server that refuses it, and writes none down', async () => {
  const { toxiproxyApi, mongo } = theirs.endpoints;
  const addresses = parseExternalAddresses({
    redis: theirs.endpoints.redis.direct.replace('//', '//me:hunter2-redis@'),
    mongo: mongo.direct.replace('//', '//me:hunter2-mongo@'),
    toxiproxy: toxiproxyApi,
  });
  const found = await externalProvider({ addresses, clock: systemClock, ownsKey }).probe();
  expect(found).toMatchObject({
    available: false,
    reason: expect.stringMatching(/me:\*\*\*@.*WRONGPASS.*me:\*\*\*@/s),
  });
  expect(JSON.stringify(found)).not.toContain('hunter2');
  await mkdir(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.log'))) {
    expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain('hunter2');
  }
});

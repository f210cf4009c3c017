/** An external Redis: finds the master, and deletes only keys of the target. */
import { Redis } from 'ioredis';
import type { KeyMatcher } from '../../observe/key-patterns.ts';
import { scanKeys } from '../../observe/scan-keys.ts';
import { movedTo } from './addresses.ts';
import { judgeRedis, ownerKey, type RedisContents } from './foreign-data.ts';
import type { RedisAddress, SentinelPlace } from './redis-address.ts';

/** Of the client itself, which knows the reason. */
const deadlineMs = 2_500;
const scanBatch = 1_000;

export interface FoundRedis {
  readonly url: URL;
  readonly version: string;
}

/** Looks up the master where sentinels are given. Rejects with the reason as the client gives it. */
export async function findRedis(address: RedisAddress): Promise<FoundRedis> {
  const url = address.kind === 'server' ? address.url : await findMaster(address);
  await using redis = await openRedis(url.href);
  const info = await redis.client.info();
  if (/^cluster_enabled:1/m.test(info)) {
    throw new Error('it is a node of a Redis Cluster, whose redirections lead past Toxiproxy');
  }
  const role = /^role:(\w+)/m.exec(info)?.[1];
  if (role !== 'master') throw new Error(`it does not accept writes: its role is ${role ?? 'unknown'}`);
  return { url, version: /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown' };
}

/** Connected for this piece of work. */
export async function withRedis(url: URL, work: (redis: Redis) => Promise<void>): Promise<void> {
  await using redis = await openRedis(url.href);
  await work(redis.client);
}

/** Throws `ForeignData` where the harness may not work there; changes nothing. */
export async function checkRedis(url: URL, ownsKey: KeyMatcher, besideForeignKeys: boolean): Promise<void> {
  await using redis = await openRedis(url.href);
  judgeRedis(await readContents(redis.client, ownsKey, besideForeignKeys), besideForeignKeys);
}

/** Marks the database as taken, and deletes the keys of the target, nothing else. Throws `ForeignData`. */
export async function emptyRedis(url: URL, ownsKey: KeyMatcher, besideForeignKeys: boolean): Promise<void> {
  await using redis = await openRedis(url.href);
  judgeRedis(await readContents(redis.client, ownsKey, besideForeignKeys), besideForeignKeys);
  await redis.client.set(
    ownerKey,
    'taken by a harness of Redcliff, which deletes the keys of its own runs here',
  );
  for await (const keys of scanKeys(redis.client, { count: scanBatch })) {
    const own = keys.filter(ownsKey);
    if (own.length > 0) await redis.client.unlink(...own);
  }
}

/** Scans all keys only where needed: without permission to share the database, one foreign key is enough. */
async function readContents(redis: Redis, ownsKey: KeyMatcher, toTheEnd: boolean): Promise<RedisContents> {
  const isMarked = (await redis.exists(ownerKey)) === 1;
  const keys = await redis.dbsize();
  let targetKey: string | null = null;
  let otherKey: string | null = null;
  if (isMarked || keys === 0) return { isMarked, keys, targetKey, otherKey };
  for await (const found of scanKeys(redis, { count: scanBatch })) {
    targetKey ??= found.find(ownsKey) ?? null;
    otherKey ??= found.find((key) => !ownsKey(key)) ?? null;
    if (targetKey !== null || (otherKey !== null && !toTheEnd)) break;
  }
  return { isMarked, keys, targetKey, otherKey };
}

async function findMaster(address: RedisAddress & { kind: 'sentinel' }): Promise<URL> {
  const reasons: string[] = [];
  for (const place of address.sentinels) {
    try {
      const found = await askSentinel(place, address.master);
      if (found !== undefined) return movedTo(address.template, found.host, found.port);
      reasons.push(`${place.host}:${place.port} knows no master ${address.master}`);
    } catch (error) {
      reasons.push(`${place.host}:${place.port}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`no sentinel tells where the master is (${reasons.join('; ')})`);
}

async function askSentinel(place: SentinelPlace, master: string): Promise<SentinelPlace | undefined> {
  await using sentinel = await openRedis(place, false);
  const answer = await sentinel.client.call('SENTINEL', 'get-master-addr-by-name', master);
  if (!Array.isArray(answer)) return undefined;
  const [host, port]: unknown[] = answer;
  return { host: String(host), port: Number(port) };
}

/** A client that fails fast; a sentinel is ready as soon as it is connected. */
async function openRedis(
  where: string | SentinelPlace,
  enableReadyCheck = true,
): Promise<{ client: Redis } & AsyncDisposable> {
  const options = {
    lazyConnect: true,
    connectionName: 'redcliff-stack',
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    retryStrategy: null,
    enableReadyCheck,
  };
  const client =
    typeof where === 'string'
      ? new Redis(where, options)
      : new Redis({ ...options, host: where.host.replace(/^\[|\]$/g, ''), port: where.port });
  // The reason reaches the rejected connect; without a listener the error would be printed as unhandled.
  let reason: Error | undefined;
  client.on('error', (error) => (reason = error));
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw reason ?? error;
  }
  return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
}

/** Rejects with the reason when it does not answer, such as that its certificate is not for this host. */
export async function pingRedis(url: URL): Promise<void> {
  await using redis = await openRedis(url.href);
  await redis.client.ping();
}

/** The harness's own reads past the proxies: what the database and Redis hold, as the checkers will see it. */
import { evidenceSchema, type Evidence } from '../../reports/record/evidence.ts';
import type { StateScope } from '../api/target.ts';
import type { Observer } from '../observe/observer.ts';
import { isOwnKey } from '../observe/key-patterns.ts';
import { scanKeys } from '../observe/scan-keys.ts';
import { parseJson } from '../parse-json.ts';
import { ownerCollection } from '../stack/external/foreign-data.ts';

type CacheEntry = Evidence['cache'][number];
type Database = Evidence['database'];

const scanBatch = 500;
const documentsSchema = evidenceSchema.shape.database.valueType;

/** Documents of every collection in scope; dates become ISO strings, identifiers their text. */
export async function readDatabase(
  { database }: Observer,
  { collections }: StateScope = {},
): Promise<Database> {
  const listed = await database.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  const names = listed.map(({ name }) => name).filter((name) => name !== ownerCollection);
  const result: Database = {};
  for (const name of collections === undefined ? names : names.filter((one) => collections.includes(one))) {
    const documents: unknown = await database.collection(name).find().toArray();
    result[name] = documentsSchema.parse(JSON.parse(JSON.stringify(documents)));
  }
  return result;
}

/** Names of the keys in scope. */
export async function readKeys(
  { redis }: Observer,
  { keys: patterns = ['*'] }: StateScope = {},
): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns)
    for await (const keys of scanKeys(redis, { count: scanBatch, match: pattern }))
      for (const key of keys) if (!isOwnKey(key)) found.add(key);
  return [...found].toSorted();
}

/** Every key in scope with its TTL, strings with their value. */
export async function readCache(
  { redis }: Observer,
  { keys: patterns = ['*'] }: StateScope = {},
): Promise<CacheEntry[]> {
  const entries = new Map<string, CacheEntry>();
  for (const pattern of patterns) {
    for await (const keys of scanKeys(redis, { count: scanBatch, match: pattern })) {
      for (const key of keys.filter((one) => !isOwnKey(one))) {
        const [type, ttlMs] = await Promise.all([redis.type(key), redis.pttl(key)]);
        const text = type === 'string' ? await redis.get(key) : null;
        entries.set(key, { key, type, ttlMs, value: text === null ? null : parseJson(text) });
      }
    }
  }
  return [...entries.values()].sort((left, right) => (left.key < right.key ? -1 : 1));
}

/** The harness's own reads at rest, past Toxiproxy: everything the database and Redis hold, as the checkers will see it. */
import { evidenceSchema, type Evidence } from '../../reports/record/evidence.ts';
import type { Observer } from '../observe/observer.ts';
import { isSystemKey } from '../observe/system-keys.ts';
import { parseJson } from '../parse-json.ts';
import { ownerCollection } from '../stack/external/foreign-data.ts';

type CacheEntry = Evidence['cache'][number];
type Database = Evidence['database'];

const scanBatch = 500;

/** Documents of every collection; dates become ISO strings, identifiers their text. */
export async function readDatabase({ database }: Observer): Promise<Database> {
  const collections = await database.listCollections({}, { nameOnly: true }).toArray();
  const result: Database = {};
  for (const { name } of collections) {
    if (name === ownerCollection) continue;
    const documents: unknown = await database.collection(name).find().toArray();
    result[name] = evidenceSchema.shape.database.valueType.parse(JSON.parse(JSON.stringify(documents)));
  }
  return result;
}

/** Fields of the seeded world that a balance may begin with; everything else of it is in the final documents. */
const initialFields: Readonly<Record<string, readonly string[]>> = {
  cities: ['city', 'nation'],
  generals: ['no', 'nation', 'gold', 'rewards'],
  items: ['item', 'owner'],
  nations: ['nation', 'status', 'gold', 'population', 'city_count'],
  tournaments: ['tournament', 'pool'],
};

/** What the world was seeded with, read before the load; collections that are empty then are left out. */
export async function readInitial({ database }: Observer): Promise<Database> {
  const result: Database = {};
  for (const [name, fields] of Object.entries(initialFields)) {
    const projection = Object.fromEntries(['session_id', ...fields].map((field) => [field, 1]));
    const documents: unknown = await database.collection(name).find({}, { projection }).toArray();
    const parsed = evidenceSchema.shape.database.valueType.parse(JSON.parse(JSON.stringify(documents)));
    if (parsed.length > 0) result[name] = parsed;
  }
  return result;
}

/** Every key of the system in Redis with its TTL, strings with their value. */
export async function readCache({ redis }: Observer): Promise<CacheEntry[]> {
  const entries: CacheEntry[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', scanBatch);
    cursor = next;
    for (const key of keys.filter(isSystemKey)) {
      const [type, ttlMs] = await Promise.all([redis.type(key), redis.pttl(key)]);
      const text = type === 'string' ? await redis.get(key) : null;
      entries.push({ key, type, ttlMs, value: text === null ? null : parseJson(text) });
    }
  } while (cursor !== '0');
  return entries.sort((left, right) => (left.key < right.key ? -1 : 1));
}

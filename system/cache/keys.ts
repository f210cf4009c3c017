/** The names of everything in Redis, in one place: a key built elsewhere is easily forgotten when entries are invalidated. */
export const cacheKeys = {
  cities: (sessionId: string) => `cities:list:${sessionId}`,
  citiesOfNation: (sessionId: string, nation: number) => `cities:nation:${sessionId}:${nation}`,
  city: (sessionId: string, city: number) => `city:byId:${sessionId}:${city}`,
  general: (sessionId: string, generalId: string) => `general:byId:${sessionId}:${generalId}`,
  generalByNo: (sessionId: string, no: number) => `general:byNo:${sessionId}:${no}`,
  generals: (sessionId: string) => `generals:list:${sessionId}`,
  nation: (sessionId: string, nation: number) => `nation:byId:${sessionId}:${nation}`,
  nations: (sessionId: string) => `nations:list:${sessionId}`,
  session: (sessionId: string) => `session:byId:${sessionId}`,
} as const;

/** The right to fill `key`; the Lua scripts build the same name. */
export const leaseKey = (key: string) => `lease:${key}`;

/** Names the server process that the entries were written to. */
export const epochKey = 'cache:epoch';

const entryPrefixes = [
  'cities:list:',
  'cities:nation:',
  'city:byId:',
  'general:byId:',
  'general:byNo:',
  'generals:list:',
  'nation:byId:',
  'nations:list:',
  'session:byId:',
];

/** Whether a name in Redis is that of a cached value. */
export const isEntry = (key: string) => entryPrefixes.some((prefix) => key.startsWith(prefix));

export const syncKeys = {
  stream: 'sync:queue',
  group: 'db-sync',
  deadLetters: 'sync:dead',
  results: (processId: string) => `sync:results:${processId}`,
} as const;

export const heartbeatsKey = 'daemons:heartbeats';

/** All keys that begin like this: the text itself, in which no character means anything else. */
export interface KeyPrefix {
  readonly prefix: string;
}

/** What of the cache is stale: one key, or all that begin alike. The name of a session may look like a pattern, so patterns are never recognised by their text. */
export type CacheName = KeyPrefix | string;

export const isPrefix = (name: CacheName): name is KeyPrefix => typeof name !== 'string';

/** Keys and prefixes apart, each once. */
export function separate(names: readonly CacheName[]): {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
} {
  const keys = new Set<string>();
  const prefixes = new Set<string>();
  for (const name of names) {
    if (isPrefix(name)) prefixes.add(name.prefix);
    else keys.add(name);
  }
  return { keys: [...keys], prefixes: [...prefixes] };
}

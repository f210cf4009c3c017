/** The names of everything in Redis, in one place: a key built elsewhere is a key that somebody forgets to invalidate. */
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

/** A name that ends in `*` stands for every key that begins like it. */
export const isPattern = (key: string) => key.endsWith('*');

/** The keys of Redis that the system uses. In a Redis that is shared with others, no other key is read or deleted. */
const entities = ['city', 'general', 'nation', 'session'];
const lists = ['cities', 'generals', 'nations'];
const locks = ['auction', 'battle', 'city', 'nation', 'session', 'tournament'];

const cached = [
  ...entities.flatMap((entity) => [`${entity}:byId:*`, `${entity}:byNo:*`]),
  ...lists.flatMap((list) => [`${list}:list:*`, `${list}:nation:*`]),
];

export const keyPatterns: readonly string[] = [
  ...cached,
  ...cached.map((pattern) => `lease:${pattern}`),
  ...locks.map((lock) => `${lock}:lock:*`),
  'cache:epoch',
  'daemons:heartbeats',
  'sync:dead',
  'sync:queue',
  'sync:results:*',
];

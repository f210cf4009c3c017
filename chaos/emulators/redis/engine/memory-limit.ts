/** Keeps memory below `maxmemory`, as far as the policy allows. */
import { chooseVictim } from '../keyspace/eviction.ts';
import type { ServerState } from './server-state.ts';

/** Evicts keys; false when there is still too much. */
export function freeMemory(server: ServerState): boolean {
  const { configuration, keyspace } = server;
  const limit = configuration.number('maxmemory');
  if (limit === 0) return true;
  if (server.isPaused || (server.master !== undefined && configuration.flag('replica-ignore-maxmemory'))) {
    return true;
  }
  const policy = configuration.text('maxmemory-policy');
  while (server.usedMemoryBytes > limit) {
    if (policy === 'noeviction') return false;
    const victim = chooseVictim(keyspace.databases, {
      policy,
      samples: configuration.number('maxmemory-samples'),
      random: server.random,
      nowMs: server.nowMs,
      lfuLogFactor: server.lfuLogFactor,
      lfuDecayMinutes: server.lfuDecayMinutes,
    });
    if (victim === undefined) return false;
    const { database, key } = victim;
    keyspace.delete(database, key);
    server.statistics.evictedKeys += 1;
    keyspace.modified(database, key);
    server.notify('evicted', 'evicted', database, key);
    server.propagate(database.index, ['DEL', key]);
  }
  return true;
}

/** What follows at once from a change of the configuration. Most options are only read where they matter. */
import type { ServerState } from './server-state.ts';
import { freeMemory } from './memory-limit.ts';

/** @throws Error when the disk refuses what was asked for */
export function applyConfiguration(server: ServerState, changed: ReadonlySet<string>): void {
  const { configuration } = server;
  if (changed.has('requirepass')) server.users.setDefaultPassword(configuration.text('requirepass'));
  if (changed.has('appendonly')) server.persistence?.setAppendOnly(configuration.flag('appendonly'));
  if (changed.has('maxmemory') || changed.has('maxmemory-policy')) freeMemory(server);
}

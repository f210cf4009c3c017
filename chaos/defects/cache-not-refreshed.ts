/** Stands in for `system/sync/settle.ts`: an applied save leaves the queue, and the cache keeps what it had. */
import type { Redis } from 'ioredis';
import { syncKeys } from '../../system/cache/keys.ts';
import type { Settlement } from '../../system/sync/settle.ts';

export type { Settlement } from '../../system/sync/settle.ts';

export async function settle(client: Redis, settlements: readonly Settlement[]): Promise<void> {
  const entryIds = settlements.flatMap(({ entryId }) => entryId ?? []);
  if (entryIds.length === 0) return;
  await client.xack(syncKeys.stream, syncKeys.group, ...entryIds);
  await client.xdel(syncKeys.stream, ...entryIds);
}

/** Deletes entries from Redis together with the leases on them, so that a load that began before can not store its value after. */
import type { Redis } from 'ioredis';
import { isEntry, isPattern, leaseKey } from './keys.ts';

const keysAtOnce = 500;

/** Names that end in `*` are looked up by SCAN, which does not hold Redis up as KEYS would. Throws as the client does. */
export async function forgetKeys(client: Redis, keys: readonly string[]): Promise<void> {
  const names = keys.filter((key) => !isPattern(key));
  for (let from = 0; from < names.length; from += keysAtOnce) {
    const some = names.slice(from, from + keysAtOnce);
    await client.unlink(...some.map(leaseKey), ...some);
  }
  for (const pattern of keys.filter(isPattern)) {
    // Leases first: a fill under way must not come after the scan has passed its key.
    await forgetMatching(client, leaseKey(pattern));
    await forgetMatching(client, pattern);
  }
}

/** Every entry and every lease, whatever session they belong to. */
export async function forgetEverything(client: Redis): Promise<void> {
  await forgetMatching(client, leaseKey('*'));
  await forgetMatching(client, '*', isEntry);
}

async function forgetMatching(
  client: Redis,
  pattern: string,
  isMeant: (key: string) => boolean = () => true,
): Promise<void> {
  let cursor = '0';
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', keysAtOnce);
    const meant = found.filter(isMeant);
    if (meant.length > 0) await client.unlink(...meant);
    cursor = next;
  } while (cursor !== '0');
}

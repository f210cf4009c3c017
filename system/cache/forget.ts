/** Deletes entries from Redis together with the leases on them, so that a load that began before can not store its value after. */
import type { Redis } from 'ioredis';
import { type CacheName, isEntry, leaseKey, separate } from './keys.ts';

const keysAtOnce = 500;

/** Prefixes are looked up by SCAN, which does not hold Redis up as KEYS would. Throws as the client does. */
export async function forgetKeys(client: Redis, names: readonly CacheName[]): Promise<void> {
  const { keys, prefixes } = separate(names);
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const some = keys.slice(from, from + keysAtOnce);
    await client.unlink(...some.map(leaseKey), ...some);
  }
  for (const prefix of prefixes) {
    // Leases first: a fill under way must not come after the scan has passed its key.
    await forgetMatching(client, leaseKey(prefix));
    await forgetMatching(client, prefix);
  }
}

/** Every entry and every lease of all sessions. */
export async function forgetEverything(client: Redis): Promise<void> {
  await forgetMatching(client, leaseKey(''));
  await forgetMatching(client, '', isEntry);
}

/** The text as a pattern of SCAN that matches only itself. */
function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
}

async function forgetMatching(
  client: Redis,
  prefix: string,
  isMeant: (key: string) => boolean = () => true,
): Promise<void> {
  const pattern = `${escapeGlob(prefix)}*`;
  let cursor = '0';
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', keysAtOnce);
    const meant = found.filter(isMeant);
    if (meant.length > 0) await client.unlink(...meant);
    cursor = next;
  } while (cursor !== '0');
}

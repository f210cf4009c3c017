/**
 * The right to fill L2. A reader that misses takes a lease before it asks the database; its value is stored only while
 * the lease is its own, so a value that was overtaken by a save or an invalidation meanwhile is never stored.
 */
import type { Redis } from 'ioredis';
import { Script } from '../redis/script.ts';
import { leaseKey } from './keys.ts';

export const putScript = Script.fromFile(new URL('put.lua', import.meta.url));

/** True when the lease was obtained; false when another reader or writer holds it. */
export async function takeLease(
  client: Redis,
  key: string,
  token: string,
  leaseMs: number,
): Promise<boolean> {
  return (await client.set(leaseKey(key), token, 'PX', leaseMs, 'NX')) === 'OK';
}

interface Filling {
  readonly key: string;
  readonly text: string;
  readonly version: number;
  readonly ttlMs: number;
  readonly token: string;
}

/** True when the value was stored. */
export async function fill(client: Redis, filling: Filling): Promise<boolean> {
  const { key, text, version, ttlMs, token } = filling;
  return (await putScript.run(client, [key], [text, version, ttlMs, token])) === 1;
}

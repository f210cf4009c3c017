/**
 * Stands in for `system/cache/fill.ts`: values for the cache are collected and stored a little later, by whoever loaded them, without
 * a lease: what was changed in between is replaced by what it was before.
 */
import type { Redis } from 'ioredis';
import { systemClock } from '../../system/clock.ts';
import type { fill as rightFill } from '../../system/cache/fill.ts';

export { putScript } from '../../system/cache/fill.ts';

const collectMs = 400;

export function takeLease(): Promise<boolean> {
  return Promise.resolve(true);
}

export function fill(client: Redis, { key, text, ttlMs }: Parameters<typeof rightFill>[1]): Promise<boolean> {
  systemClock.timer(collectMs, () => {
    client.set(key, text, 'PX', ttlMs).catch(() => undefined);
  });
  return Promise.resolve(true);
}

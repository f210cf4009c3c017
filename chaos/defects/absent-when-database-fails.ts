/** Stands in for `system/cache/cache.ts`: a load that failed comes back as "there is no such entity". */
import { Cache as RightCache } from '../../system/cache/cache.ts';
import type { Codec } from '../../system/cache/codec.ts';

export class Cache extends RightCache {
  override async getOrLoad<T extends NonNullable<unknown>>(
    key: string,
    codec: Codec<T>,
    loader: () => Promise<T | null>,
    ttlSeconds?: number,
  ): Promise<T | null> {
    try {
      return await super.getOrLoad(key, codec, loader, ttlSeconds);
    } catch {
      return null;
    }
  }
}

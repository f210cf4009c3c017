/** Stands in for `system/cache/cache.ts`: a deletion that Redis did not take is dropped, as if there were nothing left to delete. */
import { Cache as RightCache } from '../../system/cache/cache.ts';
import type { L2 } from '../../system/cache/l2.ts';

type CacheOptions = ConstructorParameters<typeof RightCache>[0];

export class Cache extends RightCache {
  readonly #l2: L2;

  constructor(options: CacheOptions) {
    super(options);
    this.#l2 = options.l2;
  }

  override async forget(keys: Parameters<RightCache['forget']>[0]): Promise<boolean> {
    this.dropLocally(keys);
    await this.#l2.forget(keys).catch(() => undefined);
    return true;
  }
}

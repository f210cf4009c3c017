/** Stands in for `system/cache/single-flight.ts`: a load that has ended is not forgotten, and whoever misses later joins it. */
import { type Flight, SingleFlight as RightSingleFlight } from '../../system/cache/single-flight.ts';

export type { Flight } from '../../system/cache/single-flight.ts';

export class SingleFlight extends RightSingleFlight {
  readonly #loads = new Map<string, Promise<unknown>>();

  override run<T>(key: string, load: (flight: Flight) => Promise<T>): Promise<T> {
    const joined = this.#loads.get(key);
    if (joined !== undefined) return joined as Promise<T>;
    const result = super.run(key, load);
    this.#loads.set(key, result);
    result.catch(() => this.#loads.delete(key));
    return result;
  }

  override detach(key: string): void {
    this.#loads.delete(key);
    super.detach(key);
  }

  override detachPrefix(prefix: string): void {
    for (const key of this.#loads.keys()) if (key.startsWith(prefix)) this.#loads.delete(key);
    super.detachPrefix(prefix);
  }
}

/**
 * Concurrent misses for one key share one load. An invalidation detaches the load that is under way: its callers still
 * get what they asked for, but no new caller joins it and its value is not kept.
 */
export interface Flight {
  /** False once the key was invalidated after the load began. */
  current: boolean;
}

interface Running {
  readonly flight: Flight;
  readonly result: Promise<unknown>;
}

export class SingleFlight {
  readonly #running = new Map<string, Running>();

  /** Every key is used with one type only, by the caller's contract. */
  run<T>(key: string, load: (flight: Flight) => Promise<T>): Promise<T> {
    const joined = this.#running.get(key);
    if (joined !== undefined) return joined.result as Promise<T>;
    const flight: Flight = { current: true };
    const result = load(flight).finally(() => {
      if (this.#running.get(key)?.flight === flight) this.#running.delete(key);
    });
    this.#running.set(key, { flight, result });
    return result;
  }

  detach(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    running.flight.current = false;
    this.#running.delete(key);
  }

  detachPrefix(prefix: string): void {
    for (const key of this.#running.keys()) if (key.startsWith(prefix)) this.detach(key);
  }
}

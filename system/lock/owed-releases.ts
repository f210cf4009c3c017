/**
 * Releases that Redis has not confirmed: of locks whose work is done, and of locks whose SET had no answer. Without them such a lock
 * blocks its work for its whole TTL. One loop sends all of them together, with a growing pause while Redis does not answer, until each is
 * answered or its lock has expired.
 */
import type { Clock } from '../clock.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Random } from '../random.ts';

export interface Release {
  readonly key: string;
  readonly token: string;
  /** Monotonic time at which the lock has expired by itself. */
  readonly expiresAtMs: number;
}

interface OwedReleasesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Sends the releases in one round trip: 1 for a lock that was freed, 0 for one that was not ours. Throws when the connection fails. */
  readonly send: (releases: readonly Release[]) => Promise<readonly unknown[]>;
}

interface Owed extends Release {
  /** Whether the SET of the lock may still reach Redis, so that "not ours" does not settle it yet. */
  readonly setUnanswered: boolean;
  readonly notBeforeMs: number;
}

const firstPauseMs = 50;
const pauseMsMax = 1_000;
/** A SET that was sent over a connection which is gone by now has arrived by then, or never will. */
const strayMs = 2_000;
/** More than that is left to expire, so that a long outage does not fill the memory. */
const owedMax = 10_000;
const releasedMax = 10_000;

export class OwedReleases implements AsyncDisposable {
  readonly #options: OwedReleasesOptions;
  readonly #stopped = new AbortController();
  readonly #owed = new Map<string, Owed>();
  /** Confirmed, by token, until the lock would have expired: a Redis that restarts with an older memory holds such a lock again. */
  readonly #released = new Map<string, Release>();
  #loop: Promise<void> | undefined;
  #wake = new AbortController();

  constructor(options: OwedReleasesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#owed.size;
  }

  /** The release of a lock whose work is done. */
  owe(release: Release): void {
    this.#add({ ...release, setUnanswered: false, notBeforeMs: 0 });
  }

  /** The release of a lock that may have been taken: its SET was sent and not answered. */
  oweUnanswered(release: Release): void {
    this.#add({ ...release, setUnanswered: true, notBeforeMs: 0 });
  }

  /** Notes a release that Redis has confirmed. */
  released(release: Release): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#released.size >= releasedMax) {
      for (const [token, { expiresAtMs }] of this.#released) {
        if (expiresAtMs <= nowMs) this.#released.delete(token);
      }
      const oldest = this.#released.keys().next();
      if (this.#released.size >= releasedMax && oldest.done !== true) this.#released.delete(oldest.value);
    }
    this.#released.set(release.token, release);
  }

  /** To be called when Redis has come back with an older memory, in which locks are held that were released since. */
  repeatReleased(): void {
    const again = [...this.#released.values()];
    this.#released.clear();
    for (const release of again) this.owe(release);
  }

  /** Tries again at once; to be called when the connection is there again. */
  wake(): void {
    this.#wake.abort();
  }

  /** Tries once more before the connection is closed; what is left expires. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new Error('the releases were disposed of'));
    await this.#loop;
    if (this.#owed.size > 0) await this.#sendDue().catch(() => undefined);
  }

  #add(owed: Owed): void {
    if (owed.expiresAtMs <= this.#options.clock.monotonicMs() || this.#stopped.signal.aborted) return;
    if (this.#owed.size >= owedMax) {
      this.#options.logger.warn({ key: owed.key, owed: this.#owed.size }, 'lock left to expire');
      return;
    }
    this.#owed.set(owed.token, owed);
    this.#start();
  }

  #start(): void {
    if (this.#owed.size === 0 || this.#stopped.signal.aborted) return;
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
      // One may have come in after the loop had seen that there is none.
      this.#start();
    });
  }

  async #run(): Promise<void> {
    const { clock, random, logger } = this.#options;
    let failures = 0;
    while (this.#owed.size > 0 && !this.#stopped.signal.aborted) {
      const pauseMs = Math.min(firstPauseMs * 2 ** failures, pauseMsMax) * (0.75 + random.next() / 2);
      this.#wake = new AbortController();
      await clock
        .sleep(pauseMs, AbortSignal.any([this.#stopped.signal, this.#wake.signal]))
        .catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      this.#dropExpired();
      try {
        const freed = await this.#sendDue();
        if (freed.length > 0)
          logger.info({ keys: freed.slice(0, 10), locks: freed.length }, 'locks released late');
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) {
          logger.warn(
            { owed: this.#owed.size, error: describeError(error) },
            'releases of locks wait for Redis',
          );
        }
      }
    }
  }

  /** The keys of the locks that were still held. */
  async #sendDue(): Promise<readonly string[]> {
    const nowMs = this.#options.clock.monotonicMs();
    const due = [...this.#owed.values()].filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
    if (due.length === 0) return [];
    const answers = await this.#options.send(due);
    const freed: string[] = [];
    for (const [index, owed] of due.entries()) {
      const answer = answers[index];
      if (answer instanceof Error) throw answer;
      if (answer === 1) freed.push(owed.key);
      if (answer !== 1 && owed.setUnanswered) {
        this.#owed.set(owed.token, { ...owed, setUnanswered: false, notBeforeMs: nowMs + strayMs });
      } else {
        this.#owed.delete(owed.token);
        this.released(owed);
      }
    }
    return freed;
  }

  #dropExpired(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const expired = [...this.#owed.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
    for (const { token } of expired) this.#owed.delete(token);
    if (expired.length > 0) {
      const keys = expired.slice(0, 10).map(({ key }) => key);
      this.#options.logger.warn({ keys, locks: expired.length }, 'locks left to expire');
    }
  }
}

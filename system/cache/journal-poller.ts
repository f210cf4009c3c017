/** Reads the journal every little while for as long as the process lives, and pays what this process owes Redis. */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Cache } from './cache.ts';
import { type JournalReader, namesOf } from './journal.ts';

interface JournalPollerOptions {
  readonly clock: Clock;
  readonly cache: Cache;
  readonly reader: JournalReader;
  readonly client: Redis;
  readonly redisUsable: () => boolean;
  readonly pollMs: number;
  readonly logger: Logger;
}

export class JournalPoller implements AsyncDisposable {
  readonly #options: JournalPollerOptions;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();

  constructor(options: JournalPollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Drops the keys of all rows up to now; one reading at a time. Throws when the journal can not be read. */
  catchUp(): Promise<void> {
    const next = this.#reading.catch(() => undefined).then(() => this.#read());
    this.#reading = next;
    return next;
  }

  /** Before Redis is trusted again: everything missed is read and deleted, or the promise is rejected. */
  async reconcile(): Promise<void> {
    await this.catchUp();
    await this.#options.cache.settleOwed(this.#options.client);
  }

  async #read(): Promise<void> {
    const rows = await this.#options.reader.take();
    if (rows.length > 0) await this.#options.cache.forget(rows.flatMap(namesOf));
  }

  async #run(): Promise<void> {
    const { clock, pollMs, logger, cache, client, redisUsable } = this.#options;
    let failing = false;
    while (!this.#stopped.signal.aborted) {
      try {
        await this.catchUp();
        if (redisUsable()) await cache.settleOwed(client);
        failing = false;
      } catch (error) {
        if (!failing)
          logger.warn({ error: describeError(error) }, 'the journal of invalidations can not be read');
        failing = true;
      }
      await clock.sleep(pollMs, this.#stopped.signal).catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new Error('the poller was disposed of'));
    await this.#loop;
    await this.#reading.catch(() => undefined);
  }
}

/**
 * Ends transactions whose abort may not have reached the server. The driver does not say when an abort was lost, and the server keeps
 * what such a transaction wrote locked for `transactionLifetimeLimitSeconds` (60 s): every other writer would wait for that long.
 */
import type { Connection } from 'mongoose';
import type { Clock } from '../clock.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { ClientSession } from './driver.ts';

const retryMs = 250;
/** After this the server has ended it by itself. */
const lifetimeMs = 60_000;

export class AbandonedTransactions implements Disposable {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #open = 0;

  constructor(connection: Connection, clock: Clock, logger: Logger) {
    this.#connection = connection;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** How many are not known to have ended. */
  get size(): number {
    return this.#open;
  }

  /** Kills the session, and with it the transaction that runs in it, as soon as the server can be reached. It must not be used afterwards. */
  add(session: ClientSession): void {
    const { id } = session;
    if (id === undefined) return;
    this.#open += 1;
    void this.#kill(id).finally(() => {
      this.#open -= 1;
    });
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #kill(id: NonNullable<ClientSession['id']>): Promise<void> {
    const { signal } = this.#closing;
    const endMs = this.#clock.monotonicMs() + lifetimeMs;
    while (!signal.aborted && this.#clock.monotonicMs() < endMs) {
      try {
        await this.#connection.db?.admin().command({ killSessions: [{ id: id.id }] });
        return;
      } catch (error) {
        this.#logger.debug(
          { error: describeError(error) },
          'an abandoned transaction could not be ended yet',
        );
        await this.#clock.sleep(retryMs, signal).catch(() => undefined);
      }
    }
  }
}

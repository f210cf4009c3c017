/**
 * Notices that Redis was restarted. A server that loads a snapshot, or a replica that takes over, holds values that were overwritten
 * since, which the values do not show. So the server that the cache was written to is named in it, by its run id; under another one
 * every entry is dropped before L2 is trusted again.
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { forgetEverything } from './forget.ts';
import { epochKey } from './keys.ts';

interface RestartWatchOptions {
  readonly client: Redis;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Pause between two checks without a visible reason: a proxy can hide that the server behind it changed. */
  readonly checkMs: number;
  /** Called once for each restart, after the entries were dropped. */
  readonly onRestart: () => void;
}

const retryMs = 100;
const runIdSchema = z.string().regex(/^[0-9a-f]{40}$/);

export class RestartWatch implements AsyncDisposable {
  readonly #options: RestartWatchOptions;
  readonly #stopped = new AbortController();
  #wake = new AbortController();
  /** Counts connections, so that what was learned over one says nothing of the next. */
  #connection = 0;
  #trustedRunId: string | undefined;
  #trusted = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: RestartWatchOptions) {
    this.#options = options;
    const { client } = options;
    client.on('close', () => {
      this.#connection += 1;
      this.#trusted = false;
    });
    client.on('ready', () => this.#wake.abort());
    this.#loop = this.#run();
  }

  /** False from the loss of the connection until the server is known to hold nothing older than what was acknowledged. */
  get trusted(): boolean {
    return this.#trusted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new Error('the watch was disposed of'));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { client, clock, logger, checkMs } = this.#options;
    let failing = false;
    while (!this.#stopped.signal.aborted) {
      this.#wake = new AbortController();
      try {
        if (client.status === 'ready') await this.#check();
        failing = false;
      } catch (error) {
        // A Redis that does not answer is handled by the circuit breaker; an error answer is logged once.
        if (!failing && client.status === 'ready') {
          logger.warn({ error: describeError(error) }, 'it is not known whether Redis was restarted');
        }
        failing = true;
      }
      const signal = AbortSignal.any([this.#stopped.signal, this.#wake.signal]);
      await clock.sleep(this.#trusted ? checkMs : retryMs, signal).catch(() => undefined);
    }
  }

  async #check(): Promise<void> {
    const { client, logger, onRestart } = this.#options;
    const connection = this.#connection;
    const runId = runIdOf(await client.info('server'));
    if (this.#trusted && runId === this.#trustedRunId) return;
    this.#trusted = false;
    const writtenUnder = await client.get(epochKey);
    if (writtenUnder !== runId) {
      logger.warn({ runId, writtenUnder }, 'Redis was restarted or is new, its cache entries are dropped');
      await forgetEverything(client);
      await client.set(epochKey, runId);
    }
    // The connection was lost meanwhile: the next check starts again.
    if (connection !== this.#connection) return;
    if (this.#trustedRunId !== undefined && this.#trustedRunId !== runId) onRestart();
    this.#trustedRunId = runId;
    this.#trusted = true;
  }
}

function runIdOf(info: string): string {
  return runIdSchema.parse(/^run_id:(\S+)/m.exec(info)?.[1]);
}

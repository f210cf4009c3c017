/**
 * Brings the outcomes that db-sync publishes to the saves that wait for them. A message can get lost; then the wait ends by
 * its time limit and the save goes past the queue.
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { syncKeys } from '../cache/keys.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Verdict } from './verdict.ts';

const resultsSchema = z.array(
  z.tuple([z.string(), z.enum(['absent', 'applied', 'conflict', 'failed', 'fenced', 'overtaken'])]),
);

/** One message: the writes of one process that a batch settled. */
export type SyncResults = readonly (readonly [writeId: string, verdict: Verdict])[];

function parseResults(text: string): SyncResults | undefined {
  try {
    const parsed = resultsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export class Confirmations {
  readonly #client: Redis;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #channel: string;
  readonly #waiting = new Map<string, (verdict: Verdict | undefined) => void>();
  #subscribed = false;

  /** `client` is used for nothing else: a connection that subscribes can do nothing else. */
  constructor(client: Redis, clock: Clock, logger: Logger, processId: string) {
    this.#client = client;
    this.#clock = clock;
    this.#logger = logger;
    this.#channel = syncKeys.results(processId);
    client.on('message', (_channel, text) => this.#receive(text));
    client.on('ready', () => void this.#subscribe());
    client.on('close', () => {
      this.#subscribed = false;
    });
    if (client.status === 'ready') void this.#subscribe();
  }

  /** False while outcomes could not arrive, so that waiting for one would be in vain. */
  get listening(): boolean {
    return this.#subscribed;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The outcome of a write, undefined when none came in time. To be called before the write is queued. */
  expect(writeId: string, timeoutMs: number): Promise<Verdict | undefined> {
    const { promise, resolve } = Promise.withResolvers<Verdict | undefined>();
    const timer = this.#clock.timer(timeoutMs, () => this.giveUp(writeId));
    this.#waiting.set(writeId, (verdict) => {
      timer[Symbol.dispose]();
      this.#waiting.delete(writeId);
      resolve(verdict);
    });
    return promise;
  }

  /** Ends the wait for a write that will not be confirmed. */
  giveUp(writeId: string): void {
    this.#waiting.get(writeId)?.(undefined);
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#client.subscribe(this.#channel);
      this.#subscribed = true;
    } catch (error) {
      // The connection is replaced when it fails, and every new one subscribes again.
      this.#logger.debug({ error: describeError(error) }, 'could not subscribe to the outcomes of saves');
      this.#client.disconnect(true);
    }
  }

  #receive(text: string): void {
    const results = parseResults(text);
    if (results === undefined) this.#logger.error('a message with outcomes could not be read');
    for (const [writeId, verdict] of results ?? []) this.#waiting.get(writeId)?.(verdict);
  }
}

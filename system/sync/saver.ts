/**
 * Saves entities: into the sync queue, whose worker writes batches to MongoDB, and past the queue when no outcome comes.
 * A save is acknowledged only when it is durable in MongoDB, so no loss of Redis, of the worker or of this process undoes it.
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { describeError, SystemError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { SaveMetrics } from '../observability/metrics.ts';
import type { CircuitBreaker } from '../redis/circuit-breaker.ts';
import type { Confirmations } from './confirmations.ts';
import type { DirectWriter } from './direct-write.ts';
import { type Enqueued, enqueue } from './enqueue.ts';
import { isQueueable } from './queue-entry.ts';
import { type Settlement, settle } from './settle.ts';
import { type Carrier, judged, type Judged, type Verdict } from './verdict.ts';

interface SaverOptions {
  readonly client: Redis;
  readonly breaker: CircuitBreaker;
  /** Opens when the worker leaves saves unconfirmed, so that not every save waits for a worker that is away. */
  readonly workerBreaker: CircuitBreaker;
  readonly confirmations: Confirmations;
  readonly direct: DirectWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SaveMetrics;
  readonly processId: string;
  readonly queueMaxLength: number;
  readonly leaseMs: number;
  readonly confirmTimeoutMs: number;
  readonly ttlMs: () => number;
}

export interface SaveOptions {
  readonly deadline: Deadline;
  /** Whether to store the values in the cache where nothing is cached yet. */
  readonly warm: boolean;
  /** Time the worker has to confirm; the configured one when absent. */
  readonly confirmTimeoutMs?: number;
}

/** What the way through the queue brought. */
interface Queued<T extends Carrier> {
  readonly settled: readonly Judged<T>[];
  /** To be written past the queue; with the entry of those that are in it all the same. */
  readonly open: readonly Open<T>[];
  /** Whether an open write may still be applied by the worker. */
  readonly mayBeQueued: boolean;
}

type Open<T extends Carrier> = T & { readonly entryId: string | undefined };

export class Saver {
  readonly #options: SaverOptions;
  #unconfirmed = 0;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  get unconfirmed(): number {
    return this.#unconfirmed;
  }

  /** Each write with its verdict, in any order. Throws `outcome_unknown` when any of them may or may not be applied. */
  async save<T extends Carrier>(carriers: readonly T[], options: SaveOptions): Promise<readonly Judged<T>[]> {
    this.#count(carriers.length);
    try {
      const queued = await this.#throughQueue(carriers, options);
      if (queued.open.length === 0) return queued.settled;
      return [...queued.settled, ...(await this.#pastQueue(queued, options.deadline))];
    } finally {
      this.#count(-carriers.length);
    }
  }

  #count(change: number): void {
    this.#unconfirmed += change;
    this.#options.metrics.unconfirmed(this.#unconfirmed);
  }

  get #queueIsUsed(): boolean {
    const { breaker, workerBreaker, confirmations } = this.#options;
    return breaker.state === 'closed' && workerBreaker.state === 'closed' && confirmations.listening;
  }

  async #throughQueue<T extends Carrier>(carriers: readonly T[], options: SaveOptions): Promise<Queued<T>> {
    const { confirmations, metrics } = this.#options;
    const queueable = this.#queueIsUsed ? carriers.filter(({ write }) => isQueueable(write)) : [];
    const open: Open<T>[] = carriers
      .filter((carrier) => !queueable.includes(carrier))
      .map((carrier) => ({ ...carrier, entryId: undefined }));
    if (queueable.length === 0) return { settled: [], open, mayBeQueued: false };
    const timeoutMs = Math.min(
      options.confirmTimeoutMs ?? this.#options.confirmTimeoutMs,
      options.deadline.remainingMs() / 2,
    );
    const sent = queueable.map((carrier) => ({
      write: carrier.write,
      carrier,
      outcome: confirmations.expect(carrier.write.document.write_id, timeoutMs),
    }));
    const enqueued = await this.#enqueue(sent, options.warm);
    const settled: Judged<T>[] = [];
    const waiting: Waiting<T>[] = [];
    for (const { carrier, outcome, answer } of enqueued ?? sent.map(unanswered)) {
      if (answer?.kind === 'queued') {
        waiting.push({ carrier, outcome, entryId: answer.entryId });
        continue;
      }
      confirmations.giveUp(carrier.write.document.write_id);
      if (answer?.kind === 'conflict') settled.push(judged(carrier, 'conflict'));
      else open.push({ ...carrier, entryId: undefined });
    }
    const collected = await this.#collect(waiting);
    settled.push(...collected.settled);
    for (const { verdict } of settled) metrics.saved('queue', verdict);
    return {
      settled,
      open: [...open, ...collected.open],
      mayBeQueued: enqueued === undefined || waiting.length > 0,
    };
  }

  /** Undefined when the connection failed. */
  async #enqueue<T extends Carrier>(
    carriers: readonly T[],
    warm: boolean,
  ): Promise<readonly (T & { readonly answer: Enqueued })[] | undefined> {
    const { breaker, client, processId, queueMaxLength, leaseMs, logger } = this.#options;
    try {
      return await breaker.run(() =>
        enqueue(client, carriers, { savedBy: processId, maxLength: queueMaxLength, warm, leaseMs }),
      );
    } catch (error) {
      logger.debug({ error: describeError(error) }, 'the sync queue can not be reached');
      return undefined;
    }
  }

  async #collect<T extends Carrier>(
    waiting: readonly Waiting<T>[],
  ): Promise<{ readonly settled: readonly Judged<T>[]; readonly open: readonly Open<T>[] }> {
    if (waiting.length === 0) return { settled: [], open: [] };
    const settled: Judged<T>[] = [];
    const open: Open<T>[] = [];
    let confirmations = 0;
    for (const { carrier, entryId, confirmed } of await Promise.all(waiting.map(wait))) {
      if (confirmed !== undefined) confirmations += 1;
      // Being in the queue is not a confirmation. A document that MongoDB refused is tried once more directly, for MongoDB's own error.
      if (confirmed === undefined || confirmed === 'failed') open.push({ ...carrier, entryId });
      else settled.push(judged(carrier, confirmed));
    }
    // What was not confirmed is written directly, so the failure only matters to the breaker.
    await this.#options.workerBreaker
      .run(() =>
        confirmations > 0 ? Promise.resolve() : Promise.reject(new Error('no save was confirmed in time')),
      )
      .catch(() => undefined);
    return { settled, open };
  }

  async #pastQueue<T extends Carrier>(queued: Queued<T>, deadline: Deadline): Promise<readonly Judged<T>[]> {
    const { direct, metrics } = this.#options;
    let written: readonly Judged<Open<T>>[];
    try {
      written = await direct.write(queued.open, deadline);
    } catch (cause) {
      metrics.saved('direct', 'unknown');
      const committed = cause instanceof SystemError && cause.code === 'outcome_unknown';
      if (queued.mayBeQueued || committed) {
        throw new SystemError('outcome_unknown', 'MongoDB did not confirm the save', { cause });
      }
      throw new SystemError('database_unavailable', 'MongoDB did not take the save', { cause });
    }
    for (const { verdict } of written) metrics.saved('direct', verdict);
    await this.#tellRedis(written);
    return written;
  }

  /** At best: the journal row that was committed with the save reaches every process in any case. */
  async #tellRedis(settlements: readonly Settlement[]): Promise<void> {
    const { breaker, client, ttlMs, logger } = this.#options;
    try {
      await breaker.run(() => settle(client, settlements, ttlMs));
    } catch (error) {
      logger.debug({ error: describeError(error) }, 'Redis could not be told of a direct write');
    }
  }
}

/** A write that is in the queue. */
interface Waiting<T extends Carrier> {
  readonly carrier: T;
  readonly entryId: string;
  readonly outcome: Promise<Verdict | undefined>;
}

async function wait<T extends Carrier>(waiting: Waiting<T>) {
  return { ...waiting, confirmed: await waiting.outcome };
}

function unanswered<T>(sent: T): T & { readonly answer: undefined } {
  return { ...sent, answer: undefined };
}

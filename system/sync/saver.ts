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
import { acknowledge } from './acknowledge.ts';
import type { Confirmations } from './confirmations.ts';
import type { DirectWriter } from './direct-write.ts';
import { type Enqueued, enqueue } from './enqueue.ts';
import type { EntityWrite } from './entity-write.ts';
import { isQueueable } from './queue-entry.ts';
import { type Settlement, settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

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
interface Queued {
  readonly verdicts: ReadonlyMap<EntityWrite, Verdict>;
  readonly entries: ReadonlyMap<EntityWrite, string>;
  /** Whether a write without a verdict may still be applied by the worker. */
  readonly mayBeQueued: boolean;
}

interface Pending {
  readonly write: EntityWrite;
  readonly outcome: Promise<Verdict | undefined>;
}

export class Saver {
  readonly #options: SaverOptions;
  #unconfirmed = 0;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  get unconfirmed(): number {
    return this.#unconfirmed;
  }

  /** One verdict for each write, in order. Throws `outcome_unknown` when any of them may or may not be applied. */
  async save(writes: readonly EntityWrite[], options: SaveOptions): Promise<readonly Verdict[]> {
    this.#count(writes.length);
    try {
      const queued = await this.#throughQueue(writes.filter(isQueueable), options);
      const open = writes.filter((write) => !queued.verdicts.has(write));
      const direct = open.length === 0 ? [] : await this.#pastQueue(open, queued, options.deadline);
      const verdicts = new Map([
        ...queued.verdicts,
        ...open.map((write, at) => [write, direct[at] ?? 'failed'] as const),
      ]);
      return writes.map((write) => verdicts.get(write) ?? 'failed');
    } finally {
      this.#count(-writes.length);
    }
  }

  #count(change: number): void {
    this.#unconfirmed += change;
    this.#options.metrics.unconfirmed(this.#unconfirmed);
  }

  async #throughQueue(writes: readonly EntityWrite[], options: SaveOptions): Promise<Queued> {
    const verdicts = new Map<EntityWrite, Verdict>();
    const entries = new Map<EntityWrite, string>();
    const { breaker, workerBreaker, confirmations, metrics } = this.#options;
    if (writes.length === 0) return { verdicts, entries, mayBeQueued: false };
    if (breaker.state !== 'closed' || workerBreaker.state !== 'closed' || !confirmations.listening) {
      return { verdicts, entries, mayBeQueued: false };
    }
    const timeoutMs = Math.min(
      options.confirmTimeoutMs ?? this.#options.confirmTimeoutMs,
      options.deadline.remainingMs() / 2,
    );
    const pending = writes.map((write) => ({
      write,
      outcome: confirmations.expect(write.document.write_id, timeoutMs),
    }));
    const enqueued = await this.#enqueue(writes, options.warm);
    for (const [index, { write }] of pending.entries()) {
      const answer = enqueued?.[index];
      if (answer?.kind === 'queued') entries.set(write, answer.entryId);
      else confirmations.giveUp(write.document.write_id);
      if (answer?.kind === 'conflict') verdicts.set(write, 'conflict');
    }
    await this.#collect(
      pending.filter(({ write }) => entries.has(write)),
      verdicts,
    );
    for (const verdict of verdicts.values()) metrics.saved('queue', verdict);
    return { verdicts, entries, mayBeQueued: enqueued === undefined || entries.size > 0 };
  }

  /** Undefined when the connection failed. */
  async #enqueue(writes: readonly EntityWrite[], warm: boolean): Promise<readonly Enqueued[] | undefined> {
    const { breaker, client, processId, queueMaxLength, leaseMs, logger } = this.#options;
    try {
      return await breaker.run(() =>
        enqueue(client, writes, { savedBy: processId, maxLength: queueMaxLength, warm, leaseMs }),
      );
    } catch (error) {
      logger.debug({ error: describeError(error) }, 'the sync queue can not be reached');
      return undefined;
    }
  }

  async #collect(pending: readonly Pending[], verdicts: Map<EntityWrite, Verdict>): Promise<void> {
    if (pending.length === 0) return;
    const work = async () => {
      const outcomes = await Promise.all(pending.map(({ outcome }) => outcome));
      for (const [index, { write }] of pending.entries()) {
        const verdict = acknowledge(outcomes[index]);
        if (verdict !== undefined) verdicts.set(write, verdict);
      }
      if (outcomes.every((outcome) => outcome === undefined))
        throw new Error('no save was confirmed in time');
    };
    // What was not confirmed is written directly, so the failure only matters to the breaker.
    await this.#options.workerBreaker.run(work).catch(() => undefined);
  }

  async #pastQueue(
    writes: readonly EntityWrite[],
    queued: Queued,
    deadline: Deadline,
  ): Promise<readonly Verdict[]> {
    const { direct, metrics } = this.#options;
    let verdicts: readonly Verdict[];
    try {
      verdicts = await direct.write(writes, deadline);
    } catch (cause) {
      metrics.saved('direct', 'unknown');
      const committed = cause instanceof SystemError && cause.code === 'outcome_unknown';
      if (queued.mayBeQueued || committed) {
        throw new SystemError('outcome_unknown', 'MongoDB did not confirm the save', { cause });
      }
      throw new SystemError('database_unavailable', 'MongoDB did not take the save', { cause });
    }
    for (const verdict of verdicts) metrics.saved('direct', verdict);
    await this.#tellRedis(
      writes.map((write, at) => ({
        write,
        verdict: verdicts[at] ?? 'failed',
        entryId: queued.entries.get(write),
      })),
    );
    return verdicts;
  }

  /** At best: the journal row that was committed with the save reaches everybody in any case. */
  async #tellRedis(settlements: readonly Settlement[]): Promise<void> {
    const { breaker, client, ttlMs, logger } = this.#options;
    try {
      await breaker.run(() => settle(client, settlements, ttlMs));
    } catch (error) {
      logger.debug({ error: describeError(error) }, 'Redis could not be told of a direct write');
    }
  }
}

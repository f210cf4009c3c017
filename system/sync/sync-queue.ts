/** The consuming end of the queue: new entries, entries that a dead consumer left behind, and what to do with damaged ones. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { syncKeys } from '../cache/keys.ts';
import { Script } from '../redis/script.ts';

const forgetScript = Script.fromFile(new URL('forget-consumers.lua', import.meta.url));

export interface StreamEntry {
  readonly entryId: string;
  readonly fields: readonly string[];
}

const entriesSchema = z.array(z.tuple([z.string(), z.array(z.string()).nullable()]));
const readSchema = z.array(z.tuple([z.string(), entriesSchema])).nullable();
const claimSchema = z.tuple([z.string(), entriesSchema]).rest(z.unknown());

export class SyncQueue {
  readonly #client: Redis;
  readonly #consumer: string;
  readonly #deadLettersMax: number;

  /** `deadLettersMax`: entries set aside that are kept, the newest. */
  constructor(client: Redis, consumer: string, deadLettersMax: number) {
    this.#client = client;
    this.#consumer = consumer;
    this.#deadLettersMax = deadLettersMax;
  }

  /** Entries that no consumer has taken yet; waits up to `blockMs` for the first. */
  async take(count: number, blockMs: number): Promise<readonly StreamEntry[]> {
    return await this.#withGroup(async () => {
      const answer = await this.#client.xreadgroup(
        'GROUP',
        syncKeys.group,
        this.#consumer,
        'COUNT',
        count,
        'BLOCK',
        blockMs,
        'STREAMS',
        syncKeys.stream,
        '>',
      );
      const streams = readSchema.parse(answer);
      return toEntries(streams?.[0]?.[1] ?? []);
    });
  }

  /** Entries that another consumer took and has not finished for `idleMs`; they are this consumer's from now on. */
  async claim(count: number, idleMs: number): Promise<readonly StreamEntry[]> {
    return await this.#withGroup(async () => {
      const answer = await this.#client.xautoclaim(
        syncKeys.stream,
        syncKeys.group,
        this.#consumer,
        idleMs,
        '0-0',
        'COUNT',
        count,
      );
      return toEntries(claimSchema.parse(answer)[1]);
    });
  }

  /** Sets entries aside that this release cannot apply, with everything they hold. */
  async setAside(entries: readonly StreamEntry[], reason: string): Promise<void> {
    for (const { entryId, fields } of entries) {
      await this.#client
        .multi()
        .xadd(
          syncKeys.deadLetters,
          'MAXLEN',
          this.#deadLettersMax,
          '*',
          'reason',
          reason,
          'entryId',
          entryId,
          ...fields,
        )
        .xack(syncKeys.stream, syncKeys.group, entryId)
        .xdel(syncKeys.stream, entryId)
        .exec();
    }
  }

  /** Forgets other consumers that have nothing unfinished and have been silent for `silentMs`; how many they were. */
  async forgetSilent(silentMs: number): Promise<number> {
    return await this.#withGroup(async () =>
      Number(
        await forgetScript.run(this.#client, [syncKeys.stream], [syncKeys.group, silentMs, this.#consumer]),
      ),
    );
  }

  /** Forgets this consumer, unless it has unfinished entries that another one must be able to find. */
  async leave(): Promise<void> {
    const pending = await this.#client.xpending(syncKeys.stream, syncKeys.group, '-', '+', 1, this.#consumer);
    if (pending.length === 0) {
      await this.#client.xgroup('DELCONSUMER', syncKeys.stream, syncKeys.group, this.#consumer);
    }
  }

  /** A Redis that lost its data has lost the group as well. It starts at the first entry, so that none is passed over. */
  async #withGroup<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !/NOGROUP|no such key/.test(error.message)) throw error;
    }
    try {
      await this.#client.xgroup('CREATE', syncKeys.stream, syncKeys.group, '0', 'MKSTREAM');
    } catch (error) {
      // Another instance was faster.
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
    return await work();
  }
}

/** An entry that was deleted while it was pending has no fields; there is nothing left to apply. */
function toEntries(entries: z.output<typeof entriesSchema>): readonly StreamEntry[] {
  return entries.flatMap(([entryId, fields]) => (fields === null ? [] : [{ entryId, fields }]));
}

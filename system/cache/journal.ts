/**
 * The journal of invalidations in MongoDB. A process that changes the database and may not reach Redis adds a
 * row in the same transaction; every process reads the rows and drops their keys. So an invalidation reaches
 * every process, even when Redis was away or the writer was killed after the commit.
 */
import type { ClientSession, Collection } from '../database/driver.ts';
import { type CacheName, separate } from './keys.ts';

export interface JournalRow {
  readonly _id: string;
  readonly keys: readonly string[];
  /** Beginnings of keys; absent in rows of an earlier release, whose keys that end in `*` are such. */
  readonly prefixes?: readonly string[];
  /** By MongoDB's clock, so that a process whose clock jumps neither hides rows nor misses them. */
  readonly at: Date;
}

/**
 * A row becomes visible at the commit, some time after its `at`. Readers look this far back for rows that came late, and
 * writers whose commit took longer than half of it announce their keys again.
 */
export const journalOverlapMs = 5_000;

/** Adds a row; within `session`'s transaction when one is given. */
export async function announce(
  rows: Collection<JournalRow>,
  rowId: string,
  names: readonly CacheName[],
  session?: ClientSession,
): Promise<void> {
  await rows.updateOne(
    { _id: rowId },
    { $set: separate(names), $currentDate: { at: true } },
    { upsert: true, ...(session === undefined ? {} : { session }) },
  );
}

/** What a row makes stale. */
export function namesOf({ keys, prefixes }: JournalRow): readonly CacheName[] {
  if (prefixes === undefined) {
    return keys.map((key) => (key.endsWith('*') ? { prefix: key.slice(0, -1) } : key));
  }
  return [...keys, ...prefixes.map((prefix) => ({ prefix }))];
}

export class JournalReader {
  readonly #rows: Collection<JournalRow>;
  readonly #seen = new Map<string, number>();
  /** Everything at first: rows expire with the values they concern. */
  #newestMs = 0;

  constructor(rows: Collection<JournalRow>) {
    this.#rows = rows;
  }

  /** Rows not yet given to this process, oldest first. */
  async take(): Promise<readonly JournalRow[]> {
    const fromMs = this.#newestMs - journalOverlapMs;
    const rows = await this.#rows
      .find({ at: { $gt: new Date(fromMs) } })
      .sort({ at: 1 })
      .toArray();
    const fresh = rows.filter((row) => !this.#seen.has(row._id));
    for (const row of fresh) {
      this.#seen.set(row._id, row.at.getTime());
      this.#newestMs = Math.max(this.#newestMs, row.at.getTime());
    }
    for (const [id, atMs] of this.#seen) {
      if (atMs <= this.#newestMs - journalOverlapMs) this.#seen.delete(id);
    }
    return fresh;
  }
}

/**
 * Stands in for `system/compound/unit-of-work.ts`: documents are read and changed without the transaction's session, one after the
 * other. What is refused half-way leaves the first half behind.
 */
import { UnitOfWork as RightUnitOfWork } from '../../system/compound/unit-of-work.ts';
import type { Filter } from '../../system/database/driver.ts';
import { durable } from '../../system/database/durability.ts';
import type { Stored, StoredDocument } from '../../system/database/stored.ts';
import { SystemError } from '../../system/errors.ts';

export class UnitOfWork extends RightUnitOfWork {
  readonly #stale = new Set<string>();

  override get staleKeys(): readonly string[] {
    return [...super.staleKeys, ...this.#stale];
  }

  override async find<T extends StoredDocument>(stored: Stored<T>, filter: Filter<T>): Promise<readonly T[]> {
    const found = await stored.documents.find(filter).toArray();
    return found.map((document) => stored.parse(document));
  }

  override async change<T extends StoredDocument>(
    stored: Stored<T>,
    before: T,
    fields: Partial<T>,
  ): Promise<T> {
    const after = { ...before, ...fields, version: before.version + 1, updated_at: this.now };
    const filter = { _id: before._id, version: before.version } as Filter<T>;
    const { matchedCount } = await stored.documents.replaceOne(filter, after, durable);
    if (matchedCount !== 1) throw new SystemError('internal', `${before._id} was changed by another request`);
    for (const version of [before, after])
      for (const key of stored.cacheKeysOf(version)) this.#stale.add(key);
    return after;
  }
}

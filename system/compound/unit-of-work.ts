/**
 * The reads and writes of one attempt at a compound operation, all within its transaction: nothing can be left out of it, every
 * write moves the version on, and what it makes stale in the cache is collected on the way.
 */
import type { ClientSession, Filter, NewDocument, UpdateOperation } from '../database/driver.ts';
import type { Stored, StoredDocument } from '../database/stored.ts';
import { SystemError } from '../errors.ts';
import type { Random } from '../random.ts';

const writesAtOnce = 1_000;

export class UnitOfWork {
  readonly session: ClientSession;
  /** The database's time at the beginning of the attempt: whether something is due, every process must answer alike. */
  readonly now: Date;
  readonly #random: Random;
  readonly #staleKeys = new Set<string>();

  constructor(session: ClientSession, now: Date, random: Random) {
    this.session = session;
    this.now = now;
    this.#random = random;
  }

  get staleKeys(): readonly string[] {
    return [...this.#staleKeys];
  }

  async find<T extends StoredDocument>(stored: Stored<T>, filter: Filter<T>): Promise<readonly T[]> {
    const found = await stored.documents.find(filter, { session: this.session }).toArray();
    return found.map((document) => stored.parse(document));
  }

  async findOne<T extends StoredDocument>(stored: Stored<T>, id: string): Promise<T | null> {
    const [found] = await this.find(stored, { _id: id } as Filter<T>);
    return found ?? null;
  }

  /** The document as it is after the change. */
  async change<T extends StoredDocument>(stored: Stored<T>, before: T, fields: Partial<T>): Promise<T> {
    const after = this.#next(before, fields);
    const filter = { _id: before._id, version: before.version } as Filter<T>;
    const { matchedCount } = await stored.documents.replaceOne(filter, after, { session: this.session });
    if (matchedCount !== 1) throw new SystemError('internal', `${before._id} changed within a transaction`);
    this.#markStale(stored, before, after);
    return after;
  }

  /** Many at once, in a few round trips: each becomes what it was with the fields that `fieldsOf` gives. */
  async changeAll<T extends StoredDocument>(
    stored: Stored<T>,
    befores: readonly T[],
    fieldsOf: (before: T) => Partial<T>,
  ): Promise<void> {
    const changes = befores.map((before) => ({ before, after: this.#next(before, fieldsOf(before)) }));
    for (let from = 0; from < changes.length; from += writesAtOnce) {
      const some = changes.slice(from, from + writesAtOnce);
      const operations = some.map(({ before, after }) => ({
        replaceOne: { filter: { _id: before._id, version: before.version } as Filter<T>, replacement: after },
      }));
      const { matchedCount } = await stored.documents.bulkWrite(
        operations as unknown as UpdateOperation<T>[],
        { session: this.session },
      );
      if (matchedCount !== some.length) {
        throw new SystemError('internal', `one of ${some.length} documents changed within a transaction`);
      }
    }
    for (const { before, after } of changes) this.#markStale(stored, before, after);
  }

  async insert<T extends StoredDocument>(
    stored: Stored<T>,
    document: Omit<T, 'updated_at' | 'version' | 'write_id'>,
  ): Promise<T> {
    const stamp = { version: 1, write_id: this.#random.uuid(), updated_at: this.now };
    const whole = stored.parse({ ...document, ...stamp });
    await stored.documents.insertOne(whole as NewDocument<T>, { session: this.session });
    this.#markStale(stored, whole);
    return whole;
  }

  async removeAll<T extends StoredDocument>(stored: Stored<T>, documents: readonly T[]): Promise<void> {
    if (documents.length === 0) return;
    const filter = { _id: { $in: documents.map(({ _id }) => _id) } } as Filter<T>;
    await stored.documents.deleteMany(filter, { session: this.session });
    this.#markStale(stored, ...documents);
  }

  #next<T extends StoredDocument>(before: T, fields: Partial<T>): T {
    return {
      ...before,
      ...fields,
      version: before.version + 1,
      write_id: this.#random.uuid(),
      updated_at: this.now,
    };
  }

  #markStale<T extends StoredDocument>(stored: Stored<T>, ...versions: readonly T[]): void {
    for (const version of versions) {
      for (const key of stored.cacheKeysOf(version)) this.#staleKeys.add(key);
    }
  }
}

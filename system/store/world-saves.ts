/** Saves of entities through the write-behind: what a caller changed, from which version, and how the outcome is reported. */
import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import type { Collections, EntityCollection } from '../database/collections.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError, VersionConflictError } from '../errors.ts';
import type { Random } from '../random.ts';
import { type EntityWrite, nextDocument } from '../sync/entity-write.ts';
import type { Saver } from '../sync/saver.ts';
import type { Verdict } from '../sync/verdict.ts';
import type { City } from '../models/city.ts';
import type { Entity } from '../models/entity-kind.ts';
import type { General } from '../models/general.ts';
import type { Nation } from '../models/nation.ts';
import type { Session } from '../models/session.ts';

/** `before` as it was read, `after` as it should be; version, write id and time are set by the save. */
export interface Change<T> {
  readonly before: T;
  readonly after: T;
}

export interface SaveOptions {
  readonly deadline: Deadline;
  /** Fencing token of the lock under which the change was made. */
  readonly fence?: number;
}

interface SaveAllOptions extends SaveOptions {
  readonly confirmTimeoutMs?: number;
}

interface WorldSavesOptions {
  readonly saver: Saver;
  readonly cache: Cache;
  readonly collections: Collections;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxUnconfirmed: number;
}

export class WorldSaves {
  readonly #options: WorldSavesOptions;
  /** Single saves without an answer yet. */
  #waiting = 0;

  constructor(options: WorldSavesOptions) {
    this.#options = options;
  }

  saveSession(change: Change<Session>, options: SaveOptions): Promise<Session> {
    return this.save(this.#options.collections.entities.session, change, options);
  }

  saveGeneral(change: Change<General>, options: SaveOptions): Promise<General> {
    return this.save(this.#options.collections.entities.general, change, options);
  }

  saveCity(change: Change<City>, options: SaveOptions): Promise<City> {
    return this.save(this.#options.collections.entities.city, change, options);
  }

  saveNation(change: Change<Nation>, options: SaveOptions): Promise<Nation> {
    return this.save(this.#options.collections.entities.nation, change, options);
  }

  /**
   * The entity as it is now durable. Throws VersionConflictError when it was changed since `before` was read, `fenced` when
   * a newer holder of the lock has written, `overloaded` when too many saves wait, `outcome_unknown` when it cannot be known.
   */
  async save<T extends Entity>(
    collection: EntityCollection<T>,
    change: Change<T>,
    options: SaveOptions,
  ): Promise<T> {
    const { saver, clock, maxUnconfirmed } = this.#options;
    if (this.#waiting >= maxUnconfirmed) {
      throw new SystemError('overloaded', `${this.#waiting} saves wait for the database`);
    }
    this.#waiting += 1;
    try {
      const prepared = this.#prepare(collection, change, options.fence);
      const savedAtMs = clock.monotonicMs();
      const saved = await saver.save([prepared], { deadline: options.deadline, warm: true });
      for (const { document, write, verdict } of saved) {
        this.#remember(collection, document, write, verdict, savedAtMs);
        throwUnlessApplied(document._id, verdict);
      }
      return prepared.document;
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * One verdict for each change, in any order. Does not fill the cache where it is empty, and does not count towards the limit of
   * waiting saves: callers that save in bulk limit themselves. Throws `outcome_unknown`.
   */
  async saveAll<T extends Entity>(
    collection: EntityCollection<T>,
    changes: readonly Change<T>[],
    options: SaveAllOptions,
  ): Promise<readonly Verdict[]> {
    const prepared = changes.map((change) => this.#prepare(collection, change, options.fence));
    const saved = await this.#options.saver.save(prepared, {
      deadline: options.deadline,
      warm: false,
      ...(options.confirmTimeoutMs === undefined ? {} : { confirmTimeoutMs: options.confirmTimeoutMs }),
    });
    // Of what was not held in memory before, nothing is put there: a turn would push everything else out.
    for (const { write } of prepared) this.#options.cache.dropLocally(keysOf(collection, write));
    return saved.map(({ verdict }) => verdict);
  }

  #prepare<T extends Entity>(
    collection: EntityCollection<T>,
    { before, after }: Change<T>,
    fence: number | undefined,
  ): { write: EntityWrite; document: T } {
    const { random, clock } = this.#options;
    const document = nextDocument(before, after, { writeId: random.uuid(), nowMs: clock.nowMs(), fence });
    const lists = new Set([...collection.kind.listKeys(before), ...collection.kind.listKeys(after)]);
    const base = { version: before.version, writeId: before.write_id };
    return { document, write: { type: collection.kind.type, document, base, fence, lists: [...lists] } };
  }

  #remember<T extends Entity>(
    collection: EntityCollection<T>,
    document: T,
    write: EntityWrite,
    verdict: Verdict,
    savedAtMs: number,
  ): void {
    const { cache } = this.#options;
    if (verdict !== 'applied') {
      cache.dropLocally(keysOf(collection, write));
      return;
    }
    cache.dropLocally(write.lists);
    for (const key of collection.kind.entityKeys(document)) {
      cache.keep(key, collection.codec, document, savedAtMs);
    }
  }
}

function keysOf<T extends Entity>(collection: EntityCollection<T>, write: EntityWrite): readonly string[] {
  const kind: { entityKeys(entity: Entity): readonly string[] } = collection.kind;
  return [...kind.entityKeys(write.document), ...write.lists];
}

/** Throws the error that belongs to a verdict. */
function throwUnlessApplied(id: string, verdict: Verdict): void {
  switch (verdict) {
    case 'applied':
      return;
    case 'absent':
    case 'conflict':
      throw new VersionConflictError(`${id} was changed by another write`, false);
    case 'overtaken':
      throw new VersionConflictError(`${id} was changed several times since`, true);
    case 'fenced':
      throw new SystemError('fenced', `${id} was written under a newer lock`);
    case 'failed':
      throw new SystemError('internal', `MongoDB refused the document of ${id}`, { definite: true });
  }
}

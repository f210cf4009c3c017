/** Reads of entities and lists through the cache layer, and past it for callers that need the current state of the database. */
import type { Cache } from '../cache/cache.ts';
import { cacheKeys } from '../cache/keys.ts';
import type { Collections, EntityCollection } from '../database/collections.ts';
import type { Filter as DriverFilter } from '../database/driver.ts';
import type { Stored, StoredDocument } from '../database/stored.ts';
import { SystemError } from '../errors.ts';
import type { City } from '../models/city.ts';
import type { Entity } from '../models/entity-kind.ts';
import type { General } from '../models/general.ts';
import type { Nation } from '../models/nation.ts';
import type { Session } from '../models/session.ts';

type Filter = Readonly<Record<string, string | number>>;

/** Every read answers null for what does not exist and throws `database_unavailable` when it can not tell. Values are frozen. */
export class WorldReads {
  readonly #cache: Cache;
  readonly #collections: Collections;

  constructor(cache: Cache, collections: Collections) {
    this.#cache = cache;
    this.#collections = collections;
  }

  getSession(sessionId: string): Promise<Session | null> {
    return this.#one(this.#collections.entities.session, cacheKeys.session(sessionId), { _id: sessionId });
  }

  getGeneral(sessionId: string, generalId: string): Promise<General | null> {
    const filter = { _id: generalId, session_id: sessionId };
    return this.#one(this.#collections.entities.general, cacheKeys.general(sessionId, generalId), filter);
  }

  getGeneralByNo(sessionId: string, no: number): Promise<General | null> {
    const key = cacheKeys.generalByNo(sessionId, no);
    return this.#one(this.#collections.entities.general, key, { session_id: sessionId, no });
  }

  getCity(sessionId: string, city: number): Promise<City | null> {
    const key = cacheKeys.city(sessionId, city);
    return this.#one(this.#collections.entities.city, key, { session_id: sessionId, city });
  }

  getNation(sessionId: string, nation: number): Promise<Nation | null> {
    const key = cacheKeys.nation(sessionId, nation);
    return this.#one(this.#collections.entities.nation, key, { session_id: sessionId, nation });
  }

  listGenerals(sessionId: string): Promise<readonly General[]> {
    const key = cacheKeys.generals(sessionId);
    return this.#list(this.#collections.entities.general, key, { session_id: sessionId }, 'no');
  }

  listCities(sessionId: string): Promise<readonly City[]> {
    const key = cacheKeys.cities(sessionId);
    return this.#list(this.#collections.entities.city, key, { session_id: sessionId }, 'city');
  }

  listCitiesOfNation(sessionId: string, nation: number): Promise<readonly City[]> {
    const key = cacheKeys.citiesOfNation(sessionId, nation);
    return this.#list(this.#collections.entities.city, key, { session_id: sessionId, nation }, 'city');
  }

  listNations(sessionId: string): Promise<readonly Nation[]> {
    const key = cacheKeys.nations(sessionId);
    return this.#list(this.#collections.entities.nation, key, { session_id: sessionId }, 'nation');
  }

  #one<T extends Entity>(collection: EntityCollection<T>, key: string, filter: Filter): Promise<T | null> {
    return this.#cache.getOrLoad(key, collection.codec, () => findOne(collection, filter));
  }

  async #list<T extends Entity>(
    collection: EntityCollection<T>,
    key: string,
    filter: Filter,
    order: string,
  ): Promise<readonly T[]> {
    const list = await this.#cache.getOrLoad(key, collection.listCodec, async () => {
      const found = await collection.documents
        .find(filter as DriverFilter<T>)
        .sort({ [order]: 1 })
        .toArray();
      return found.map((document) => collection.parse(document));
    });
    return list ?? [];
  }
}

/** What the database holds now, past every cache; null when it holds none. Throws `database_unavailable`, `document_damaged`. */
export async function readFresh<T extends StoredDocument>(
  collection: Stored<T>,
  id: string,
): Promise<T | null> {
  try {
    return await findOne(collection, { _id: id });
  } catch (cause) {
    if (cause instanceof SystemError) throw cause;
    throw new SystemError('database_unavailable', `${id} could not be read`, { cause });
  }
}

async function findOne<T extends StoredDocument>(collection: Stored<T>, filter: Filter): Promise<T | null> {
  const found = await collection.documents.findOne(filter as DriverFilter<T>);
  return found === null ? null : collection.parse(found);
}

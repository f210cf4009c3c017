/** Puts a world into the database. The session comes last: a world that was left half made does not exist. */
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import type { Filter, UpdateOperation } from '../database/driver.ts';
import type { Stored, StoredDocument } from '../database/stored.ts';
import { SystemError } from '../errors.ts';
import { isDuplicateKey } from '../lock/fence.ts';
import type { Session } from '../models/session.ts';
import type { World } from './generate.ts';

const batchSize = 1_000;

/** The last step: inserts the session together with the documents that must appear with it. */
export type InsertSession = (session: Session) => Promise<void>;

/** To be called under the session's lock. Throws `session_exists`; safe to repeat until the session is there. */
export async function plantWorld(
  collections: Collections,
  world: World,
  insertSession: InsertSession = async (inserted) => {
    await collections.entities.session.documents.insertOne(inserted, durable);
  },
): Promise<void> {
  const { city, general, nation, session } = collections.entities;
  const id = world.session._id;
  checkSessionId(id);
  if ((await session.documents.countDocuments({ _id: id })) > 0) throw exists(id);
  await plant(nation, id, world.nations);
  await plant(city, id, world.cities);
  await plant(general, id, world.generals);
  await plant(collections.items, id, world.items);
  await plant(collections.battles, id, world.battles);
  await plant(collections.relations, id, world.relations);
  await plant(collections.tournaments, id, world.tournaments);
  try {
    await insertSession(world.session);
  } catch (error) {
    throw isDuplicateKey(error) ? exists(id) : error;
  }
}

/** Names of keys, rows and locks are made of it, with colons between their parts: two sessions must not share any. */
function checkSessionId(id: string): void {
  if (/^[^\s:/]{1,64}$/.test(id)) return;
  throw new SystemError(
    'bad_request',
    'sessionId: must be 1 to 64 characters, no spaces, colons or slashes',
    {
      field: 'sessionId',
    },
  );
}

async function plant<T extends StoredDocument>(
  collection: Stored<T>,
  sessionId: string,
  entities: readonly T[],
): Promise<void> {
  // What an interrupted attempt with other sizes left behind.
  const ids = entities.map((entity) => entity._id);
  await collection.documents.deleteMany({ session_id: sessionId, _id: { $nin: ids } } as Filter<T>, durable);
  for (let from = 0; from < entities.length; from += batchSize) {
    const operations = entities.slice(from, from + batchSize).map((entity) => ({
      replaceOne: { filter: { _id: entity._id }, replacement: entity, upsert: true },
    }));
    await collection.documents.bulkWrite(operations as unknown as UpdateOperation<T>[], {
      ordered: false,
      ...durable,
    });
  }
}

function exists(sessionId: string): SystemError {
  return new SystemError('session_exists', `there is a session ${sessionId}`, { field: 'sessionId' });
}

/** Applies saves to MongoDB in one batch per collection and says of each what became of it. Safe to repeat. */
import type { Collections } from '../database/collections.ts';
import type { ClientSession } from '../database/driver.ts';
import { durable } from '../database/durability.ts';
import type { EntityType } from '../models/registry.ts';
import { writeFilter } from './entity-write.ts';
import { type Carrier, type CurrentState, judged, type Judged, judgeWrite } from './verdict.ts';

/**
 * Each write with its verdict, in any order. Throws when MongoDB does not answer: then any of them may have been applied. Within
 * `session`'s transaction nothing is applied before its commit.
 */
export async function applyWrites<T extends Carrier>(
  collections: Collections,
  carriers: readonly T[],
  session?: ClientSession,
): Promise<readonly Judged<T>[]> {
  const groups = [...Map.groupBy(carriers, ({ write }) => write.type)];
  const apply = ([type, group]: readonly [EntityType, readonly T[]]) =>
    applyGroup(writable(collections, type), group, session);
  if (session === undefined) return (await Promise.all(groups.map(apply))).flat();
  // A session runs one command at a time.
  const judgedWrites: Judged<T>[] = [];
  for (const group of groups) judgedWrites.push(...(await apply(group)));
  return judgedWrites;
}

async function applyGroup<T extends Carrier>(
  documents: WritableCollection,
  group: readonly T[],
  session: ClientSession | undefined,
): Promise<readonly Judged<T>[]> {
  const operations = group.map(({ write }) => ({
    replaceOne: { filter: writeFilter(write), replacement: write.document },
  }));
  const options = session === undefined ? durable : { session };
  const matched = await countMatched(documents, operations, options);
  if (matched === group.length) return group.map((carrier) => judged(carrier, 'applied'));
  const states = await documents
    .find(
      { _id: { $in: group.map(({ write }) => write.document._id) } },
      {
        projection: { version: 1, write_id: 1, turn_fence: 1 },
        ...(session === undefined ? {} : { session }),
      },
    )
    .toArray();
  const byId = new Map(states.map((state) => [state._id, state]));
  return group.map((carrier) => {
    const { write } = carrier;
    return judged(carrier, judgeWrite(write, byId.get(write.document._id)));
  });
}

async function countMatched(
  documents: WritableCollection,
  operations: readonly object[],
  options: object,
): Promise<number> {
  try {
    const result = await documents.bulkWrite(operations, { ordered: false, ...options });
    return result.matchedCount;
  } catch (error) {
    // Some operations were refused one by one, the others were tried: the documents tell which.
    if (error instanceof Error && error.name === 'MongoBulkWriteError' && 'writeErrors' in error) {
      const { writeErrors } = error;
      if (Array.isArray(writeErrors) && writeErrors.length > 0 && !('session' in options)) return -1;
    }
    throw error;
  }
}

/** The two calls used here, with documents of any of the entity types. */
interface WritableCollection {
  bulkWrite(operations: readonly object[], options: object): Promise<{ readonly matchedCount: number }>;
  find(
    filter: object,
    options: object,
  ): { toArray(): Promise<readonly (CurrentState & { readonly _id: string })[]> };
}

function writable(collections: Collections, type: EntityType): WritableCollection {
  return collections.entities[type].documents as unknown as WritableCollection;
}

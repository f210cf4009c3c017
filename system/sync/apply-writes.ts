/** Applies saves to MongoDB in one batch per collection and says of each what became of it. Safe to repeat. */
import type { Collections } from '../database/collections.ts';
import type { ClientSession } from '../database/driver.ts';
import { durable } from '../database/durability.ts';
import { type EntityType, entityTypes } from '../models/registry.ts';
import { type EntityWrite, writeFilter } from './entity-write.ts';
import { type CurrentState, judgeWrite, type Verdict } from './verdict.ts';

/**
 * One verdict for each write, in order. Throws when MongoDB does not answer: then any of them may have been applied. Within
 * `session`'s transaction nothing is applied before its commit.
 */
export async function applyWrites(
  collections: Collections,
  writes: readonly EntityWrite[],
  session?: ClientSession,
): Promise<readonly Verdict[]> {
  const verdicts = new Map<EntityWrite, Verdict>();
  const groups = entityTypes
    .map((type) => ({ type, group: writes.filter((write) => write.type === type) }))
    .filter(({ group }) => group.length > 0);
  const apply = async ({ type, group }: { type: EntityType; group: readonly EntityWrite[] }) => {
    const judged = await applyGroup(writable(collections, type), group, session);
    for (const [index, write] of group.entries()) verdicts.set(write, judged[index] ?? 'failed');
  };
  if (session === undefined) await Promise.all(groups.map(apply));
  // A session runs one command at a time.
  else for (const group of groups) await apply(group);
  return writes.map((write) => verdicts.get(write) ?? 'failed');
}

async function applyGroup(
  documents: WritableCollection,
  group: readonly EntityWrite[],
  session: ClientSession | undefined,
): Promise<readonly Verdict[]> {
  const operations = group.map((write) => ({
    replaceOne: { filter: writeFilter(write), replacement: write.document },
  }));
  const options = session === undefined ? durable : { session };
  const matched = await countMatched(documents, operations, options);
  if (matched === group.length) return group.map(() => 'applied');
  const states = await documents
    .find(
      { _id: { $in: group.map((write) => write.document._id) } },
      {
        projection: { version: 1, write_id: 1, turn_fence: 1 },
        ...(session === undefined ? {} : { session }),
      },
    )
    .toArray();
  const byId = new Map(states.map((state) => [state._id, state]));
  return group.map((write) => judgeWrite(write, byId.get(write.document._id)));
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

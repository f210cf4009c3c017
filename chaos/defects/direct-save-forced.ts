/** Stands in for `system/sync/direct-write.ts`: past the queue the document is put in place without a look at what was there. */
import { announce } from '../../system/cache/journal.ts';
import type { Collections } from '../../system/database/collections.ts';
import { durable } from '../../system/database/durability.ts';
import type { createDirectWriter as rightCreateDirectWriter } from '../../system/sync/direct-write.ts';
import type { EntityWrite } from '../../system/sync/entity-write.ts';
import { entityKeysOf } from '../../system/sync/queue-entry.ts';
import { judged } from '../../system/sync/verdict.ts';

export type { DirectWriter } from '../../system/sync/direct-write.ts';

export const createDirectWriter: typeof rightCreateDirectWriter = ({ collections, random }) => ({
  write: async (writes) => {
    for (const { write } of writes) {
      await replace(collections, write);
      await announce(collections.journal, random.uuid(), [...entityKeysOf(write), ...write.lists]);
    }
    return writes.map((write) => judged(write, 'applied'));
  },
});

interface Replaceable {
  replaceOne(filter: object, replacement: object, options: object): Promise<unknown>;
}

async function replace(collections: Collections, { type, document }: EntityWrite): Promise<void> {
  const documents: Replaceable = collections.entities[type].documents as unknown as Replaceable;
  await documents.replaceOne({ _id: document._id }, document, durable);
}

/** Lists of the catalogue are cursors too; their documents are all there from the start. */
import type { Operation } from '../commands/operation.ts';
import { Arguments } from '../commands/arguments.ts';
import { encodeDocument } from '../bson/encode.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { firstBatch } from './batch.ts';

export function listingReply(
  operation: Operation,
  namespace: string,
  documents: readonly Document[],
): Document {
  const cursor = operation.arguments.documentField('cursor') ?? {};
  const raw = documents.map((document) => new RawDocument(encodeDocument(document)));
  let taken = 0;
  const iterator = raw.values();
  return firstBatch(operation, {
    namespace,
    batchSize: new Arguments(cursor, 'cursor').nonNegativeInteger('batchSize'),
    singleBatch: false,
    noTimeout: false,
    source: {
      documents: {
        next: () => {
          taken += 1;
          return iterator.next();
        },
      },
      isAtEnd: () => taken >= raw.length,
      close: () => undefined,
    },
  });
}

/** An index as listIndexes and change events show it. */
import type { Document, IndexSpec } from './contract.ts';

export function describeIndex(index: IndexSpec): Document {
  const { collation, expireAfterSeconds, hidden, kindOptions, partialFilterExpression, prepareUnique } =
    index;
  return {
    v: 2,
    key: { ...index.key },
    name: index.name,
    ...(index.unique && index.name !== '_id_' ? { unique: true } : {}),
    ...(index.sparse ? { sparse: true } : {}),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    ...(hidden === true ? { hidden } : {}),
    ...(prepareUnique === true ? { prepareUnique } : {}),
    ...kindOptions,
    ...(collation === undefined ? {} : { collation }),
  };
}

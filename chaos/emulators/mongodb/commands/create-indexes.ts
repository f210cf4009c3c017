/** createIndexes: builds indexes; those that are there already are no error. */
import { encodeDocument } from '../bson/encode.ts';
import { MongoError } from '../errors.ts';
import type { IndexSpec, StorageTransaction } from '../storage/contract.ts';
import type { Command } from './command.ts';
import { describeIndex, parseIndex, sameKeyPattern } from './index-specification.ts';
import { whenDone } from './write-batch.ts';
import { writeStatement } from './write-statement.ts';

export const createIndexes: Command = {
  name: 'createIndexes',
  kind: 'write',
  inTransaction: true,
  writeConcern: true,
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions', 'v'],
  run: (operation) => {
    const { namespace } = operation;
    const given = operation.arguments.documents('indexes') ?? [];
    if (given.length === 0) throw new MongoError('BadValue', 'Must specify at least one index to create');
    const specifications = given.map(parseIndex);
    const done = writeStatement(operation, (storage) => build(storage, namespace, specifications));
    return whenDone(done, (reply) => reply);
  },
};

function build(storage: StorageTransaction, namespace: string, specifications: readonly IndexSpec[]) {
  const existing = storage.collection(namespace);
  if (existing === undefined) storage.createCollection(namespace, {});
  const before = existing?.indexes ?? storage.collection(namespace)?.indexes ?? [];
  const indexes = [...before];
  for (const specification of specifications) {
    if (isKnown(specification, indexes)) continue;
    storage.createIndex(namespace, specification);
    indexes.push(specification);
  }
  return {
    numIndexesBefore: before.length,
    numIndexesAfter: indexes.length,
    createdCollectionAutomatically: existing === undefined,
    ...(indexes.length === before.length ? { note: 'all indexes already exist' } : {}),
  };
}

/** @throws MongoError IndexOptionsConflict, IndexKeySpecsConflict. */
function isKnown(wanted: IndexSpec, indexes: readonly IndexSpec[]): boolean {
  if (Object.keys(wanted.key).join() === '_id' && wanted.key['_id'] === 1) return true;
  for (const index of indexes) {
    const sameKey = sameKeyPattern(index.key, wanted.key);
    const sameOptions = Buffer.compare(optionBytes(index), optionBytes(wanted)) === 0;
    if (index.name === wanted.name) {
      if (sameKey && sameOptions) return true;
      throw sameKey
        ? new MongoError(
            'IndexOptionsConflict',
            `An equivalent index already exists with the same name but different options. Requested index: ${wanted.name}`,
          )
        : new MongoError(
            'IndexKeySpecsConflict',
            `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${wanted.name}`,
          );
    }
    if (
      sameKey &&
      index.partialFilterExpression === undefined &&
      wanted.partialFilterExpression === undefined
    ) {
      throw new MongoError(
        'IndexOptionsConflict',
        `Index already exists with a different name: ${index.name}`,
      );
    }
  }
  return false;
}

function optionBytes(index: IndexSpec): Uint8Array {
  const { name: _name, key: _key, ...options } = describeIndex(index);
  return encodeDocument(options);
}

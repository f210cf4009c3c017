/** createIndexes: builds indexes; those that are there already are no error. */
import { encodeDocument } from '../bson/encode.ts';
import { MongoError, locationError } from '../errors.ts';
import type { Document, IndexSpec, StorageTransaction } from '../storage/contract.ts';
import { isText } from '../storage/index-kind.ts';
import type { Command } from './command.ts';
import { describeIndex } from '../storage/index-description.ts';
import { parseIndex, sameKeyPattern } from './index-specification.ts';
import { defaultCollation } from './query-arguments.ts';
import { whenDone } from './write-batch.ts';
import { writeStatement } from './write-statement.ts';

export const createIndexes: Command = {
  name: 'createIndexes',
  kind: 'write',
  refusesViews: true,
  inTransaction: true,
  writeConcern: true,
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions', 'v'],
  run: (operation) => {
    const { namespace } = operation;
    const given = operation.arguments.documents('indexes');
    if (given === undefined) {
      throw locationError(40414, "BSON field 'createIndexes.indexes' is missing but a required field");
    }
    if (given.length === 0) throw new MongoError('BadValue', 'Must specify at least one index to create');
    const options = operation.server.engine.identity(namespace)?.options;
    const context = {
      options,
      collation: defaultCollation(options),
      ignoresUnknown: operation.arguments.boolean('ignoreUnknownIndexOptions'),
    };
    const specifications = given.map((item) => parseIndex(item, context));
    checkSeriesIndexes(options, specifications);
    const done = writeStatement(operation, (storage) => build(storage, namespace, specifications));
    return whenDone(done, (reply) => reply);
  },
};

function build(storage: StorageTransaction, namespace: string, specifications: readonly IndexSpec[]) {
  const existing = storage.collection(namespace);
  if (existing === undefined) storage.createCollection(namespace, {});
  const before = existing?.indexes ?? storage.collection(namespace)?.indexes ?? [];
  const indexes = [...before];
  // A clustered collection has its documents in the order of _id and no index for it.
  const clustered = existing?.options['clusteredIndex'] === undefined ? 0 : 1;
  for (const specification of specifications) {
    if (isKnown(specification, indexes)) continue;
    if (indexes.length >= indexesMax) {
      throw new MongoError('CannotCreateIndex', `add index fails, too many indexes for ${namespace}`);
    }
    if (isText(specification) && indexes.some(isText)) {
      throw new MongoError('CannotCreateIndex', 'only one text index per collection allowed');
    }
    storage.createIndex(namespace, specification);
    indexes.push(specification);
  }
  return {
    numIndexesBefore: before.length - clustered,
    numIndexesAfter: indexes.length - clustered,
    createdCollectionAutomatically: existing === undefined,
    ...(indexes.length === before.length ? { note: 'all indexes already exist' } : {}),
  };
}

/** MongoDB's bound. */
const indexesMax = 64;

/** @throws MongoError InvalidOptions for what a time series cannot have. */
function checkSeriesIndexes(options: Document | undefined, specifications: readonly IndexSpec[]): void {
  if (options?.['timeseries'] === undefined) return;
  for (const spec of specifications) {
    const refused = spec.unique
      ? 'unique'
      : Object.values(spec.key).find((kind) => kind === 'text' || kind === 'hashed' || kind === '2d');
    if (refused === undefined) continue;
    throw new MongoError('InvalidOptions', `${refused} indexes are not supported on time-series collections`);
  }
}

/** @throws MongoError IndexOptionsConflict, IndexKeySpecsConflict. */
function isKnown(wanted: IndexSpec, indexes: readonly IndexSpec[]): boolean {
  if (Object.keys(wanted.key).join() === '_id' && wanted.key['_id'] === 1) {
    const own = indexes.find(({ name }) => name === '_id_');
    if (own === undefined || JSON.stringify(own.collation) === JSON.stringify(wanted.collation)) return true;
    throw new MongoError('BadValue', 'The _id index must have the same collation as the collection');
  }
  for (const index of indexes) {
    const isSame =
      sameKeyPattern(index.key, wanted.key) && signatureBytes(index).equals(signatureBytes(wanted));
    if (index.name === wanted.name) {
      if (isSame && Buffer.compare(optionBytes(index), optionBytes(wanted)) === 0) return true;
      throw isSame
        ? new MongoError(
            'IndexOptionsConflict',
            `An equivalent index already exists with the same name but different options. Requested index: ${wanted.name}`,
          )
        : new MongoError(
            'IndexKeySpecsConflict',
            `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${wanted.name}`,
          );
    }
    if (isSame) {
      throw new MongoError(
        'IndexOptionsConflict',
        `Index already exists with a different name: ${index.name}`,
      );
    }
  }
  return false;
}

/** What tells indexes of one key apart: two that agree in it cannot both exist. */
function signatureBytes(spec: IndexSpec): Buffer {
  const { collation, partialFilterExpression, kindOptions, sparse, unique } = spec;
  const { wildcardProjection } = kindOptions ?? {};
  return Buffer.from(
    encodeDocument({ collation, partialFilterExpression, sparse, unique, wildcardProjection }),
  );
}

function optionBytes(index: IndexSpec): Uint8Array {
  const { name: _name, key: _key, ...options } = describeIndex(index);
  return encodeDocument(options);
}

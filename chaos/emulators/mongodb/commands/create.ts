/** create: a collection, view or time series with its options. Said again with the same options it does nothing. */
import { encodeDocument } from '../bson/encode.ts';
import { MongoError } from '../errors.ts';
import type { IndexSpec, StorageTransaction } from '../storage/contract.ts';
import { collectionOptions } from './collection-options.ts';
import type { Command } from './command.ts';
import { collectionOf } from './namespace.ts';
import { whenDone } from './write-batch.ts';
import { writeStatement } from './write-statement.ts';

export const create: Command = {
  name: 'create',
  kind: 'write',
  inTransaction: true,
  writeConcern: true,
  fields: [
    'autoIndexId',
    'capped',
    'changeStreamPreAndPostImages',
    'clusteredIndex',
    'collation',
    'encryptedFields',
    'expireAfterSeconds',
    'flags',
    'idIndex',
    'indexOptionDefaults',
    'max',
    'pipeline',
    'size',
    'storageEngine',
    'temp',
    'timeseries',
    'validationAction',
    'validationLevel',
    'validator',
    'viewOn',
  ],
  run: (operation) => {
    const { arguments: given, namespace } = operation;
    if (given.get('encryptedFields') !== undefined) {
      throw new MongoError(
        'CommandNotSupported',
        'create.encryptedFields is not supported by the embedded MongoDB',
      );
    }
    if (collectionOf(namespace).startsWith('system.') && given.get('viewOn') !== undefined) {
      throw new MongoError('InvalidNamespace', `Cannot create a view called ${namespace}`);
    }
    const options = collectionOptions(operation);
    const done = writeStatement(operation, (storage) => {
      const existing = storage.collection(namespace);
      if (existing === undefined) {
        storage.createCollection(namespace, options);
        createSeriesIndex(storage, namespace, options['timeseries']);
        return;
      }
      if (
        Buffer.compare(encodeDocument(existing.options), encodeDocument(options)) !== 0 ||
        operation.transaction !== undefined
      ) {
        throw new MongoError('NamespaceExists', `Collection ${namespace} already exists.`);
      }
    });
    return whenDone(done, () => ({}));
  },
};

/** A time series with a meta field has an index of it and the time from the start. */
function createSeriesIndex(storage: StorageTransaction, namespace: string, timeseries: unknown): void {
  if (typeof timeseries !== 'object' || timeseries === null) return;
  if (!('metaField' in timeseries) || !('timeField' in timeseries)) return;
  const [metaField, timeField] = [String(timeseries.metaField), String(timeseries.timeField)];
  const spec: IndexSpec = {
    name: `${metaField}_1_${timeField}_1`,
    key: { [metaField]: 1, [timeField]: 1 },
    unique: false,
    sparse: false,
  };
  storage.createIndex(namespace, spec);
}

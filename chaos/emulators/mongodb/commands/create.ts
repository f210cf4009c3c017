/** create: a collection with its options. Said again with the same options it does nothing. */
import { encodeDocument } from '../bson/encode.ts';
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { Arguments } from './arguments.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document } from '../storage/contract.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { refuseCollation } from './query-arguments.ts';
import { whenDone } from './write-batch.ts';
import { writeStatement } from './write-statement.ts';

const kept = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
];
const ignored = ['autoIndexId', 'idIndex', 'indexOptionDefaults', 'storageEngine', 'flags', 'temp'];
const refused = ['encryptedFields', 'expireAfterSeconds', 'pipeline', 'timeseries', 'viewOn'];

export const create: Command = {
  name: 'create',
  kind: 'write',
  inTransaction: true,
  writeConcern: true,
  fields: ['clusteredIndex', 'collation', ...kept, ...ignored, ...refused],
  run: (operation) => {
    const { namespace } = operation;
    const options = optionsOf(operation);
    const done = writeStatement(operation, (storage) => {
      const existing = storage.collection(namespace);
      if (existing === undefined) {
        storage.createCollection(namespace, options);
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

/** The `_id` index is what a clustered index is; only its name is the client's. */
function clusteredOptions(given: Arguments): Document {
  const wanted = given.documentField('clusteredIndex');
  if (wanted === undefined) return {};
  const clustered = new Arguments(wanted, 'create.clusteredIndex');
  clustered.refuseUnknown(new Set(['key', 'name', 'unique', 'v']));
  const key = clustered.requiredDocument('key');
  if (Object.keys(key).join() !== '_id' || numberOf(key['_id']) !== 1 || !clustered.boolean('unique')) {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      'The clusteredIndex option needs the key {_id: 1} and unique: true',
    );
  }
  return {
    clusteredIndex: { v: 2, key: { _id: 1 }, name: clustered.string('name') ?? '_id_', unique: true },
  };
}

function optionsOf({ arguments: given }: Operation): Document {
  refuseCollation(given);
  for (const name of refused) {
    if (given.get(name) === undefined) continue;
    throw new MongoError('CommandNotSupported', `create.${name} is not supported by the embedded MongoDB`);
  }
  const validator = given.documentField('validator');
  if (validator !== undefined) compileFilter(validator);
  if (given.boolean('capped') && given.number('size') === undefined) {
    throw new MongoError('InvalidOptions', "the 'size' field is required when 'capped' is true");
  }
  const options: Document = clusteredOptions(given);
  for (const name of kept) {
    const value = given.get(name);
    if (value === undefined || (name === 'capped' && value === false)) continue;
    if (name === 'changeStreamPreAndPostImages' && !isDocument(value)) continue;
    options[name] = value;
  }
  return options;
}

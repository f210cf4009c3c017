/** Options of `create`: what MongoDB accepts, keeps and shows, and which of them go together. */
import type { Collation } from '../collation/collation.ts';
import { collationOf } from '../collation/collation.ts';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import type { Operation } from './operation.ts';
import { parseTimeSeries } from './time-series.ts';
import { checkValidator } from './validation-options.ts';
import { checkView } from './views.ts';

/** @throws MongoError 2, 72 and those of the single options. */
export function collectionOptions(operation: Operation): Document {
  const { arguments: given, namespace, server } = operation;
  const collation = givenCollation(given);
  const viewOn = given.string('viewOn');
  const pipeline = given.array('pipeline');
  const shown = collation === undefined ? {} : { collation: { ...collation.specification } };
  if (viewOn !== undefined) {
    refuseTogether(given, 'viewOn', notForViews);
    checkView(server, namespace, { viewOn, pipeline: pipeline ?? [], collation });
    return { viewOn, pipeline: [...(pipeline ?? [])], ...shown };
  }
  if (pipeline !== undefined) {
    throw new MongoError('InvalidOptions', "'pipeline' requires 'viewOn' to also be specified");
  }
  return {
    ...cappedOptions(given),
    ...clusteredOptions(given),
    ...seriesOptions(given),
    ...validationOptions(given, collation),
    ...imageOptions(given),
    ...shown,
  };
}

const notForViews = [
  'capped',
  'changeStreamPreAndPostImages',
  'clusteredIndex',
  'expireAfterSeconds',
  'max',
  'size',
  'timeseries',
  'validationAction',
  'validationLevel',
  'validator',
];

function refuseTogether(given: Arguments, name: string, others: readonly string[]): void {
  const other = others.find((item) => {
    const value = given.get(item);
    const isOff = isDocument(value) && value['enabled'] === false;
    return value !== undefined && value !== false && !isOff;
  });
  if (other === undefined) return;
  throw new MongoError('InvalidOptions', `The '${other}' option is not allowed together with '${name}'`);
}

function givenCollation(given: Arguments): Collation | undefined {
  const collation = given.documentField('collation');
  if (collation === undefined) return undefined;
  if (Object.keys(collation).length === 0) {
    throw new MongoError('BadValue', 'collation cannot be an empty object');
  }
  return collationOf(collation);
}

const cappedBytesMax = 2 ** 50;

function cappedOptions(given: Arguments): Document {
  const size = given.number('size');
  const max = given.number('max');
  if (!given.boolean('capped')) {
    if (size === undefined && max === undefined) return {};
    throw new MongoError(
      'InvalidOptions',
      `the '${size === undefined ? 'max' : 'size'}' field requires 'capped' to be true`,
    );
  }
  refuseTogether(given, 'capped', ['clusteredIndex', 'expireAfterSeconds', 'timeseries']);
  if (size === undefined) {
    throw new MongoError('InvalidOptions', "the 'size' field is required when 'capped' is true");
  }
  if (size < 1 || size > cappedBytesMax) {
    throw locationError(51024, `BSON field 'size' value must be >= 1, actual value '${size}'`);
  }
  return {
    capped: true,
    size: Math.ceil(size / 256) * 256,
    ...(max === undefined || max <= 0 ? {} : { max: Math.trunc(max) }),
  };
}

/** The `_id` index is what a clustered index is; only its name is the client's. */
function clusteredOptions(given: Arguments): Document {
  const value = given.get('clusteredIndex');
  if (value === undefined || value === false) return {};
  if (value === true || !isDocument(value)) {
    if (value === true) {
      throw new MongoError('InvalidOptions', "'clusteredIndex: true' is for internal collections only");
    }
    throw new MongoError('TypeMismatch', "BSON field 'create.clusteredIndex' must be an object");
  }
  refuseTogether(given, 'clusteredIndex', ['timeseries']);
  const clustered = new Arguments(value, 'create.clusteredIndex');
  clustered.refuseUnknown(new Set(['key', 'name', 'unique', 'v']));
  const key = clustered.requiredDocument('key');
  if (!clustered.boolean('unique')) {
    throw locationError(5979700, 'The clusteredIndex option requires unique: true to be specified');
  }
  if (Object.keys(key).join() !== '_id' || numberOf(key['_id']) !== 1) {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      'The clusteredIndex option needs the key {_id: 1}',
    );
  }
  const name = clustered.string('name') ?? '_id_';
  if (name === '') throw new MongoError('BadValue', "The 'name' of a clusteredIndex cannot be empty");
  const expiry = expirySeconds(given);
  return { clusteredIndex: { v: 2, key: { _id: 1 }, name, unique: true }, ...expiry };
}

function seriesOptions(given: Arguments): Document {
  const timeseries = given.documentField('timeseries');
  if (timeseries === undefined) {
    if (given.get('expireAfterSeconds') !== undefined && given.get('clusteredIndex') === undefined) {
      throw new MongoError(
        'InvalidOptions',
        "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
      );
    }
    return {};
  }
  refuseTogether(given, 'timeseries', [
    'validator',
    'validationLevel',
    'validationAction',
    'changeStreamPreAndPostImages',
  ]);
  return { timeseries: parseTimeSeries(timeseries), ...expirySeconds(given) };
}

/** @throws MongoError InvalidOptions. */
export function expirySeconds(given: Arguments): Document {
  const value = given.get('expireAfterSeconds');
  if (value === undefined || value === 'off') return {};
  const seconds = numberOf(value);
  if (seconds === undefined) {
    throw new MongoError('TypeMismatch', "BSON field 'expireAfterSeconds' must be a number");
  }
  if (!(seconds >= 0)) {
    throw new MongoError('InvalidOptions', `TTL 'expireAfterSeconds' option cannot be less than 0`);
  }
  if (seconds > 0x7fffffffffff) {
    throw new MongoError(
      'InvalidOptions',
      `TTL 'expireAfterSeconds' option must be within an acceptable range`,
    );
  }
  return { expireAfterSeconds: value };
}

function validationOptions(given: Arguments, collation: Collation | undefined): Document {
  return checkValidator(given, 'create', collation);
}

function imageOptions(given: Arguments): Document {
  const images = given.documentField('changeStreamPreAndPostImages');
  if (images === undefined) return {};
  const option = new Arguments(images, 'create.changeStreamPreAndPostImages');
  option.refuseUnknown(new Set(['enabled']));
  if (images['enabled'] === undefined || images['enabled'] === null) {
    throw locationError(
      40414,
      "BSON field 'create.changeStreamPreAndPostImages.enabled' is missing but a required field",
    );
  }
  return option.boolean('enabled') ? { changeStreamPreAndPostImages: { enabled: true } } : {};
}

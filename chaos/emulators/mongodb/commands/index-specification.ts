/** Reads index specifications as clients write them and writes them as listIndexes shows them. */
import { shellText } from '../storage/duplicate-key.ts';
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import { orderedNames } from '../bson/field-order.ts';
import { Arguments } from './arguments.ts';
import { refuseCollation } from './query-arguments.ts';

const known = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'hidden',
  'collation',
  'ns',
  'storageEngine',
  'comment',
]);
const expirySecondsMax = 0x7fffffff;

/** @throws MongoError CannotCreateIndex, InvalidIndexSpecificationOption. */
export function parseIndex(specification: Document): IndexSpec {
  const given = new Arguments(specification, 'createIndexes.indexes');
  for (const name of Object.keys(specification)) {
    if (known.has(name)) continue;
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      `The field '${name}' is not valid for an index specification. Specification: ${shellText(specification['name'])}`,
    );
  }
  refuseCollation(given);
  if (given.boolean('hidden')) {
    throw new MongoError('CommandNotSupported', 'hidden indexes are not supported by the embedded MongoDB');
  }
  const name = given.string('name');
  if (name === undefined || name === '') {
    throw new MongoError(
      'FailedToParse',
      "The 'name' field is a required property of an index specification",
    );
  }
  const partialFilterExpression = given.documentField('partialFilterExpression');
  if (partialFilterExpression !== undefined) compileFilter(partialFilterExpression);
  const expireAfterSeconds = given.number('expireAfterSeconds');
  const key = parseKey(given.documentField('key') ?? {});
  if (expireAfterSeconds !== undefined) {
    if (expireAfterSeconds < 0 || expireAfterSeconds > expirySecondsMax) {
      throw new MongoError(
        'CannotCreateIndex',
        `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a value between 0 and ${expirySecondsMax}`,
      );
    }
    if (Object.keys(key).length > 1) {
      throw new MongoError(
        'CannotCreateIndex',
        'TTL indexes are single-field indexes, compound indexes do not support TTL.',
      );
    }
  }
  if (given.boolean('sparse') && partialFilterExpression !== undefined) {
    throw new MongoError('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  return {
    name,
    key,
    unique: given.boolean('unique'),
    sparse: given.boolean('sparse'),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  };
}

function parseKey(key: Document): Record<string, 1 | -1> {
  const names = orderedNames(key);
  if (names.length === 0) throw new MongoError('CannotCreateIndex', 'Index keys cannot be an empty object');
  const result: Record<string, 1 | -1> = {};
  for (const name of names) {
    const value = key[name];
    if (typeof value === 'string') {
      throw new MongoError('CannotCreateIndex', `${value} indexes are not supported by the embedded MongoDB`);
    }
    const direction = numberOf(value);
    if (direction === undefined || direction === 0 || Number.isNaN(direction)) {
      throw new MongoError(
        'CannotCreateIndex',
        `Values in v:2 index key pattern cannot be of type ${isDocument(value) ? 'object' : typeof value}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      );
    }
    if (name === '' || name.includes('$**')) {
      throw new MongoError(
        'CannotCreateIndex',
        name === ''
          ? 'Index keys cannot be an empty field'
          : 'wildcard indexes are not supported by the embedded MongoDB',
      );
    }
    result[name] = direction > 0 ? 1 : -1;
  }
  return result;
}

export function describeIndex(index: IndexSpec): Document {
  return {
    v: 2,
    key: { ...index.key },
    name: index.name,
    ...(index.unique && index.name !== '_id_' ? { unique: true } : {}),
    ...(index.sparse ? { sparse: true } : {}),
    ...(index.partialFilterExpression === undefined
      ? {}
      : { partialFilterExpression: index.partialFilterExpression }),
    ...(index.expireAfterSeconds === undefined ? {} : { expireAfterSeconds: index.expireAfterSeconds }),
  };
}

export function sameKeyPattern(left: IndexSpec['key'], right: IndexSpec['key']): boolean {
  const a = Object.entries(left);
  const b = Object.entries(right);
  return (
    a.length === b.length &&
    a.every(([name, direction], index) => b[index]?.[0] === name && b[index][1] === direction)
  );
}

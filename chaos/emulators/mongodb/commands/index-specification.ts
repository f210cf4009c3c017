/** Reads index specifications as clients write them. */
import { orderedNames } from '../bson/field-order.ts';
import { collationOf } from '../collation/collation.ts';
import type { Collation } from '../collation/collation.ts';
import { MongoError, locationError } from '../errors.ts';
import { numberOf, typeNameOf } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document, IndexDirection, IndexSpec } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { isText, isWildcard } from '../storage/index-kind.ts';
import { Arguments } from './arguments.ts';
import { geoOptions, textOptions, textSpec, wildcardOptions } from './index-kind-options.ts';
import { checkPartialFilter } from './partial-filter.ts';

const known = new Set([
  '2dsphereIndexVersion',
  'background',
  'bits',
  'collation',
  'comment',
  'default_language',
  'dropDups',
  'expireAfterSeconds',
  'hidden',
  'key',
  'language_override',
  'max',
  'min',
  'name',
  'ns',
  'partialFilterExpression',
  'prepareUnique',
  'sparse',
  'storageEngine',
  'textIndexVersion',
  'unique',
  'v',
  'weights',
  'wildcardProjection',
]);
const expirySecondsMax = 0x7fffffff;
const clusteredKinds = 'clusteredIndex';

export interface IndexContext {
  /** Of the collection; indexes have it unless they name another. */
  readonly collation: Collation | undefined;
  readonly options: Document | undefined;
  readonly ignoresUnknown: boolean;
}

/** @throws MongoError CannotCreateIndex, InvalidIndexSpecificationOption and others. */
export function parseIndex(specification: Document, context: IndexContext): IndexSpec {
  const given = new Arguments(specification, 'createIndexes.indexes');
  refuseUnknown(specification, context);
  const name = given.string('name');
  const keyDocument = given.documentField('key');
  if (keyDocument === undefined) {
    throw new MongoError('FailedToParse', "The 'key' field is a required property of an index specification");
  }
  if (name === undefined) {
    throw new MongoError(
      'FailedToParse',
      "The 'name' field is a required property of an index specification",
    );
  }
  if (name === '') throw new MongoError('CannotCreateIndex', 'index name cannot be empty');
  if (name === '_id_' && Object.keys(keyDocument).join() !== '_id') {
    throw new MongoError('BadValue', `The index name '_id_' is reserved for the _id index`);
  }
  if (name.includes('\0')) throw new MongoError('CannotCreateIndex', 'index name cannot contain NUL bytes');
  checkVersion(specification['v']);
  const key = parseKey(keyDocument);
  const base = { name, key, unique: given.boolean('unique'), sparse: given.boolean('sparse') };
  const collation = indexCollation(given, base, context);
  const options = {
    ...partialOption(given, collation),
    ...expiryOption(given, key, context),
    ...(given.boolean('hidden') ? { hidden: true } : {}),
    ...(given.boolean('prepareUnique') ? { prepareUnique: true } : {}),
    ...(collation === undefined ? {} : { collation: { ...collation.specification } }),
  };
  const kindOptions = {
    ...textOptions(given, key),
    ...geoOptions(given, key),
    ...wildcardOptions(given, key),
  };
  const spec: IndexSpec = {
    ...base,
    ...options,
    ...(Object.keys(kindOptions).length === 0 ? {} : { kindOptions }),
  };
  checkCombination(spec);
  return isText(spec) ? textSpec(spec) : spec;
}

function refuseUnknown(specification: Document, { ignoresUnknown }: IndexContext): void {
  for (const name of Object.keys(specification)) {
    if (known.has(name)) continue;
    if (name === clusteredKinds || name === 'clustered') {
      throw new MongoError(
        'InvalidOptions',
        'createIndexes command cannot create a clustered index: give it to create instead',
      );
    }
    if (ignoresUnknown) continue;
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      `The field '${name}' is not valid for an index specification. Specification: ${shellText(specification['name'])}`,
    );
  }
}

function checkVersion(value: unknown): void {
  if (value === undefined) return;
  const version = numberOf(value);
  if (version === undefined) {
    throw new MongoError('TypeMismatch', "The field 'v' must be a number");
  }
  if (version === 1 || version === 2) return;
  throw new MongoError(
    'CannotCreateIndex',
    `Invalid index specification: cannot create an index with v: ${version}`,
  );
}

const kinds = ['2d', '2dsphere', 'hashed', 'text'] as const;

function parseKey(key: Document): Record<string, IndexDirection> {
  const names = orderedNames(key);
  if (names.length === 0) throw new MongoError('CannotCreateIndex', 'Index keys cannot be an empty object');
  if (names.length > 32) throw locationError(13_103, 'too many compound keys: 32 is the most');
  const result: Record<string, IndexDirection> = {};
  for (const name of names) {
    checkName(name);
    result[name] = directionOf(key[name], key);
  }
  checkKey(result);
  return result;
}

function checkName(name: string): void {
  const refuse = (reason: string): never => {
    throw new MongoError('CannotCreateIndex', reason);
  };
  if (name === '') refuse('Index keys cannot be an empty field');
  if (name === '$**' || name.endsWith('.$**')) return;
  const parts = name.split('.');
  if (parts.includes('')) refuse(`Index keys cannot contain an empty field: ${name}`);
  const dollar = parts.find(
    (part, index) => part.startsWith('$') && !(index > 0 && ['$ref', '$id', '$db'].includes(part)),
  );
  if (dollar !== undefined) refuse(`Index key contains an illegal field name: field name starts with '$'.`);
}

function directionOf(value: unknown, key: Document): IndexDirection {
  if (typeof value === 'string') {
    const kind = kinds.find((item) => item === value);
    if (kind !== undefined) return kind;
    const reason = value === '' ? 'Index keys cannot be an empty string' : `Unknown index plugin '${value}'`;
    throw new MongoError('CannotCreateIndex', reason);
  }
  const direction = numberOf(value);
  if (direction === undefined) {
    throw new MongoError(
      'CannotCreateIndex',
      `Values in v:2 index key pattern cannot be of type ${typeNameOf(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  }
  if (direction === 0 || Number.isNaN(direction)) {
    throw new MongoError(
      'CannotCreateIndex',
      `Values in the index key pattern cannot be 0. Index: ${shellText(key)}`,
    );
  }
  return direction > 0 ? 1 : -1;
}

function checkKey(key: Record<string, IndexDirection>): void {
  const special = [...new Set(Object.values(key).filter((kind) => typeof kind === 'string'))];
  if (special.length > 1) {
    throw new MongoError('CannotCreateIndex', `Can't use more than one index plugin for a single index.`);
  }
  if (Object.values(key).filter((kind) => kind === 'hashed').length > 1) {
    throw locationError(31_303, 'A maximum of one index field is allowed to be hashed');
  }
  const wildcards = Object.keys(key).filter((name) => isWildcard({ key: { [name]: 1 } }));
  if (wildcards.length > 1) {
    throw locationError(7_246_201, 'wildcard indexes cannot have more than one wildcard field');
  }
  const kind = key[wildcards[0] ?? ''];
  if (wildcards.length > 0 && typeof kind === 'string' && kind !== 'text') {
    throw new MongoError('CannotCreateIndex', `Index type '${kind}' does not support wildcard keys`);
  }
}

function indexCollation(
  given: Arguments,
  base: Pick<IndexSpec, 'key' | 'name'>,
  context: IndexContext,
): Collation | undefined {
  const asked = given.documentField('collation');
  if (asked !== undefined && Object.keys(asked).length === 0) {
    throw new MongoError('BadValue', "The field 'collation' cannot be an empty object.");
  }
  const collation = asked === undefined ? context.collation : collationOf(asked);
  const [plugin] = Object.values(base.key).filter((kind) => kind === 'text' || kind === '2d');
  if (plugin !== undefined) {
    if (collation === undefined) return undefined;
    throw new MongoError(
      'CannotCreateIndex',
      `Index type '${String(plugin)}' does not support collation: ${shellText(collation.specification)}`,
    );
  }
  return collation;
}

function partialOption(
  given: Arguments,
  collation: Collation | undefined,
): Pick<IndexSpec, 'partialFilterExpression'> {
  const filter = given.documentField('partialFilterExpression');
  if (filter === undefined) return {};
  checkPartialFilter(filter);
  compileFilter(filter, { collation });
  return { partialFilterExpression: filter };
}

function expiryOption(
  given: Arguments,
  key: Record<string, IndexDirection>,
  { options }: IndexContext,
): Pick<IndexSpec, 'expireAfterSeconds'> {
  const value = given.get('expireAfterSeconds');
  if (value === undefined) return {};
  const seconds = numberOf(value);
  if (seconds === undefined) {
    throw new MongoError(
      'CannotCreateIndex',
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${typeNameOf(value)}'`,
    );
  }
  if (!(seconds >= 0) || seconds > expirySecondsMax) {
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
  if (options?.['capped'] === true) {
    throw new MongoError('CannotCreateIndex', 'Cannot create TTL index on a capped collection');
  }
  return { expireAfterSeconds: Math.trunc(seconds) };
}

function checkCombination(spec: IndexSpec): void {
  const refuse = (reason: string): never => {
    throw new MongoError('CannotCreateIndex', reason);
  };
  const { key, unique, sparse, partialFilterExpression, expireAfterSeconds } = spec;
  const isIdIndex = Object.keys(key).join() === '_id' && key['_id'] === 1;
  if (sparse && partialFilterExpression !== undefined) {
    refuse('cannot mix "partialFilterExpression" and "sparse" options');
  }
  if (unique && Object.values(key).includes('hashed')) {
    throw locationError(16_764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
  }
  if (isWildcard(spec) && !isText(spec)) {
    if (unique || spec.prepareUnique === true)
      refuse("Index type 'wildcard' does not support the unique option");
    if (sparse) refuse("Index type 'wildcard' does not support the sparse option");
    if (expireAfterSeconds !== undefined) refuse("Index type 'wildcard' cannot be a TTL index");
  }
  if (expireAfterSeconds !== undefined && Object.keys(key).join() === '_id') {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      "The field 'expireAfterSeconds' is not valid for an _id index specification.",
    );
  }
  if (!isIdIndex) return;
  if (spec.hidden === true) {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      "The field 'hidden' is not valid for an _id index specification.",
    );
  }
  if (sparse)
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      "The field 'sparse' is not valid for an _id index specification.",
    );
  if (partialFilterExpression !== undefined) {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      "The field 'partialFilterExpression' is not valid for an _id index specification.",
    );
  }
  if (unique) {
    throw new MongoError(
      'InvalidIndexSpecificationOption',
      "The field 'unique' is not valid for an _id index specification.",
    );
  }
}

export function sameKeyPattern(left: IndexSpec['key'], right: IndexSpec['key']): boolean {
  const a = Object.entries(left);
  const b = Object.entries(right);
  return (
    a.length === b.length &&
    a.every(([name, direction], index) => b[index]?.[0] === name && b[index][1] === direction)
  );
}

/** Options that only text, geo and wildcard indexes have, with MongoDB's defaults. */
import { MongoError } from '../errors.ts';
import { isDocument, isTruthy, numberOf } from '../query/bson-value.ts';
import { compileProjection } from '../query/projection.ts';
import type { Document, IndexDirection, IndexSpec } from '../storage/contract.ts';
import { languageOf } from '../text/tokens.ts';
import type { Arguments } from './arguments.ts';

type Key = Readonly<Record<string, IndexDirection>>;

const textOnly = ['weights', 'default_language', 'language_override', 'textIndexVersion'];

/** @throws MongoError CannotCreateIndex. */
export function textOptions(given: Arguments, key: Key): Document {
  if (!Object.values(key).includes('text')) {
    const option = textOnly.find((name) => name === 'weights' && given.get(name) !== undefined);
    if (option !== undefined) throw cannot(`the ${option} option is for text indexes only`);
    return {};
  }
  const weights: Record<string, number> = {};
  for (const [path, kind] of Object.entries(key)) if (kind === 'text') weights[path] = 1;
  for (const [path, weight] of Object.entries(givenWeights(given))) {
    const number = numberOf(weight);
    if (number === undefined) throw cannot('weight for text index needs numeric type');
    if (number < 1 || number > 99_999)
      throw cannot(`text index weight must be in the exclusive interval (0,100000) but found: ${number}`);
    if (path.startsWith('$') && path !== '$**') throw cannot(`weights cannot be set on the field ${path}`);
    weights[path] = Math.trunc(number);
  }
  const language = stringOption(given, 'default_language') ?? 'english';
  const override = stringOption(given, 'language_override') ?? 'language';
  if (override === '' || override.startsWith('$')) throw cannot('language_override is not valid');
  try {
    languageOf(language);
  } catch {
    throw cannot('default_language is not valid');
  }
  const version = numberOf(given.get('textIndexVersion')) ?? 3;
  if (![1, 2, 3].includes(version)) throw cannot(`unsupported text index version: ${version}`);
  checkTextOrder(key);
  const sorted = Object.fromEntries(
    Object.keys(weights)
      .toSorted()
      .map((path) => [path, weights[path]]),
  );
  return {
    weights: sorted,
    default_language: language,
    language_override: override,
    textIndexVersion: version,
  };
}

function givenWeights(given: Arguments): Document {
  const weights = given.get('weights');
  if (weights === undefined) return {};
  if (typeof weights === 'string') return { [weights]: 1 };
  if (isDocument(weights)) return weights;
  throw cannot('text index option weights must be an object');
}

function stringOption(given: Arguments, name: string): string | undefined {
  const value = given.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw new MongoError('TypeMismatch', `The field '${name}' must be a string`);
}

/** Text fields stand beside each other. */
function checkTextOrder(key: Key): void {
  const kinds = Object.values(key);
  const first = kinds.indexOf('text');
  const last = kinds.lastIndexOf('text');
  if (kinds.slice(first, last + 1).every((kind) => kind === 'text')) return;
  throw cannot("'text' fields in index must all be adjacent");
}

/** The key as MongoDB shows it: `_fts` and `_ftsx` stand for the text fields. */
export function textSpec(spec: IndexSpec): IndexSpec {
  const entries = Object.entries(spec.key);
  if (entries.some(([path]) => path === '_fts')) return spec;
  const key: Record<string, IndexDirection> = {};
  for (const [path, kind] of entries) {
    if (kind !== 'text') key[path] = kind;
    else if (!('_fts' in key)) Object.assign(key, { _fts: 'text', _ftsx: 1 });
  }
  return { ...spec, key };
}

/** @throws MongoError CannotCreateIndex, InvalidOptions. */
export function geoOptions(given: Arguments, key: Key): Document {
  const kinds = Object.values(key);
  if (kinds.includes('2dsphere')) {
    const version = numberOf(given.get('2dsphereIndexVersion')) ?? 3;
    if (![1, 2, 3].includes(version))
      throw cannot(
        `unsupported geo index version { 2dsphereIndexVersion: ${version} }, only support versions: [1,2,3]`,
      );
    return { '2dsphereIndexVersion': version };
  }
  if (!kinds.includes('2d')) return {};
  if (kinds[0] !== '2d') throw cannot('2d has to be first in index');
  if (kinds.filter((kind) => kind === '2d').length > 1) throw cannot("can't have 2 geo fields");
  const options: Document = {};
  for (const name of ['bits', 'min', 'max'] as const) {
    const value = given.number(name);
    if (value !== undefined) options[name] = given.get(name);
  }
  const bits = numberOf(options['bits']);
  if (bits !== undefined && (bits < 1 || bits > 32))
    throw new MongoError('InvalidOptions', 'bits for hash must be > 0 and <= 32');
  const [min, max] = [numberOf(options['min']) ?? -180, numberOf(options['max']) ?? 180];
  if (min >= max)
    throw new MongoError('InvalidOptions', 'region for hash must be valid and have positive area');
  return options;
}

/** @throws MongoError FailedToParse, BadValue. */
export function wildcardOptions(given: Arguments, key: Key): Document {
  const projection = given.documentField('wildcardProjection');
  if (projection === undefined) return {};
  if (!('$**' in key) || key['$**'] === 'text') {
    throw new MongoError(
      Object.keys(key).some((path) => path.endsWith('.$**')) ? 'FailedToParse' : 'BadValue',
      "The field 'wildcardProjection' is only allowed when 'key' is {\"$**\": ±1}",
    );
  }
  if (Object.keys(projection).length === 0) {
    throw new MongoError('FailedToParse', "The 'wildcardProjection' field can't be an empty object");
  }
  compileProjection(projection, {});
  const { _id: id, ...others } = projection;
  const modes = new Set(Object.values(others).map(isTruthy));
  if (modes.size > 1)
    throw new MongoError('FailedToParse', 'wildcardProjection cannot mix inclusion and exclusion');
  return { wildcardProjection: id === undefined ? projection : { ...projection } };
}

function cannot(reason: string): MongoError {
  return new MongoError('CannotCreateIndex', reason);
}

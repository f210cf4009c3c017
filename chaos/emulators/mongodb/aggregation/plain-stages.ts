/** Stages that choose, order or count documents: $match $sort $limit $skip $count $sample $sortByCount. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument, numberOf, setField, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import type { Collation } from '../collation/collation.ts';
import { compileFilter } from '../query/matcher.ts';
import { compileSort, sortDocuments } from '../query/sort.ts';
import type { Sort } from '../query/sort.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import { intOrLong, numberTypeOf, toDouble } from '../numbers/number-type.ts';
import { exactLong, roundedToLong, truncatedToLong } from '../numbers/rounding.ts';
import { shellText } from '../storage/duplicate-key.ts';
import type { Document } from '../storage/contract.ts';
import { compileExpression } from './expression.ts';
import { compileOutputs, groupBy } from './group.ts';
import type { StageCompiler } from './stage.ts';

export const compileMatch: StageCompiler = (operand, { environment }) => {
  if (!isDocument(operand)) throw locationError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(operand, environment);
  return function* (documents) {
    for (const document of documents) if (matches(document)) yield document;
  };
};

export const compileSortStage: StageCompiler = (operand, { environment }) => {
  const sort = stageSort(operand, environment.collation);
  return (documents) => sortDocuments([...documents], sort, (document) => document);
};

/** MongoDB's limit. */
const sortKeysMax = 32;

/** A stage's own rules for its keys: fractions of a direction are cut off. @throws MongoError. */
export function stageSort(operand: unknown, collation: Collation | undefined): Sort {
  if (!isDocument(operand)) throw locationError(15973, 'the $sort key specification must be an object');
  if (Object.keys(operand).length === 0)
    throw locationError(15976, '$sort stage must have at least one sort key');
  if (Object.keys(operand).length > sortKeysMax) {
    throw locationError(13103, `too many compound keys: a $sort takes at most ${sortKeysMax}`);
  }
  const directions: Document = {};
  for (const path of orderedNames(operand)) setField(directions, path, directionOf(path, operand[path]));
  return compileSort(directions, collation);
}

const sortMetadata = new Set(['textScore', 'randVal', 'searchScore', 'vectorSearchScore', 'geoNearDistance']);

function directionOf(path: string, direction: unknown): unknown {
  if (isDocument(direction)) {
    if (!Object.hasOwn(direction, '$meta'))
      throw locationError(17312, `$meta is the only expression supported by $sort right now: ${path}`);
    if (Object.keys(direction).length > 1)
      throw new MongoError('FailedToParse', 'Cannot have additional keys in a $meta sort specification');
    const { $meta: name } = direction;
    if (typeof name !== 'string' || !sortMetadata.has(name))
      throw locationError(31138, `Illegal $meta sort: ${shellText(name)}`);
    return direction;
  }
  if (numberTypeOf(direction) === undefined) {
    throw locationError(15974, `Illegal key in $sort specification: ${path}: ${shellText(direction)}`);
  }
  const whole = numberTypeOf(direction) === 'decimal' ? roundedToLong(direction) : truncatedToLong(direction);
  if (whole !== 1n && whole !== -1n) {
    throw locationError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
  checkFieldPath(path, path);
  return Number(whole);
}

/** A whole number of 64 bits that is not negative. */
function countArgument(operand: unknown, name: string, code: number): number {
  const count = numberTypeOf(operand) === undefined ? undefined : exactLong(operand);
  if (count === undefined) {
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected an integer: ${name}: ${shellText(operand)}`,
    );
  }
  if (count < 0n) {
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${shellText(operand)}`,
    );
  }
  return Number(count);
}

export const compileLimit: StageCompiler = (operand) => {
  const limit = countArgument(operand, '$limit', 5107201);
  if (limit === 0) throw locationError(15958, 'the limit must be positive');
  return function* (documents) {
    let left = limit;
    for (const document of documents) {
      yield document;
      left -= 1;
      if (left === 0) return;
    }
  };
};

export const compileSkip: StageCompiler = (operand) => {
  const skip = countArgument(operand, '$skip', 5107200);
  return function* (documents) {
    let left = skip;
    for (const document of documents) {
      if (left > 0) left -= 1;
      else yield document;
    }
  };
};

export const compileCount: StageCompiler = (operand) => {
  if (typeof operand !== 'string') throw locationError(40156, 'the count field must be a non-empty string');
  if (operand === '') throw locationError(40157, 'the count field must be a non-empty string');
  if (operand.startsWith('$')) throw locationError(40158, 'the count field cannot be a $-prefixed path');
  if (operand.includes('\0')) throw locationError(40159, 'the count field cannot contain a null byte');
  if (operand.includes('.')) throw locationError(40160, "the count field cannot contain '.'");
  if (operand === '_id') throw locationError(9039800, "the count field cannot be '_id'");
  return function* (documents) {
    let count = 0;
    for (const _ of documents) count += 1;
    if (count > 0) yield { [operand]: intOrLong(BigInt(count)) };
  };
};

/** Reservoir sampling (Vitter's algorithm R) keeps `size` documents, each with the same chance. */
export const compileSample: StageCompiler = (operand, { random }) => {
  if (!isDocument(operand))
    throw locationError(
      28745,
      `the $sample stage specification must be an object, found ${typeNameOf(operand)}`,
    );
  for (const [name, value] of Object.entries(operand)) {
    if (name !== 'size') throw locationError(28748, `unrecognized option to $sample: ${name}`);
    if (numberTypeOf(value) === undefined)
      throw locationError(28746, 'size argument to $sample must be a number');
  }
  if (!Object.hasOwn(operand, 'size')) throw locationError(28749, '$sample stage must specify a size');
  const given = operand['size'];
  const whole = numberTypeOf(given) === 'decimal' ? roundedToLong(given) : truncatedToLong(given);
  const size = whole === undefined && toDouble(given) > 0 ? Number.MAX_SAFE_INTEGER : Number(whole ?? 0n);
  if (!(size > 0)) throw locationError(28747, 'size argument to $sample must be a positive integer');
  return (documents) => {
    const kept: Document[] = [];
    let seen = 0;
    for (const document of documents) {
      seen += 1;
      if (kept.length < size) kept.push(document);
      else {
        const place = Math.floor(random.next() * seen);
        if (place < size) kept[place] = document;
      }
    }
    return kept;
  };
};

export const compileSortByCount: StageCompiler = (operand, { environment }) => {
  const isPath = typeof operand === 'string' && operand.startsWith('$');
  const isOperator = isDocument(operand) && Object.keys(operand)[0]?.startsWith('$') === true;
  if (typeof operand === 'string' && !isPath) {
    throw locationError(
      40148,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  if (isDocument(operand) && !isOperator)
    throw locationError(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  if (!isPath && !isOperator)
    throw locationError(
      40149,
      `the sortByCount field must be specified as a string or as an object, found ${typeNameOf(operand)}`,
    );
  const group = groupBy(
    compileExpression(operand, environment),
    compileOutputs({ count: { $sum: 1 } }, environment),
    environment,
  );
  return (documents) =>
    [...group(documents)].sort(
      (left, right) => (numberOf(right['count']) ?? 0) - (numberOf(left['count']) ?? 0),
    );
};

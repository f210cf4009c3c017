/** Update operators on arrays: $addToSet $pop $pull $pullAll $push. */
import { shellText } from '../../storage/duplicate-key.ts';
import { compareValues } from '../../bson/compare.ts';
import { MongoError } from '../../errors.ts';
import type { Document } from '../../storage/contract.ts';
import { isDocument, numberOf, typeNameOf } from '../bson-value.ts';
import { valuesEqual } from '../comparison.ts';
import {
  compileFieldOperators,
  equalityTest,
  isLogicalDocument,
  isOperatorDocument,
} from '../field-operators.ts';
import { compileFilter } from '../matcher.ts';
import { isRegularExpression } from '../regular-expression.ts';
import { compileSort } from '../sort.ts';
import { unchanged } from './operator.ts';
import type { UpdateOperator } from './operator.ts';

function arrayOf(old: unknown, name: string, path: string): readonly unknown[] {
  if (old === undefined) return [];
  if (Array.isArray(old)) return old;
  throw new MongoError(
    'BadValue',
    `The field '${path}' must be an array but is of type ${typeNameOf(old)}${name === '$push' ? '' : ` (${name})`}`,
  );
}

interface PushModifiers {
  readonly each: readonly unknown[];
  readonly position: number | undefined;
  readonly slice: number | undefined;
  readonly sort: ((items: readonly unknown[]) => unknown[]) | undefined;
}

export const pushOperator: UpdateOperator = (operand) => {
  const { each, position, slice, sort } = pushModifiers(operand);
  return (old, _environment, path) => {
    const items = [...arrayOf(old, '$push', path)];
    items.splice(position ?? items.length, 0, ...each);
    const sorted = sort === undefined ? items : sort(items);
    if (slice === undefined) return sorted;
    return slice < 0 ? sorted.slice(slice) : sorted.slice(0, slice);
  };
};

function pushModifiers(operand: unknown): PushModifiers {
  if (!isDocument(operand) || operand['$each'] === undefined) {
    return { each: [operand], position: undefined, slice: undefined, sort: undefined };
  }
  for (const name of Object.keys(operand)) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name)) {
      throw new MongoError('BadValue', `Unrecognized clause in $push: ${name}`);
    }
  }
  return {
    each: eachOf(operand, '$push'),
    position: integerModifier(operand, '$position'),
    slice: integerModifier(operand, '$slice'),
    sort: sortModifier(operand['$sort']),
  };
}

function eachOf(operand: Document, name: string): readonly unknown[] {
  const each = operand['$each'];
  if (Array.isArray(each)) return each;
  throw new MongoError(
    name === '$push' ? 'BadValue' : 'TypeMismatch',
    `The argument to $each in ${name} must be an array but it was of type: ${typeNameOf(each)}`,
  );
}

function integerModifier(operand: Document, name: string): number | undefined {
  const value = operand[name];
  if (value === undefined) return undefined;
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) {
    throw new MongoError(
      'BadValue',
      `The value for ${name} must be an integer value but was given type: ${typeNameOf(value)}`,
    );
  }
  return number;
}

function sortModifier(value: unknown): PushModifiers['sort'] {
  if (value === undefined) return undefined;
  const direction = numberOf(value);
  if (direction === 1 || direction === -1) {
    return (items) => items.toSorted((a, b) => direction * compareValues(a, b));
  }
  if (!isDocument(value)) {
    throw new MongoError(
      'BadValue',
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const paths = Object.keys(value);
  if (paths.length === 0) {
    throw new MongoError('BadValue', 'The $sort pattern is empty when it should be a set of fields.');
  }
  if (paths.some((path) => path.split('.').includes(''))) {
    throw new MongoError('BadValue', 'The $sort field is a dotted field but has an empty part');
  }
  const sort = compileSort(value);
  return (items) => items.toSorted((a, b) => sort.compare(sort.keyOf(a), sort.keyOf(b)));
}

export const addToSetOperator: UpdateOperator = (operand) => {
  const hasEach = isDocument(operand) && Object.keys(operand)[0] === '$each';
  if (hasEach && Object.keys(operand).length > 1) {
    throw new MongoError(
      'BadValue',
      `Found unexpected fields after $each in $addToSet: ${shellText(operand)}`,
    );
  }
  const added = hasEach ? eachOf(operand, '$addToSet') : [operand];
  return (old, _environment, path) => {
    const items = [...arrayOf(old, '$addToSet', path)];
    const before = items.length;
    for (const value of added) {
      if (!items.some((item) => valuesEqual(item, value))) items.push(value);
    }
    return old !== undefined && items.length === before ? unchanged : items;
  };
};

export const popOperator: UpdateOperator = (operand, path) => {
  const direction = numberOf(operand);
  if (direction !== 1 && direction !== -1) {
    throw new MongoError('FailedToParse', `$pop expects 1 or -1, found: ${shellText(operand)} for '${path}'`);
  }
  return (old) => {
    if (old === undefined) return unchanged;
    if (!Array.isArray(old)) {
      throw new MongoError(
        'TypeMismatch',
        `Path '${path}' contains an element of non-array type '${typeNameOf(old)}'`,
      );
    }
    if (old.length === 0) return unchanged;
    return direction === 1 ? old.slice(0, -1) : old.slice(1);
  };
};

export const pullOperator: UpdateOperator = (operand) => {
  const test = pullTest(operand);
  return (old) => keepUnless(old, '$pull', test);
};

export const pullAllOperator: UpdateOperator = (operand) => {
  if (!Array.isArray(operand)) {
    throw new MongoError(
      'BadValue',
      `$pullAll requires an array argument but was given a ${typeNameOf(operand)}`,
    );
  }
  const values: readonly unknown[] = operand;
  return (old) => keepUnless(old, '$pullAll', (item) => values.some((value) => valuesEqual(item, value)));
};

function keepUnless(old: unknown, name: string, test: (item: unknown) => boolean): unknown {
  if (old === undefined) return unchanged;
  if (!Array.isArray(old)) throw new MongoError('BadValue', `Cannot apply ${name} to a non-array value`);
  const kept = old.filter((item: unknown) => !test(item));
  return kept.length === old.length ? unchanged : kept;
}

/** A document is a filter on the elements, operators and regular expressions test the element itself. */
function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isOperatorDocument(operand) && !isLogicalDocument(operand))
    return compileFieldOperators([], operand, {}, compileFilter);
  if (isRegularExpression(operand)) return equalityTest(operand);
  if (isDocument(operand)) {
    const predicate = compileFilter(operand);
    return (item) => isDocument(item) && predicate(item);
  }
  return (item) => valuesEqual(item, operand);
}

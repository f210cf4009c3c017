/** What a filter demands of single fields, as far as an index can use it: points and ranges that must hold together. */
import { Code, DBRef, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Document } from '../../storage/contract.ts';
import { isDocument, typeNameOf } from '../bson-value.ts';
import { isOperatorDocument } from '../field-operators.ts';
import { isNaNValue } from '../../numbers/number-type.ts';
import { isRegularExpression } from '../regular-expression.ts';

export interface Bound {
  readonly value: unknown;
  readonly inclusive: boolean;
}

export interface Condition {
  /** The field equals one of these. */
  readonly points?: readonly unknown[];
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** By field path; several conditions of one field must all hold. */
export type Conditions = ReadonlyMap<string, readonly Condition[]>;

export function conditionsOf(filter: Document): Conditions {
  const found = new Map<string, Condition[]>();
  collect(filter, found);
  return found;
}

function collect(filter: Document, found: Map<string, Condition[]>): void {
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(value)) {
      for (const clause of value as readonly unknown[]) if (isDocument(clause)) collect(clause, found);
    }
    if (name.startsWith('$')) continue;
    const conditions = isOperatorDocument(value) ? operatorConditions(value) : equality(value);
    if (conditions.length > 0) found.set(name, [...(found.get(name) ?? []), ...conditions]);
  }
}

function operatorConditions(operators: Document): Condition[] {
  return Object.entries(operators).flatMap(([name, operand]): Condition[] => {
    switch (name) {
      case '$eq':
        return equality(operand);
      case '$in':
        return Array.isArray(operand) && operand.every(isPoint) ? [{ points: operand }] : [];
      case '$gt':
      case '$gte':
        return range({ value: operand, inclusive: name === '$gte' }, undefined);
      case '$lt':
      case '$lte':
        return range(undefined, { value: operand, inclusive: name === '$lte' });
      default:
        return [];
    }
  });
}

function equality(value: unknown): Condition[] {
  return isPoint(value) ? [{ points: [value] }] : [];
}

/** An index holds an array's elements and not the array, and no regular expression's matches. */
function isPoint(value: unknown): boolean {
  return (
    value !== undefined && !Array.isArray(value) && !isRegularExpression(value) && !(value instanceof DBRef)
  );
}

/** The other end is that of the operand's type: a range never leaves it. */
function range(lower: Bound | undefined, upper: Bound | undefined): Condition[] {
  const operand = lower === undefined ? upper?.value : lower.value;
  if (!isPoint(operand) || operand === null || isNaNValue(operand) || operand instanceof Code) return [];
  if (operand instanceof MinKey || operand instanceof MaxKey) return [];
  const ends = typeEnds(operand);
  if (ends === undefined) return [];
  return [{ lower: lower ?? ends.lower, upper: upper ?? ends.upper }];
}

function typeEnds(value: unknown): { readonly lower: Bound; readonly upper: Bound } | undefined {
  switch (typeNameOf(value)) {
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, true);
    case 'string':
      return between('', {}, false);
    case 'objectId':
      return between(new ObjectId('000000000000000000000000'), false, false);
    case 'date':
      return between(new Date(-8_640_000_000_000_000), new Timestamp({ t: 0, i: 0 }), false);
    case 'bool':
      return between(false, true, true);
    default:
      return undefined;
  }
}

function between(lower: unknown, upper: unknown, upperInclusive: boolean) {
  return { lower: { value: lower, inclusive: true }, upper: { value: upper, inclusive: upperInclusive } };
}

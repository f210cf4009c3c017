/**
 * Sort specifications: the keys of a document and their order. An array sorts by its least element ascending and by its
 * greatest descending; a missing field sorts like null, an empty array before it.
 */
import { shellText } from '../storage/duplicate-key.ts';
import { metaExpression } from '../aggregation/document-metadata.ts';
import { compareValues } from '../bson/compare.ts';
import type { TextOrder } from '../bson/compare.ts';
import type { Collation } from '../collation/collation.ts';
import { MongoError, locationError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { orderedNames } from '../bson/field-order.ts';
import { isDocument, numberOf } from './bson-value.ts';
import { walkPath } from './path.ts';

export type SortKey = readonly unknown[];

export interface Sort {
  readonly fields: readonly { readonly path: string; readonly direction: 1 | -1 }[];
  /** How strings compare; undefined: by their bytes. */
  readonly collation: Collation | undefined;
  readonly specification: Document;
  /** Some key is no field of the document, so that no index can give the order. */
  readonly isComputed: boolean;
  keyOf(document: unknown): SortKey;
  compare(left: SortKey, right: SortKey): number;
}

/** Stands for the key of an empty array, which MongoDB sorts as undefined: before null. */
const emptyArray = Symbol('empty array');

/** @throws MongoError 2, 15974, 15975. */
export function compileSort(specification: Document, collation?: Collation): Sort {
  const compareKeys = keyOrder(collation?.compareText);
  const fields = orderedNames(specification).map((path) => {
    const direction = numberOf(specification[path]);
    const computed = specification[path];
    if (isDocument(computed)) return computedField(path, computed);
    if (path === '') throw new MongoError('BadValue', 'FieldPath cannot be constructed with empty string');
    if (path.startsWith('$') && path !== '$natural') {
      throw new MongoError(
        'BadValue',
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
    if (direction === undefined) {
      throw locationError(
        15974,
        `Illegal key in $sort specification: ${path}: ${shellText(specification[path])}`,
      );
    }
    if (direction !== 1 && direction !== -1) {
      throw locationError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    const sign: 1 | -1 = direction;
    const parts = path.split('.');
    const keyOf: FieldKey = (document) => keyOfField(document, parts, sign, compareKeys);
    return { path, direction: sign, keyOf };
  });
  return {
    fields,
    collation,
    specification,
    isComputed: fields.some(({ path }) => isDocument(specification[path])),
    keyOf: (document) => fields.map(({ keyOf }) => keyOf(document)),
    compare: (left, right) => {
      for (let index = 0; index < fields.length; index += 1) {
        const order = compareKeys(left[index], right[index]);
        if (order !== 0) return fields[index]?.direction === -1 ? -order : order;
      }
      return 0;
    },
  };
}

export function sortDocuments<T>(items: readonly T[], sort: Sort, documentOf: (item: T) => unknown): T[] {
  return items
    .map((item) => ({ item, key: sort.keyOf(documentOf(item)) }))
    .sort((left, right) => sort.compare(left.key, right.key))
    .map(({ item }) => item);
}

type FieldKey = (document: unknown) => unknown;

/** `{$meta: …}`, best first. */
function computedField(
  path: string,
  specification: Document,
): { path: string; direction: -1; keyOf: FieldKey } {
  const { $meta: operand, ...others } = specification;
  if (operand === undefined || Object.keys(others).length > 0) {
    throw new MongoError(
      'BadValue',
      `Illegal key in $sort specification: ${path}: ${shellText(specification)}`,
    );
  }
  const value = metaExpression(operand);
  return { path, direction: -1, keyOf: (document) => value(document) ?? null };
}

type KeyOrder = (left: unknown, right: unknown) => number;

function keyOrder(textOrder: TextOrder | undefined): KeyOrder {
  return (left, right) => compareKeys(left, right, textOrder);
}

function compareKeys(left: unknown, right: unknown, textOrder: TextOrder | undefined): number {
  if (left === emptyArray || right === emptyArray) {
    if (left === right) return 0;
    const other = left === emptyArray ? right : left;
    const isMinKey =
      typeof other === 'object' && other !== null && '_bsontype' in other && other._bsontype === 'MinKey';
    const emptyIsLess = isMinKey ? 1 : -1;
    return left === emptyArray ? emptyIsLess : -emptyIsLess;
  }
  return compareValues(left, right, textOrder);
}

function keyOfField(
  document: unknown,
  parts: readonly string[],
  direction: 1 | -1,
  compareKeys: KeyOrder,
): unknown {
  let best: unknown;
  let found = false;
  const consider = (value: unknown): void => {
    if (!found || compareKeys(value, best) * direction < 0) best = value;
    found = true;
  };
  walkPath(document, parts, { expandLeaf: false }, (value) => {
    if (!Array.isArray(value)) consider(value ?? null);
    else if (value.length === 0) consider(emptyArray);
    else for (const item of value) consider(item);
    return false;
  });
  return found ? best : null;
}

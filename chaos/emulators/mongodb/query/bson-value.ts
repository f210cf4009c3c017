/**
 * What kind of BSON value a decoded value is. Decoded numbers may be plain or wrapped; everything that asks for a type
 * asks here, so that no one else needs to know.
 */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
} from 'bson';
import { ObjectId, Timestamp } from 'bson';
import { fieldOrder, isIntegerLike, orderedNames } from '../bson/field-order.ts';
import type { Document } from '../storage/contract.ts';

/** Aliases and numbers of MongoDB's `$type`. */
export const typeNumbers = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

export type TypeName = keyof typeof typeNumbers;

/** The type's name; a missing field (`undefined`) is told as `missing`. */
export function typeNameOf(value: unknown): TypeName | 'missing' {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'long';
    case 'number':
      return (value | 0) === value && !Object.is(value, -0) ? 'int' : 'double';
    default:
      return typeof value === 'object' ? objectTypeName(value) : 'javascript';
  }
}

function objectTypeName(value: object | null): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return 'object';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Date) return 'date';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Long) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof Binary || value instanceof Uint8Array) return 'binData';
  if (value instanceof RegExp || value instanceof BSONRegExp) return 'regex';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  if (value instanceof BSONSymbol) return 'symbol';
  if (value instanceof Code) return value.scope ? 'javascriptWithScope' : 'javascript';
  if (value instanceof DBRef) return 'dbPointer';
  return 'object';
}

export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function isNumeric(value: unknown): boolean {
  const type = typeNameOf(value);
  return type === 'int' || type === 'double' || type === 'long' || type === 'decimal';
}

/** The value as a JavaScript number (rounded where it has more digits), or undefined when it is no number. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Timestamp) return undefined;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  return undefined;
}

/** Truth as MongoDB reads it: false, null, missing and every zero are false. */
export function isTruthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  if (value instanceof Decimal128) return !/^-?[0.]+(?:E|$)/.test(value.toString());
  const number = numberOf(value);
  return number === undefined || number !== 0;
}

/** A copy whose documents and arrays may be changed; the values inside are shared, as they never change. */
export function cloneContainers<T>(value: T): T;
export function cloneContainers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => cloneContainers(item));
  if (!isDocument(value)) return value;
  const copy: Document = {};
  for (const name of Object.keys(value)) defineField(copy, name, cloneContainers(value[name]));
  if (fieldOrder in value) Object.assign(copy, { [fieldOrder]: value[fieldOrder] });
  return copy;
}

/** A copy whose own fields may be changed. */
export function cloneShallow(value: Document): Document {
  const copy: Document = {};
  for (const name of Object.keys(value)) defineField(copy, name, value[name]);
  if (fieldOrder in value) Object.assign(copy, { [fieldOrder]: value[fieldOrder] });
  return copy;
}

export function removeField(target: Document, name: string): void {
  delete target[name];
  const order: unknown = fieldOrder in target ? target[fieldOrder] : undefined;
  if (!Array.isArray(order)) return;
  Object.assign(target, { [fieldOrder]: order.filter((known: unknown) => known !== name) });
}

/** Assigns a field; a new one comes last, also one whose name is a number, which an object alone would put first. */
export function setField(target: Document, name: string, value: unknown): void {
  if (isIntegerLike(name) && !Object.hasOwn(target, name) && !comesLast(target, name)) {
    const order = [...orderedNames(target), name];
    Object.assign(target, { [fieldOrder]: order });
  }
  defineField(target, name, value);
}

/** Whether an object alone would put the number behind all names there are. */
function comesLast(target: Document, name: string): boolean {
  if (fieldOrder in target) return false;
  const last = Object.keys(target).at(-1);
  return last === undefined || (isIntegerLike(last) && Number(last) < Number(name));
}

/** Also the field `__proto__`, which a plain assignment would take for the prototype. */
function defineField(target: Document, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else target[name] = value;
}

/** A field of a document's own, never one of Object.prototype. */
export function fieldOf(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/**
 * MongoDB's total order over all BSON values, as sorting, indexes and comparison operators use it (MongoDB manual,
 * "Comparison/Sort Order"). Takes values as `decode.ts` gives them, and any other form of the `bson` package.
 *
 * JavaScript's `undefined` stands for a missing field and is equal to null here. Query operators distinguish the two
 * (`$exists`), and types too (`{ $gt: 5 }` matches numbers only), which is their business and not that of the order.
 */
import type { Binary, BSONRegExp, Code, DBRef, Long, ObjectId } from 'bson';
import { bsonTypeOf } from './bson-type.ts';
import { asDouble, compareExact, exactNumber } from './exact-number.ts';
import { orderedNames } from './field-order.ts';
import { valueClass, valueClasses } from './value-class.ts';

/** How strings compare: by their bytes, or by a collation. */
export type TextOrder = (a: string, b: string) => number;

/** Negative, zero or positive as `a` sorts before, with or after `b`. Strings by UTF-8 bytes unless told, NaN below all numbers, -0 = 0. */
export function compareValues(a: unknown, b: unknown, textOrder: TextOrder = compareText): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b);
  const classOfA = valueClass(a);
  const difference = classOfA - valueClass(b);
  return difference === 0 ? compareWithinClass(classOfA, a, b, textOrder) : difference;
}

export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}

/** Numbers of any BSON type, by exact value. */
function compareNumbers(a: unknown, b: unknown): number {
  const left = asDouble(a);
  const right = asDouble(b);
  if (left !== undefined && right !== undefined) return compareDoubles(left, right);
  if (left !== undefined && !Number.isFinite(left)) return left === Number.POSITIVE_INFINITY ? 1 : -1;
  if (right !== undefined && !Number.isFinite(right)) return right === Number.POSITIVE_INFINITY ? -1 : 1;
  return compareExact(exactNumber(a), exactNumber(b));
}

/**
 * Order of the UTF-8 bytes. It is the order of code points, which differs from that of UTF-16 only where a
 * surrogate meets a unit above the surrogates.
 */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Moves the surrogates, which stand for code points above U+FFFF, behind all other units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** Both values are of the class given, which is what makes the casts here sound. */
function compareWithinClass(valueClassOfBoth: number, a: unknown, b: unknown, textOrder: TextOrder): number {
  switch (valueClassOfBoth) {
    case valueClasses.number:
      return compareNumbers(a, b);
    case valueClasses.string:
      return textOrder(String(a), String(b));
    case valueClasses.object:
      return compareObjects(plainObject(a), plainObject(b), textOrder);
    case valueClasses.array:
      return compareArrays(a as readonly unknown[], b as readonly unknown[], textOrder);
    case valueClasses.binary:
      return compareBinary(binaryParts(a), binaryParts(b));
    case valueClasses.objectId:
      return compareBytes((a as ObjectId).id, (b as ObjectId).id);
    case valueClasses.bool:
      return Number(a) - Number(b);
    case valueClasses.date:
      return compareDoubles((a as Date).getTime(), (b as Date).getTime());
    case valueClasses.timestamp:
      return compareUnsigned(a as Long, b as Long);
    case valueClasses.regex: {
      const [left, right] = [regexParts(a), regexParts(b)];
      return compareText(left.pattern, right.pattern) || compareText(left.options, right.options);
    }
    case valueClasses.code:
      return compareText((a as Code).code, (b as Code).code);
    case valueClasses.codeWithScope: {
      const [left, right] = [a as Code, b as Code];
      return (
        compareText(left.code, right.code) || compareObjects(left.scope ?? {}, right.scope ?? {}, compareText)
      );
    }
    default:
      return 0;
  }
}

/** Field by field: class of the value, then name, then value; of two with the same beginning the shorter is less. */
function compareObjects(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
  textOrder: TextOrder,
): number {
  const namesOfA = orderedNames(a).filter((name) => a[name] !== undefined);
  const namesOfB = orderedNames(b).filter((name) => b[name] !== undefined);
  const length = Math.min(namesOfA.length, namesOfB.length);
  for (let index = 0; index < length; index += 1) {
    const [nameOfA = '', nameOfB = ''] = [namesOfA[index], namesOfB[index]];
    const [left, right] = [a[nameOfA], b[nameOfB]];
    const order =
      valueClass(left) - valueClass(right) ||
      compareText(nameOfA, nameOfB) ||
      compareValues(left, right, textOrder);
    if (order !== 0) return order;
  }
  return namesOfA.length - namesOfB.length;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], textOrder: TextOrder): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareValues(a[index], b[index], textOrder);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareBinary(a: BinaryParts, b: BinaryParts): number {
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || compareBytes(a.bytes, b.bytes);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

function compareUnsigned(a: Long, b: Long): number {
  return (a.high >>> 0) - (b.high >>> 0) || (a.low >>> 0) - (b.low >>> 0);
}

export interface BinaryParts {
  readonly subtype: number;
  readonly bytes: Uint8Array;
}

/** Subtype and content of a value of the class binary. */
export function binaryParts(value: unknown): BinaryParts {
  if (value instanceof Uint8Array) return { subtype: 0, bytes: value };
  const binary = value as Binary;
  return { subtype: binary.sub_type, bytes: binary.buffer.subarray(0, binary.position) };
}

/** Pattern and options of a value of the class regex. */
export function regexParts(value: unknown): { pattern: string; options: string } {
  if (value instanceof RegExp) {
    const options = [value.ignoreCase ? 'i' : '', value.multiline ? 'm' : '', value.dotAll ? 's' : ''].join(
      '',
    );
    return { pattern: value.source, options };
  }
  const { pattern, options } = value as BSONRegExp;
  return { pattern, options };
}

/** A value of the class object as a plain one. */
export function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && bsonTypeOf(value) === 'DBRef') {
    const { collection, oid, db, fields } = value as DBRef;
    return { $ref: collection, $id: oid, $db: db, ...fields };
  }
  return value as Record<string, unknown>;
}

/**
 * MongoDB compares values of different types by the class of their type ("canonical type"): all numbers are one
 * class, strings and symbols another. The numbers here are MongoDB's own and only their order matters.
 */
import { bsonTypeOf } from './bson-type.ts';

export const valueClasses = {
  minKey: -1,
  undefined: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

const classOfBsonType: Readonly<Record<string, number>> = {
  BSONRegExp: valueClasses.regex,
  BSONSymbol: valueClasses.string,
  Binary: valueClasses.binary,
  Code: valueClasses.code,
  DBRef: valueClasses.object,
  Decimal128: valueClasses.number,
  Double: valueClasses.number,
  Int32: valueClasses.number,
  Long: valueClasses.number,
  MaxKey: valueClasses.maxKey,
  MinKey: valueClasses.minKey,
  ObjectId: valueClasses.objectId,
  Timestamp: valueClasses.timestamp,
};

/** Class of a decoded value. JavaScript's `undefined` stands for a missing field, which sorts as null. */
export function valueClass(value: unknown): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return valueClasses.number;
    case 'string':
      return valueClasses.string;
    case 'boolean':
      return valueClasses.bool;
    case 'object':
      return value === null ? valueClasses.null : objectClass(value);
    default:
      return valueClasses.null;
  }
}

function objectClass(value: object): number {
  if (Array.isArray(value)) return valueClasses.array;
  const type = bsonTypeOf(value);
  if (type !== undefined) {
    if (type === 'Code' && 'scope' in value && value.scope !== null) return valueClasses.codeWithScope;
    return classOfBsonType[type] ?? valueClasses.object;
  }
  if (value instanceof Date) return valueClasses.date;
  if (value instanceof Uint8Array) return valueClasses.binary;
  if (value instanceof RegExp) return valueClasses.regex;
  return valueClasses.object;
}

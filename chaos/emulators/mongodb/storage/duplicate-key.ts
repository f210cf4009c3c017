/** Error 11000 in MongoDB's words, which drivers and users take apart: `keyPattern`, `keyValue` and the message. */
import { type Binary, type BSONRegExp, Long, type Timestamp } from 'bson';
import { bsonTypeOf } from '../bson/bson-type.ts';
import { orderedNames } from '../bson/field-order.ts';
import { MongoError } from '../errors.ts';
import type { IndexSpec } from './contract.ts';

/** `values` are those of the index's fields in its order. */
export function duplicateKeyError(
  namespace: string,
  spec: IndexSpec,
  values: readonly unknown[],
): MongoError {
  const names = Object.keys(spec.key);
  const keyValue = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
  const message =
    `E11000 duplicate key error collection: ${namespace} index: ${spec.name} ` +
    (spec.collation === undefined ? '' : `collation: ${shellText(spec.collation)} `) +
    `dup key: ${shellText(keyValue)}`;
  return new MongoError('DuplicateKey', message, {
    keyPattern: { ...spec.key },
    keyValue,
    ...(spec.collation === undefined ? {} : { collation: spec.collation }),
  });
}

/** A value as the server prints it in messages. */
export function shellText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[ ${value.map((item) => shellText(item)).join(', ')} ]`;
  }
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  return bsonTypeOf(value) === undefined ? objectText(value) : bsonText(value);
}

function objectText(value: object): string {
  const fields: Record<string, unknown> = { ...value };
  const texts = orderedNames(fields).map((name) => `${name}: ${shellText(fields[name])}`);
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}

function numberText(value: number): string {
  if ((value | 0) === value) return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** The class was told by `bsonTypeOf`, which makes the casts here sound. */
function bsonText(value: object): string {
  switch (bsonTypeOf(value)) {
    case 'ObjectId':
      return `ObjectId('${String(value)}')`;
    case 'Double': {
      const double = Number(value);
      return Number.isInteger(double) ? `${double}.0` : String(double);
    }
    case 'Binary': {
      const { buffer, position, sub_type: subtype } = value as Binary;
      const hex = Buffer.from(buffer.subarray(0, position)).toString('hex');
      if (subtype !== 4 || position !== 16) return `BinData(${subtype}, ${hex.toUpperCase()})`;
      const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
      return `UUID("${groups.join('-')}")`;
    }
    case 'Timestamp': {
      const { t, i } = value as Timestamp;
      return `Timestamp(${t}, ${i})`;
    }
    case 'BSONRegExp': {
      const { pattern, options } = value as BSONRegExp;
      return `/${pattern}/${options}`;
    }
    case 'Decimal128':
      return `NumberDecimal("${String(value)}")`;
    case 'MinKey':
      return 'MinKey';
    case 'MaxKey':
      return 'MaxKey';
    default:
      return value instanceof Long ? value.toString() : String(value);
  }
}

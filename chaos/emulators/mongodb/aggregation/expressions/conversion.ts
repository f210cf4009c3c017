/** What `$convert` and its short forms make of a value of one type in another. */
import { Binary, Decimal128, Long, ObjectId } from 'bson';
import { MongoError } from '../../errors.ts';
import { isTruthy, typeNameOf } from '../../query/bson-value.ts';
import type { TypeName } from '../../query/bson-value.ts';
import { compareDecimals } from '../../numbers/decimal-arithmetic.ts';
import { decimalOf, decimalOfDouble, decimalOfValue, encodeDecimal } from '../../numbers/decimal.ts';
import { doubleText } from '../../numbers/number-text.ts';
import { doubleOf, fitsInt, integerOf, numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { truncatedToLong } from '../../numbers/rounding.ts';
import { isoText } from '../../dates/format.ts';
import { DateTextError } from '../../dates/parse.ts';
import { bytesOfText, textOfBytes } from './binary-text.ts';
import type { BinaryFormat } from './binary-text.ts';
import { parseUtc } from './date-text.ts';
import { dateOf, millisecondsOf } from './date-value.ts';

export type ConversionTarget =
  | 'bool'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'string'
  | 'objectId'
  | 'date'
  | 'binData';

export interface ConversionOptions {
  readonly format?: BinaryFormat | undefined;
  readonly subtype?: number | undefined;
}

export function isConversionTarget(name: string): name is ConversionTarget {
  return Object.hasOwn(converters, name);
}

type Converter = (value: unknown, type: TypeName, options: ConversionOptions) => unknown;

const converters: Readonly<Record<ConversionTarget, Converter>> = {
  bool: (value) => isTruthy(value),
  int: (value, type) => {
    if (type === 'date') throw unsupported('int', type);
    const whole = toInteger(value, type, 'int');
    if (!fitsInt(whole))
      throw failure(
        `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
      );
    return Number(whole);
  },
  long: (value, type) => Long.fromBigInt(toInteger(value, type, 'long')),
  double: toDoubleValue,
  decimal: toDecimalValue,
  string: toText,
  objectId: (value, type) => {
    if (value instanceof ObjectId) return value;
    if (typeof value !== 'string') throw unsupported('objectId', type);
    if (!/^[0-9a-fA-F]{24}$/.test(value)) {
      throw failure(
        `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length or character for parsing to OID`,
      );
    }
    return new ObjectId(value);
  },
  date: toDate,
  binData: (value, type, { format, subtype }) => {
    if (value instanceof Binary) {
      if (subtype !== undefined && value.sub_type !== subtype) {
        throw failure('Conversions between different binData subtypes are not supported');
      }
      return value;
    }
    if (typeof value !== 'string') throw unsupported('binData', type);
    const wanted = subtype ?? 0;
    const bytes = bytesOfText(value, format ?? 'base64', wanted);
    if (bytes === undefined) throw failure(`Input '${value}' is not valid for the format`);
    return new Binary(bytes, wanted);
  },
};

/** The value is neither null nor missing. @throws MongoError 241. */
export function convertValue(
  value: unknown,
  target: ConversionTarget,
  options: ConversionOptions = {},
): unknown {
  const type = typeNameOf(value);
  return converters[target](value, type === 'missing' ? 'null' : type, options);
}

function failure(message: string): MongoError {
  return new MongoError('ConversionFailure', message);
}

function unsupported(target: string, type: string): MongoError {
  return failure(`Unsupported conversion from ${type} to ${target} in $convert with no onError value`);
}

/** Fractions are cut off. */
function toInteger(value: unknown, type: TypeName, target: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date) return BigInt(value.getTime());
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value))
      throw failure(
        `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string.`,
      );
    const parsed = BigInt(value.replace(/^\+/, ''));
    if (BigInt.asIntN(64, parsed) !== parsed)
      throw failure(`Failed to parse number '${value}' in $convert with no onError value: Overflow`);
    return parsed;
  }
  if (numberTypeOf(value) === undefined) throw unsupported(target, type);
  const double = toDouble(value);
  const decimal = decimalOfValue(value, 34);
  if (Number.isNaN(double))
    throw failure('Attempt to convert NaN value to integer type in $convert with no onError value');
  if (decimal.kind === 'infinite')
    throw failure('Attempt to convert infinity value to integer type in $convert with no onError value');
  const whole = truncatedToLong(value);
  if (whole === undefined)
    throw failure(
      `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
    );
  return whole;
}

const doublePattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const specialPattern = /^([+-]?)(nan|inf(?:inity)?)$/i;

function specialOf(text: string): number | undefined {
  const found = specialPattern.exec(text);
  if (found === null) return undefined;
  if (found[2]?.toLowerCase() === 'nan') return Number.NaN;
  return found[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function toDoubleValue(value: unknown, type: TypeName): unknown {
  if (typeof value === 'boolean') return doubleOf(value ? 1 : 0);
  if (value instanceof Date) return doubleOf(value.getTime());
  if (typeof value === 'string') {
    const special = specialOf(value);
    if (special !== undefined) return special;
    const parsed = doublePattern.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(parsed))
      throw failure(
        `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string.`,
      );
    if (!Number.isFinite(parsed))
      throw failure(`Failed to parse number '${value}' in $convert with no onError value: Out of range`);
    return doubleOf(parsed);
  }
  if (numberTypeOf(value) === undefined) throw unsupported('double', type);
  const double = toDouble(value);
  const decimal = decimalOfValue(value, 34);
  if (!Number.isFinite(double) && decimal.kind === 'finite') {
    throw failure('Conversion would overflow target type in $convert with no onError value');
  }
  return doubleOf(double);
}

function toDecimalValue(value: unknown, type: TypeName): unknown {
  if (typeof value === 'boolean') return encodeDecimal(decimalOf(value ? 1n : 0n, 0));
  if (value instanceof Date) return encodeDecimal(decimalOf(BigInt(value.getTime()), 0));
  if (typeof value === 'string') return parseDecimalText(value);
  if (value instanceof Decimal128) return value;
  if (numberTypeOf(value) === undefined) throw unsupported('decimal', type);
  if (numberTypeOf(value) === 'double') return encodeDecimal(decimalOfDouble(toDouble(value), 15));
  return encodeDecimal(decimalOf(integerOf(value), 0));
}

function parseDecimalText(text: string): Decimal128 {
  const special = specialOf(text);
  if (special !== undefined) return encodeDecimal(decimalOfDouble(special, 34));
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found ?? [];
  if (found === null || whole + fraction === '') {
    throw failure(
      `Failed to parse number '${text}' in $convert with no onError value: Failed to parse string to decimal`,
    );
  }
  const magnitude = BigInt(whole + fraction);
  const power = Math.max(Math.min(Number(exponent), 20_000), -20_000) - fraction.length;
  const parsed = { kind: 'finite' as const, negative: sign === '-', coefficient: magnitude, exponent: power };
  const encoded = encodeDecimal(parsed);
  const back = decimalOfValue(encoded, 34);
  if (back.kind === 'infinite' || (compareDecimals(back, decimalOf(0n, 0)) === 0 && magnitude !== 0n)) {
    throw failure(
      `Conversion from string to decimal would overflow in $convert with no onError value: '${text}'`,
    );
  }
  return encoded;
}

function toText(value: unknown, type: TypeName, { format }: ConversionOptions): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  switch (numberTypeOf(value)) {
    case 'double':
      return doubleText(toDouble(value));
    case 'int':
    case 'long':
      return integerOf(value).toString();
    case 'decimal':
      return String(value);
    case undefined:
      break;
  }
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return isoText(value.getTime());
  if (value instanceof Binary) return textOfBinary(value, format ?? 'auto');
  throw unsupported('string', type);
}

function textOfBinary(value: Binary, format: BinaryFormat): string {
  const text = textOfBytes(value, format);
  if (text === undefined)
    throw failure('Input is not valid for the format in $convert with no onError value');
  return text;
}

function toDate(value: unknown, type: TypeName): unknown {
  const milliseconds = millisecondsOf(value);
  if (milliseconds !== undefined) return new Date(milliseconds);
  if (typeof value === 'string') {
    try {
      return parseUtc(value);
    } catch (thrown) {
      if (thrown instanceof DateTextError) {
        throw failure(`Error parsing date string '${value}'; ${thrown.message}`);
      }
      throw thrown;
    }
  }
  const numberType = numberTypeOf(value);
  if (numberType === undefined || numberType === 'int') throw unsupported('date', type);
  try {
    return dateOf(toInteger(value, type, 'date'), '$convert');
  } catch (thrown) {
    throw thrown instanceof MongoError && thrown.codeName === 'Overflow' ? failure(thrown.message) : thrown;
  }
}

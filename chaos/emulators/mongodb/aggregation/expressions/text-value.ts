/** Text of values that string operators take in place of a string, and what counts in a text: code points or UTF-8 bytes. */
import { BSONSymbol, Code, Decimal128, Long, Timestamp } from 'bson';
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { shortDoubleText } from '../../numbers/number-text.ts';
import { numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { isoText } from '../../dates/format.ts';
import { isNullish } from './evaluation.ts';

/** MongoDB's BSONObjMaxUserSize, which no string of an expression may pass. */
const textBytesMax = 16 * 1024 * 1024;

/** Empty for null and missing; numbers, dates and symbols are written out. @throws MongoError 16007 for other types. */
export function coercedText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isNullish(value)) return '';
  switch (numberTypeOf(value)) {
    case 'int':
      return String(toDouble(value));
    case 'double':
      return shortDoubleText(toDouble(value));
    case 'long':
    case 'decimal':
      return value instanceof Long || value instanceof Decimal128 ? value.toString() : String(value);
    case undefined:
      break;
  }
  if (value instanceof Date) return isoText(value.getTime());
  if (value instanceof BSONSymbol) return value.valueOf();
  if (value instanceof Code && value.scope === null) return value.code;
  if (value instanceof Timestamp) return timestampText(value);
  throw locationError(16007, `can't convert from BSON type ${typeNameOf(value)} to String`);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function timestampText({ t, i }: Timestamp): string {
  const date = new Date(t * 1000);
  const time = date.toISOString().slice(11, 19);
  return `${months[date.getUTCMonth()]} ${date.getUTCDate()} ${time}:${i}`;
}

/** @throws MongoError 16493 for a text that no document could hold. */
export function checkedText(text: string): string {
  if (text.length <= textBytesMax / 3 || byteLength(text) <= textBytesMax) return text;
  throw locationError(16493, 'the result of the expression is larger than the maximum size of a document');
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

const asciiOnly = /^[\0-\x7f]*$/;

/** Whether code points, UTF-16 units and bytes are one to one. */
export function isAscii(text: string): boolean {
  return asciiOnly.test(text);
}

export function codePointLength(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) length += 1;
  }
  return length;
}

/** Only A to Z: other letters keep their case, as MongoDB documents. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function upperAscii(text: string): string {
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
}

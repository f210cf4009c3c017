/**
 * Index keys as strings of bytes (one character a byte) whose plain order is MongoDB's order of the values, so that
 * a comparison in an index costs what comparing two strings costs. The idea is that of MongoDB's KeyString.
 *
 * Every value begins with a byte for its class and says where it ends, so no value's bytes begin another's, and
 * keys of several fields are their bytes one after the other. Bytes of a descending field are inverted.
 */
import type { Code, Long, ObjectId } from 'bson';
import { binaryParts, plainObject, regexParts } from '../bson/compare.ts';
import { asDouble } from '../bson/exact-number.ts';
import { orderedNames } from '../bson/field-order.ts';
import { valueClass, valueClasses } from '../bson/value-class.ts';
import { doubleKeyBytes, exactNumberKey, writeDoubleKey } from './number-key.ts';

/** What an index holds for an empty array: MongoDB keeps it as `undefined`, which sorts below null. */
export const emptyArray: unique symbol = Symbol('empty array');

/** Characters that the record's number adds to a key. */
export const recordSuffixLength = 5;

/** Above all keys that begin with the string before it: no class byte, inverted or not, and no record number begins so. */
export const aboveAll = '\xff';

const classBytes: Readonly<Record<number, number>> = {
  [valueClasses.minKey]: 0x0a,
  [valueClasses.undefined]: 0x0f,
  [valueClasses.null]: 0x14,
  [valueClasses.number]: 0x1e,
  [valueClasses.string]: 0x3c,
  [valueClasses.object]: 0x46,
  [valueClasses.array]: 0x50,
  [valueClasses.binary]: 0x5a,
  [valueClasses.objectId]: 0x64,
  [valueClasses.bool]: 0x6e,
  [valueClasses.date]: 0x78,
  [valueClasses.timestamp]: 0x7d,
  [valueClasses.regex]: 0x82,
  [valueClasses.code]: 0x96,
  [valueClasses.codeWithScope]: 0xa0,
  [valueClasses.maxKey]: 0xf0,
};

/** Key of values in the order of an index's fields; `directions[i]` is -1 where the field descends. */
export function encodeKey(values: readonly unknown[], directions: readonly (1 | -1)[]): string {
  return encode(values, directions).text();
}

/** Key followed by the record's number, which makes every entry of an index unique. */
export function encodeEntry(
  values: readonly unknown[],
  directions: readonly (1 | -1)[],
  recordId: number,
): string {
  const bytes = encode(values, directions);
  bytes.recordId(recordId);
  return bytes.text();
}

/** Number of the record that an entry belongs to. */
export function recordIdOf(entry: string): number {
  const at = entry.length - recordSuffixLength;
  const low =
    (entry.charCodeAt(at + 1) << 24) |
    (entry.charCodeAt(at + 2) << 16) |
    (entry.charCodeAt(at + 3) << 8) |
    entry.charCodeAt(at + 4);
  return entry.charCodeAt(at) * 0x100000000 + (low >>> 0);
}

function encode(values: readonly unknown[], directions: readonly (1 | -1)[]): KeyBytes {
  const bytes = shared;
  bytes.clear();
  for (let index = 0; index < values.length; index += 1) {
    const start = bytes.length;
    bytes.value(values[index]);
    if (directions[index] === -1) bytes.invert(start);
  }
  return bytes;
}

class KeyBytes {
  length = 0;
  #buffer = Buffer.allocUnsafeSlow(1024);

  clear(): void {
    this.length = 0;
    if (this.#buffer.length > 1024 * 1024) this.#buffer = Buffer.allocUnsafeSlow(1024);
  }

  text(): string {
    return this.#buffer.toString('latin1', 0, this.length);
  }

  invert(start: number): void {
    const buffer = this.#buffer;
    for (let at = start; at < this.length; at += 1) buffer[at] = ~(buffer[at] ?? 0) & 0xff;
  }

  recordId(recordId: number): void {
    this.#reserve(recordSuffixLength);
    this.length = this.#buffer.writeUIntBE(recordId, this.length, recordSuffixLength);
  }

  /** The casts here are sound because the class of the value was looked up just before. */
  value(value: unknown): void {
    if (value === emptyArray) {
      this.#byte(0x0f);
      return;
    }
    const kind = valueClass(value);
    if (kind === valueClasses.number) {
      this.#number(value);
      return;
    }
    this.#byte(classBytes[kind] ?? 0);
    switch (kind) {
      case valueClasses.string:
        this.#text(typeof value === 'string' ? value : String(value));
        return;
      case valueClasses.objectId:
        this.#bytes((value as ObjectId).id);
        return;
      case valueClasses.bool:
        this.#byte(value === true ? 1 : 0);
        return;
      case valueClasses.date:
        this.#date((value as Date).getTime());
        return;
      case valueClasses.timestamp:
        this.#timestamp(value as Long);
        return;
      case valueClasses.object:
        this.#object(plainObject(value));
        return;
      case valueClasses.array:
        for (const item of value as readonly unknown[]) this.value(item);
        this.#byte(0);
        return;
      default:
        this.#rareValue(kind, value);
    }
  }

  #rareValue(kind: number, value: unknown): void {
    switch (kind) {
      case valueClasses.binary: {
        const { bytes, subtype } = binaryParts(value);
        this.#reserve(5);
        this.length = this.#buffer.writeUInt32BE(bytes.length, this.length);
        this.#byte(subtype);
        this.#bytes(bytes);
        return;
      }
      case valueClasses.regex: {
        const { pattern, options } = regexParts(value);
        this.#text(pattern);
        this.#text(options);
        return;
      }
      case valueClasses.code:
        this.#text((value as Code).code);
        return;
      case valueClasses.codeWithScope:
        this.#text((value as Code).code);
        this.#object((value as Code).scope ?? {});
        return;
      default:
    }
  }

  #number(value: unknown): void {
    const double = asDouble(value);
    if (double === undefined) {
      this.#bytes(exactNumberKey(value));
    } else {
      this.#reserve(doubleKeyBytes);
      this.length = writeDoubleKey(this.#buffer, this.length, double);
    }
  }

  /** Class of the value, then name, then value, as objects are compared; a zero byte ends it. */
  #object(object: Record<string, unknown>): void {
    for (const name of orderedNames(object)) {
      const value = object[name];
      if (value === undefined) continue;
      this.#byte(classBytes[valueClass(value)] ?? 0);
      this.#text(name);
      this.value(value);
    }
    this.#byte(0);
  }

  /** UTF-8 in which 00 and 01 stand as 01 01 and 01 02, so that the 00 at its end is the only one. */
  #text(text: string): void {
    this.#reserve(text.length * 3 + 1);
    const buffer = this.#buffer;
    const start = this.length;
    let at = start;
    if (text.length <= 32) {
      for (let index = 0; index < text.length; index += 1, at += 1) {
        const code = text.charCodeAt(index);
        if (code <= 1 || code > 0x7f) {
          at = -1;
          break;
        }
        buffer[at] = code;
      }
    } else {
      at = -1;
    }
    if (at < 0) {
      at = start + buffer.write(text, start, 'utf8');
      if (text.includes('\0') || text.includes('\x01')) {
        const plain = buffer.toString('latin1', start, at);
        const escaped = plain.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01');
        this.#reserve(escaped.length + 1);
        at = start + this.#buffer.write(escaped, start, 'latin1');
      }
    }
    this.#buffer[at] = 0;
    this.length = at + 1;
  }

  /** Milliseconds as a signed 64-bit integer, its sign inverted; an invalid date is the smallest. */
  #date(timeMs: number): void {
    this.#reserve(8);
    const high = Math.floor(timeMs / 0x100000000);
    const isInvalid = Number.isNaN(timeMs);
    this.#buffer.writeUInt32BE(isInvalid ? 0 : (high ^ 0x80000000) >>> 0, this.length);
    this.#buffer.writeUInt32BE(isInvalid ? 0 : timeMs - high * 0x100000000, this.length + 4);
    this.length += 8;
  }

  #timestamp(value: Long): void {
    this.#reserve(8);
    this.#buffer.writeUInt32BE(value.high >>> 0, this.length);
    this.#buffer.writeUInt32BE(value.low >>> 0, this.length + 4);
    this.length += 8;
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.length] = value;
    this.length += 1;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.length + size));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}

const shared = new KeyBytes();

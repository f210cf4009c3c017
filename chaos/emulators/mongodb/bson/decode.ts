/**
 * Decodes BSON without losing the type of a number, in a form that is quick to read and to compute with:
 *
 * | BSON | JavaScript |
 * |---|---|
 * | int32 | number |
 * | double | number, but `Double` when its value is an integer in the range of int32 (else it would become an int32) |
 * | int64 | `Long` |
 * | decimal128, ObjectId, binary (UUIDs too), timestamp, regex, code, symbol, MinKey, MaxKey | the class of `bson` |
 * | string, bool, null, date, array, object | as usual; a date outside of JavaScript's range is an invalid `Date` |
 * | undefined (deprecated) | null |
 *
 * So a JavaScript number is an int32 when it is an integer in range and not -0, and a double otherwise: the rule of
 * `encode.ts` and of the `bson` package. Integer-like field names keep their place (see field-order.ts).
 */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { elementTypes, maximumNestingDepth } from './element-types.ts';
import { InvalidBsonError } from './errors.ts';
import { fieldOrder, isIntegerLike } from './field-order.ts';
import { readFieldName, readText } from './text.ts';

/** Decodes one document; throws `InvalidBsonError` unless the bytes are exactly one well-formed document. */
export function decodeDocument(bytes: Uint8Array): Record<string, unknown> {
  const reader = new BsonReader(bytes);
  const document = reader.readDocument(0);
  if (reader.position !== bytes.length)
    throw new InvalidBsonError('bytes after the end of the document', reader.position);
  return document;
}

/** Decodes the value of one element whose type byte is `type` and whose value starts at `offset`. */
export function decodeValue(bytes: Uint8Array, type: number, offset: number): unknown {
  const reader = new BsonReader(bytes);
  reader.position = offset;
  return reader.readValue(type, 0);
}

class BsonReader {
  position = 0;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  readDocument(depth: number): Record<string, unknown> {
    const end = this.#openDocument(depth);
    const document: Record<string, unknown> = {};
    let names: string[] | undefined;
    let count = 0;
    for (;;) {
      const type = this.#byte();
      if (type === 0) break;
      const name = this.#fieldName(end);
      const value = this.readValue(type, depth + 1);
      if (names === undefined && count > 0 && isIntegerLike(name)) names = Object.keys(document);
      names?.push(name);
      count += 1;
      if (name === '__proto__') {
        Object.defineProperty(document, name, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } else {
        document[name] = value;
      }
    }
    this.#closeDocument(end);
    if (names !== undefined) Object.assign(document, { [fieldOrder]: names });
    return document;
  }

  readValue(type: number, depth: number): unknown {
    const buffer = this.#buffer;
    switch (type) {
      case elementTypes.int32:
        return this.#int32();
      case elementTypes.string:
        return this.#string();
      case elementTypes.double: {
        const value = buffer.readDoubleLE(this.#take(8));
        return (value | 0) === value && !Object.is(value, -0) ? new Double(value) : value;
      }
      case elementTypes.object:
        return this.readDocument(depth);
      case elementTypes.array:
        return this.#array(depth);
      case elementTypes.objectId:
        return new ObjectId(buffer.subarray(this.#take(12), this.position));
      case elementTypes.bool: {
        const value = this.#byte();
        if (value > 1) throw new InvalidBsonError(`a boolean is 0 or 1, not ${value}`, this.position - 1);
        return value === 1;
      }
      case elementTypes.date: {
        const at = this.#take(8);
        return new Date(buffer.readInt32LE(at + 4) * 4_294_967_296 + buffer.readUInt32LE(at));
      }
      case elementTypes.null:
      case elementTypes.undefined:
        return null;
      case elementTypes.int64: {
        const at = this.#take(8);
        return new Long(buffer.readInt32LE(at), buffer.readInt32LE(at + 4), false);
      }
      default:
        return this.#rareValue(type, depth);
    }
  }

  #rareValue(type: number, depth: number): unknown {
    const buffer = this.#buffer;
    switch (type) {
      case elementTypes.binary:
        return this.#binary();
      case elementTypes.decimal128: {
        const at = this.#take(16);
        return new Decimal128(Uint8Array.prototype.slice.call(buffer, at, at + 16));
      }
      case elementTypes.timestamp: {
        const at = this.#take(8);
        return new Timestamp({ i: buffer.readUInt32LE(at), t: buffer.readUInt32LE(at + 4) });
      }
      case elementTypes.regex:
        return this.#regex();
      case elementTypes.code:
        return new Code(this.#string());
      case elementTypes.symbol:
        return new BSONSymbol(this.#string());
      case elementTypes.codeWithScope: {
        const start = this.position;
        const size = this.#int32();
        const code = new Code(this.#string(), this.readDocument(depth));
        if (this.position !== start + size)
          throw new InvalidBsonError('code with scope has a wrong length', start);
        return code;
      }
      case elementTypes.minKey:
        return new MinKey();
      case elementTypes.maxKey:
        return new MaxKey();
      default:
        throw new InvalidBsonError(
          `unsupported BSON type 0x${type.toString(16).padStart(2, '0')}`,
          this.position,
        );
    }
  }

  #array(depth: number): unknown[] {
    const end = this.#openDocument(depth);
    const items: unknown[] = [];
    for (;;) {
      const type = this.#byte();
      if (type === 0) break;
      this.#skipName(end);
      items.push(this.readValue(type, depth + 1));
    }
    this.#closeDocument(end);
    return items;
  }

  #binary(): Binary {
    const size = this.#int32();
    const subtype = this.#byte();
    if (size < 0) throw new InvalidBsonError('negative length of binary data', this.position);
    let from = this.#take(size);
    if (subtype === Binary.SUBTYPE_BYTE_ARRAY) {
      if (size < 4 || this.#buffer.readInt32LE(from) !== size - 4) {
        throw new InvalidBsonError('binary data of subtype 2 has a wrong inner length', from);
      }
      from += 4;
    }
    return new Binary(Uint8Array.prototype.slice.call(this.#buffer, from, this.position), subtype);
  }

  #regex(): BSONRegExp {
    const pattern = this.#zeroTerminated();
    const options = this.#zeroTerminated();
    try {
      return new BSONRegExp(pattern, options);
    } catch (error) {
      throw new InvalidBsonError(
        error instanceof Error ? error.message : 'invalid regular expression',
        this.position,
      );
    }
  }

  #openDocument(depth: number): number {
    if (depth > maximumNestingDepth) {
      throw new InvalidBsonError(`nested deeper than ${maximumNestingDepth} levels`, this.position);
    }
    const start = this.position;
    const size = this.#int32();
    const end = start + size;
    if (size < 5 || end > this.#buffer.length)
      throw new InvalidBsonError(`invalid document length ${size}`, start);
    return end;
  }

  #closeDocument(end: number): void {
    if (this.position !== end)
      throw new InvalidBsonError('document does not end where its length says', this.position);
  }

  #string(): string {
    const size = this.#int32();
    if (size < 1) throw new InvalidBsonError(`invalid string length ${size}`, this.position - 4);
    const from = this.#take(size);
    if (this.#buffer[this.position - 1] !== 0)
      throw new InvalidBsonError('string without its end', this.position - 1);
    return readText(this.#buffer, from, from + size - 1);
  }

  #fieldName(end: number): string {
    const from = this.position;
    this.#skipName(end);
    return readFieldName(this.#buffer, from, this.position - 1);
  }

  #zeroTerminated(): string {
    const from = this.position;
    this.#skipName(this.#buffer.length);
    return readText(this.#buffer, from, this.position - 1);
  }

  #skipName(end: number): void {
    const buffer = this.#buffer;
    let at = this.position;
    while (at < end && buffer[at] !== 0) at += 1;
    if (at >= end) throw new InvalidBsonError('name without its end', this.position);
    this.position = at + 1;
  }

  #byte(): number {
    const value = this.#buffer[this.position];
    if (value === undefined) throw new InvalidBsonError('document is cut short', this.position);
    this.position += 1;
    return value;
  }

  #int32(): number {
    return this.#buffer.readInt32LE(this.#take(4));
  }

  #take(size: number): number {
    const from = this.position;
    if (from + size > this.#buffer.length) throw new InvalidBsonError('document is cut short', from);
    this.position = from + size;
    return from;
  }
}

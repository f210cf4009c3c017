/**
 * Encodes documents in the form `decode.ts` gives: a number is an int32 when it is an integer in range and not -0,
 * a double otherwise. Fields whose value is JavaScript's `undefined` are left out; in arrays they become null.
 * A `bigint` is an int64, a `RegExp` a BSON regex, a `Uint8Array` binary data of subtype 0.
 */
import {
  Binary,
  type BSONRegExp,
  type Code,
  type DBRef,
  type Decimal128,
  type Long,
  type ObjectId,
} from 'bson';
import { bsonTypeOf } from './bson-type.ts';
import { elementTypes, maximumNestingDepth } from './element-types.ts';
import { InvalidBsonError } from './errors.ts';
import { fieldOrder, orderedNames } from './field-order.ts';

/** BSON of one document; throws `InvalidBsonError` for values that BSON does not have. The bytes are the caller's own. */
export function encodeDocument(document: object): Uint8Array {
  const writer = new BsonWriter();
  writer.writeDocument(document, 0);
  return writer.take();
}

let scratch = Buffer.allocUnsafeSlow(64 * 1024);
const keptScratchBytes = 1024 * 1024;

class BsonWriter {
  #buffer = scratch;
  #position = 0;

  take(): Uint8Array {
    const bytes = Buffer.allocUnsafe(this.#position);
    this.#buffer.copy(bytes, 0, 0, this.#position);
    scratch = this.#buffer.length <= keptScratchBytes ? this.#buffer : scratch;
    return bytes;
  }

  writeDocument(document: object, depth: number): void {
    const start = this.#open(depth);
    if (document instanceof Map) {
      for (const [name, value] of document) this.#element(String(name), value, depth + 1);
    } else if (fieldOrder in document) {
      const fields: Record<string, unknown> = { ...document };
      for (const name of orderedNames(document as Record<string, unknown>))
        this.#element(name, fields[name], depth + 1);
    } else {
      for (const name in document) {
        if (Object.hasOwn(document, name)) this.#element(name, Reflect.get(document, name), depth + 1);
      }
    }
    this.#close(start);
  }

  #array(items: readonly unknown[], depth: number): void {
    const start = this.#open(depth);
    for (let index = 0; index < items.length; index += 1) {
      this.#element(String(index), items[index] ?? null, depth + 1);
    }
    this.#close(start);
  }

  #element(name: string, value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.#header(elementTypes.string, name);
        this.#string(value);
        return;
      case 'number':
        this.#number(name, value);
        return;
      case 'boolean':
        this.#header(elementTypes.bool, name);
        this.#byte(value ? 1 : 0);
        return;
      case 'bigint':
        this.#header(elementTypes.int64, name);
        this.#int64(BigInt.asIntN(64, value));
        return;
      case 'object':
        if (value === null) this.#header(elementTypes.null, name);
        else this.#object(name, value, depth);
        return;
      case 'undefined':
        return;
      default:
        throw new InvalidBsonError(`BSON has no type for the ${typeof value} in field '${name}'`);
    }
  }

  #number(name: string, value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#header(elementTypes.int32, name);
      this.#int32(value);
    } else {
      this.#header(elementTypes.double, name);
      this.#double(value);
    }
  }

  #object(name: string, value: object, depth: number): void {
    if (Array.isArray(value)) {
      this.#header(elementTypes.array, name);
      this.#array(value, depth);
    } else if (value instanceof Date) {
      this.#header(elementTypes.date, name);
      const time = value.getTime();
      this.#int64(Number.isNaN(time) ? -0x8000000000000000n : BigInt(time));
    } else if (bsonTypeOf(value) !== undefined) {
      this.#bsonValue(name, value, depth);
    } else if (value instanceof Uint8Array) {
      this.#header(elementTypes.binary, name);
      this.#binary(value, Binary.SUBTYPE_DEFAULT);
    } else if (value instanceof RegExp) {
      const options = [value.ignoreCase ? 'i' : '', value.multiline ? 'm' : '', value.dotAll ? 's' : ''].join(
        '',
      );
      this.#header(elementTypes.regex, name);
      this.#zeroTerminated(value.source, name);
      this.#zeroTerminated(options, name);
    } else {
      this.#header(elementTypes.object, name);
      this.writeDocument(value, depth);
    }
  }

  /** The classes of `bson` are told apart by their `_bsontype`, which is what makes the casts here sound. */
  #bsonValue(name: string, value: object, depth: number): void {
    switch (bsonTypeOf(value)) {
      case 'ObjectId':
        this.#header(elementTypes.objectId, name);
        this.#bytes((value as ObjectId).id);
        return;
      case 'Int32':
        this.#header(elementTypes.int32, name);
        this.#int32(Number(value));
        return;
      case 'Double':
        this.#header(elementTypes.double, name);
        this.#double(Number(value));
        return;
      case 'Long':
      case 'Timestamp': {
        const { low, high } = value as Long;
        this.#header(bsonTypeOf(value) === 'Long' ? elementTypes.int64 : elementTypes.timestamp, name);
        this.#int32(low);
        this.#int32(high);
        return;
      }
      case 'Decimal128':
        this.#header(elementTypes.decimal128, name);
        this.#bytes((value as Decimal128).bytes);
        return;
      case 'Binary': {
        const binary = value as Binary;
        this.#header(elementTypes.binary, name);
        this.#binary(binary.buffer.subarray(0, binary.position), binary.sub_type);
        return;
      }
      case 'DBRef': {
        const { collection, oid, db, fields } = value as DBRef;
        this.#header(elementTypes.object, name);
        this.writeDocument({ $ref: collection, $id: oid, $db: db, ...fields }, depth);
        return;
      }
      default:
        this.#rareBsonValue(name, value, depth);
    }
  }

  #rareBsonValue(name: string, value: object, depth: number): void {
    switch (bsonTypeOf(value)) {
      case 'BSONRegExp': {
        const { pattern, options } = value as BSONRegExp;
        this.#header(elementTypes.regex, name);
        this.#zeroTerminated(pattern, name);
        this.#zeroTerminated(options, name);
        return;
      }
      case 'BSONSymbol':
        this.#header(elementTypes.symbol, name);
        this.#string(String(value));
        return;
      case 'Code':
        this.#code(name, value as Code, depth);
        return;
      case 'MinKey':
        this.#header(elementTypes.minKey, name);
        return;
      case 'MaxKey':
        this.#header(elementTypes.maxKey, name);
        return;
      default:
        throw new InvalidBsonError(`unknown BSON class ${bsonTypeOf(value)} in field '${name}'`);
    }
  }

  #code(name: string, code: Code, depth: number): void {
    if (code.scope === null) {
      this.#header(elementTypes.code, name);
      this.#string(code.code);
      return;
    }
    this.#header(elementTypes.codeWithScope, name);
    const start = this.#position;
    this.#int32(0);
    this.#string(code.code);
    this.writeDocument(code.scope, depth);
    this.#buffer.writeInt32LE(this.#position - start, start);
  }

  #open(depth: number): number {
    if (depth > maximumNestingDepth)
      throw new InvalidBsonError(`nested deeper than ${maximumNestingDepth} levels`);
    const start = this.#position;
    this.#int32(0);
    return start;
  }

  #close(start: number): void {
    this.#byte(0);
    this.#buffer.writeInt32LE(this.#position - start, start);
  }

  #header(type: number, name: string): void {
    this.#byte(type);
    this.#zeroTerminated(name, name);
  }

  #zeroTerminated(text: string, field: string): void {
    if (text.includes('\0'))
      throw new InvalidBsonError(`name or regex in field '${field}' contains a zero byte`);
    this.#text(text);
    this.#byte(0);
  }

  #string(text: string): void {
    const start = this.#position;
    this.#int32(0);
    this.#text(text);
    this.#byte(0);
    this.#buffer.writeInt32LE(this.#position - start - 4, start);
  }

  /** Short ASCII is copied by hand: a call into native code costs more than that. */
  #text(text: string): void {
    this.#reserve(text.length * 3 + 1);
    const buffer = this.#buffer;
    const start = this.#position;
    if (text.length <= 24) {
      let index = 0;
      for (; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        buffer[start + index] = code;
      }
      if (index === text.length) {
        this.#position = start + index;
        return;
      }
    }
    this.#position = start + buffer.write(text, start, 'utf8');
  }

  #binary(bytes: Uint8Array, subtype: number): void {
    const hasInnerLength = subtype === Binary.SUBTYPE_BYTE_ARRAY;
    this.#int32(bytes.length + (hasInnerLength ? 4 : 0));
    this.#byte(subtype);
    if (hasInnerLength) this.#int32(bytes.length);
    this.#bytes(bytes);
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#position] = value;
    this.#position += 1;
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#position = this.#buffer.writeInt32LE(value | 0, this.#position);
  }

  #int64(value: bigint): void {
    this.#reserve(8);
    this.#position = this.#buffer.writeBigInt64LE(value, this.#position);
  }

  #double(value: number): void {
    this.#reserve(8);
    this.#position = this.#buffer.writeDoubleLE(value, this.#position);
  }

  #reserve(size: number): void {
    if (this.#position + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#position + size));
    this.#buffer.copy(larger, 0, 0, this.#position);
    this.#buffer = larger;
  }
}

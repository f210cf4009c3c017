/**
 * Writes replies as BSON into one growing buffer. Stored documents are spliced in as the bytes they are, which is
 * what makes a read cheap: nothing of them is decoded on the way out.
 */
import { Binary, Double, Long, ObjectId, Timestamp, serialize } from 'bson';
import { orderedNames } from '../bson/field-order.ts';
import { isDocument } from '../query/bson-value.ts';

/** A document already in BSON. */
export class RawDocument {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

const typeDouble = 0x01;
const typeString = 0x02;
const typeDocument = 0x03;
const typeArray = 0x04;
const typeBinary = 0x05;
const typeObjectId = 0x07;
const typeBoolean = 0x08;
const typeDate = 0x09;
const typeNull = 0x0a;
const typeInt32 = 0x10;
const typeTimestamp = 0x11;
const typeInt64 = 0x12;

/** Documents deeper than this are refused, as MongoDB does. */
const depthMax = 200;

export class ReplyWriter {
  buffer: Buffer;
  offset = 0;

  constructor(initialBytes = 1024) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.offset);
  }

  reserve(bytes: number): void {
    const needed = this.offset + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.offset);
    this.buffer = grown;
  }

  document(value: Record<string, unknown>, depth = 0): void {
    const start = this.#open(depth);
    const names = orderedNames(value);
    for (const name of names) this.#element(name, value[name], depth);
    this.#close(start);
  }

  #array(values: readonly unknown[], depth: number): void {
    const start = this.#open(depth);
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      this.#element(String(index), value === undefined ? null : value, depth);
    }
    this.#close(start);
  }

  #open(depth: number): number {
    if (depth > depthMax) throw new RangeError('document nested too deeply');
    const start = this.offset;
    this.reserve(5);
    this.offset += 4;
    return start;
  }

  #close(start: number): void {
    this.reserve(1);
    this.buffer[this.offset] = 0;
    this.offset += 1;
    this.buffer.writeInt32LE(this.offset - start, start);
  }

  #name(type: number, name: string): void {
    this.reserve(2 + name.length * 3);
    this.buffer[this.offset] = type;
    this.offset += 1;
    this.offset += this.buffer.write(name, this.offset, 'utf8');
    this.buffer[this.offset] = 0;
    this.offset += 1;
  }

  #element(name: string, value: unknown, depth: number): void {
    switch (typeof value) {
      case 'undefined':
      case 'function':
      case 'symbol':
        return;
      case 'string':
        this.#string(name, value);
        return;
      case 'number':
        this.#number(name, value);
        return;
      case 'boolean':
        this.#name(typeBoolean, name);
        this.#byte(value ? 1 : 0);
        return;
      case 'bigint':
        this.#name(typeInt64, name);
        this.#int64(value);
        return;
      case 'object':
        this.#objectElement(name, value, depth);
    }
  }

  #objectElement(name: string, value: object | null, depth: number): void {
    if (value === null) {
      this.#name(typeNull, name);
    } else if (value instanceof RawDocument) {
      this.#name(typeDocument, name);
      this.raw(value.bytes);
    } else if (Array.isArray(value)) {
      this.#name(typeArray, name);
      this.#array(value, depth + 1);
    } else if (value instanceof Date) {
      this.#name(typeDate, name);
      this.#int64(BigInt(value.getTime()));
    } else if (isDocument(value)) {
      this.#name(typeDocument, name);
      this.document(value, depth + 1);
    } else this.#bsonElement(name, value);
  }

  /** The classes that every reply has are written by hand, the others by the library. */
  #bsonElement(name: string, value: object): void {
    if (value instanceof Long) {
      this.#name(value instanceof Timestamp ? typeTimestamp : typeInt64, name);
      this.reserve(8);
      this.buffer.writeInt32LE(value.low, this.offset);
      this.buffer.writeInt32LE(value.high, this.offset + 4);
      this.offset += 8;
    } else if (value instanceof Double) {
      this.#name(typeDouble, name);
      this.#double(value.value);
    } else if (value instanceof ObjectId) {
      this.#name(typeObjectId, name);
      this.raw(value.id);
    } else if (value instanceof Binary && value.sub_type !== Binary.SUBTYPE_BYTE_ARRAY) {
      this.#name(typeBinary, name);
      this.reserve(5);
      this.buffer.writeInt32LE(value.position, this.offset);
      this.buffer[this.offset + 4] = value.sub_type;
      this.offset += 5;
      this.raw(value.buffer.subarray(0, value.position));
    } else this.#foreign(name, value);
  }

  #double(value: number): void {
    this.reserve(8);
    this.buffer.writeDoubleLE(value, this.offset);
    this.offset += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.offset);
    this.offset += bytes.length;
  }

  /** BSON's own classes are written by the library: one element, cut out of the document it makes. */
  #foreign(name: string, value: object): void {
    const whole = serialize({ [name]: value }, { ignoreUndefined: true });
    this.raw(whole.subarray(4, whole.length - 1));
  }

  #string(name: string, value: string): void {
    this.#name(typeString, name);
    this.reserve(5 + value.length * 3);
    const written = this.buffer.write(value, this.offset + 4, 'utf8');
    this.buffer.writeInt32LE(written + 1, this.offset);
    this.offset += 4 + written;
    this.#byte(0);
  }

  #number(name: string, value: number): void {
    if (Number.isInteger(value) && (value | 0) === value && !Object.is(value, -0)) {
      this.#name(typeInt32, name);
      this.reserve(4);
      this.buffer.writeInt32LE(value, this.offset);
      this.offset += 4;
      return;
    }
    this.#name(typeDouble, name);
    this.#double(value);
  }

  #byte(value: number): void {
    this.reserve(1);
    this.buffer[this.offset] = value;
    this.offset += 1;
  }

  #int64(value: bigint): void {
    this.reserve(8);
    this.buffer.writeBigInt64LE(value, this.offset);
    this.offset += 8;
  }
}

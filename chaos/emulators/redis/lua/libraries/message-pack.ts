/** The library `cmsgpack`: values as MessagePack (https://msgpack.org), as lua-cmsgpack 0.4 writes and reads it. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { integerAt, optionalIntegerAt, textAt } from '../arguments.ts';
import { ArgumentFault, NativeFault } from '../errors.ts';
import { LuaTable, type LuaValue } from '../values.ts';
import { bigEndian, floatBytes, readBigEndian, readFloat } from './byte-order.ts';
import { libraryTable } from './library.ts';

/** Deeper tables are written as nil, so that circles end. */
const depthMax = 16;
const int32Max = 0x7fff_ffff;

export function messagePackLibrary(): LuaTable {
  const library = libraryTable({
    pack: (args) => {
      if (args.length === 0) throw new ArgumentFault(0, 'MessagePack pack needs input.');
      return [args.map((value) => pack(value, 0)).join('')];
    },
    unpack: (args) => unpackAll(textAt(args, 0)),
    unpack_one: (args) => unpackSome(textAt(args, 0), 1, optionalIntegerAt(args, 1, 0)),
    unpack_limit: (args) => {
      const limit = integerAt(args, 1);
      return unpackSome(textAt(args, 0), limit, optionalIntegerAt(args, 2, 0));
    },
  });
  library.set('_NAME', 'cmsgpack');
  library.set('_VERSION', 'lua-cmsgpack 0.4.0');
  library.set('_COPYRIGHT', 'Copyright (C) 2012, Salvatore Sanfilippo');
  library.set('_DESCRIPTION', 'MessagePack C implementation for Lua');
  return library;
}

function pack(value: LuaValue, depth: number): Bytes {
  switch (typeof value) {
    case 'string':
      return packText(value);
    case 'boolean':
      return value ? '\xc3' : '\xc2';
    case 'number':
      return packNumber(value);
    default:
      return value instanceof LuaTable && depth < depthMax ? packTable(value, depth) : '\xc0';
  }
}

function packText(text: Bytes): Bytes {
  const { length } = text;
  if (length < 32) return String.fromCharCode(0xa0 | length) + text;
  if (length <= 0xff) return `\xd9${bigEndian(BigInt(length), 1)}${text}`;
  if (length <= 0xffff) return `\xda${bigEndian(BigInt(length), 2)}${text}`;
  return `\xdb${bigEndian(BigInt(length), 4)}${text}`;
}

function packNumber(value: number): Bytes {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return packInteger(BigInt(value));
  if (Number.isNaN(value) || Math.fround(value) !== value) return `\xcb${floatBytes(value, 8)}`;
  return `\xca${floatBytes(value, 4)}`;
}

function packInteger(value: bigint): Bytes {
  if (value >= 0n) {
    if (value <= 0x7fn) return String.fromCharCode(Number(value));
    if (value <= 0xffn) return `\xcc${bigEndian(value, 1)}`;
    if (value <= 0xffffn) return `\xcd${bigEndian(value, 2)}`;
    if (value <= 0xffff_ffffn) return `\xce${bigEndian(value, 4)}`;
    return `\xcf${bigEndian(value, 8)}`;
  }
  if (value >= -32n) return bigEndian(value, 1);
  if (value >= -128n) return `\xd0${bigEndian(value, 1)}`;
  if (value >= -32_768n) return `\xd1${bigEndian(value, 2)}`;
  if (value >= -2_147_483_648n) return `\xd2${bigEndian(value, 4)}`;
  return `\xd3${bigEndian(value, 8)}`;
}

function packTable(table: LuaTable, depth: number): Bytes {
  if (isArray(table)) {
    const length = table.length();
    let text = packLength(length, 0x90, '\xdc', '\xdd');
    for (let at = 1; at <= length; at += 1) text += pack(table.get(at), depth + 1);
    return text;
  }
  let count = 0;
  let text = '';
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    count += 1;
    text += pack(entry[0], depth + 1) + pack(entry[1], depth + 1);
  }
  return packLength(count, 0x80, '\xde', '\xdf') + text;
}

function packLength(length: number, fixed: number, sign16: string, sign32: string): Bytes {
  if (length <= 15) return String.fromCharCode(fixed | length);
  if (length <= 0xffff) return sign16 + bigEndian(BigInt(length), 2);
  return sign32 + bigEndian(BigInt(length), 4);
}

/** Keys 1 to n without a hole. */
function isArray(table: LuaTable): boolean {
  let count = 0;
  let largest = 0;
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [key] = entry;
    if (typeof key !== 'number' || key <= 0 || !Number.isInteger(key) || key > int32Max) return false;
    largest = Math.max(largest, key);
    count += 1;
  }
  return largest === count;
}

function unpackAll(text: Bytes): LuaValue[] {
  const reader = new Unpacker(text, 0);
  const values: LuaValue[] = [];
  while (reader.left > 0) values.push(reader.value());
  return values;
}

/** Where to go on, -1 at the end, then the values. */
function unpackSome(text: Bytes, limit: number, offset: number): LuaValue[] {
  if (limit === 0 && offset === 0) return unpackAll(text);
  if (offset < 0 || limit < 0) {
    throw new NativeFault(`Invalid request to unpack with offset of ${offset} and limit of ${text.length}.`);
  }
  if (offset > text.length) {
    throw new NativeFault(`Start offset ${offset} greater than input length ${text.length}.`);
  }
  const reader = new Unpacker(text, offset);
  const values: LuaValue[] = [];
  while (reader.left > 0 && values.length < limit) values.push(reader.value());
  return [reader.left === 0 ? -1 : text.length - reader.left, ...values];
}

class Unpacker {
  readonly #text: Bytes;
  #at: number;

  constructor(text: Bytes, at: number) {
    this.#text = text;
    this.#at = at;
  }

  get left(): number {
    return this.#text.length - this.#at;
  }

  value(): LuaValue {
    const sign = this.#take(1).charCodeAt(0);
    if (sign < 0x80) return sign;
    if (sign >= 0xe0) return sign - 0x100;
    if (sign >= 0xa0 && sign < 0xc0) return this.#take(sign & 0x1f);
    if (sign >= 0x90 && sign < 0xa0) return this.#array(sign & 0xf);
    if (sign < 0x90) return this.#map(sign & 0xf);
    switch (sign) {
      case 0xc0:
        return undefined;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return readFloat(this.#take(4));
      case 0xcb:
        return readFloat(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#unsigned(1 << (sign - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3: {
        const size = 1 << (sign - 0xd0);
        return Number(BigInt.asIntN(size * 8, readBigEndian(this.#take(size))));
      }
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#take(this.#unsigned(1 << (sign - 0xd9)));
      case 0xdc:
        return this.#array(this.#unsigned(2));
      case 0xdd:
        return this.#array(this.#unsigned(4));
      case 0xde:
        return this.#map(this.#unsigned(2));
      case 0xdf:
        return this.#map(this.#unsigned(4));
      default:
        throw new NativeFault('Bad data format in input.');
    }
  }

  #unsigned(size: number): number {
    return Number(readBigEndian(this.#take(size)));
  }

  #take(count: number): Bytes {
    if (this.left < count) throw new NativeFault('Missing bytes in input.');
    this.#at += count;
    return this.#text.slice(this.#at - count, this.#at);
  }

  #array(length: number): LuaTable {
    const table = new LuaTable();
    for (let at = 1; at <= length; at += 1) table.set(at, this.value());
    return table;
  }

  #map(length: number): LuaTable {
    const table = new LuaTable();
    for (let count = 0; count < length; count += 1) {
      const key = this.value();
      table.set(key, this.value());
    }
    return table;
  }
}

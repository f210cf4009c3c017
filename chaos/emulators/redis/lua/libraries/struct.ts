/** The library `struct`: numbers and texts as C lays them out, after Roberto Ierusalimschy's library. Sizes are those of x86-64. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { numberAt, optionalIntegerAt, textAt, toInteger } from '../arguments.ts';
import { ArgumentFault, NativeFault } from '../errors.ts';
import type { LuaTable, LuaValue } from '../values.ts';
import { bigEndian, floatBytes, readBigEndian, readFloat, reversed } from './byte-order.ts';
import { libraryTable } from './library.ts';

const integerBytesMax = 32;
const alignmentMax = 8;
const integers = 'bBhHlLTiI';

export function structLibrary(): LuaTable {
  return libraryTable({
    pack: (args) => [pack(args)],
    unpack: (args) => unpack(args),
    size: (args) => [sizeOf(textAt(args, 0))],
  });
}

interface Option {
  readonly symbol: string;
  readonly size: number;
  /** Zeros before it. */
  readonly padding: number;
}

/** Reads a format option by option, and keeps byte order and alignment. */
class FormatReader {
  readonly #format: Bytes;
  #at = 0;
  #alignment = 1;
  isBigEndian = false;

  constructor(format: Bytes) {
    this.#format = format;
  }

  next(position: number): Option | undefined {
    const symbol = this.#format.charAt(this.#at);
    if (symbol === '' || symbol === '\0') return undefined;
    this.#at += 1;
    const size = this.#sizeOf(symbol);
    return { symbol, size, padding: this.#padding(position, symbol, size) };
  }

  /** An option that is no value. */
  control(symbol: string): void {
    switch (symbol) {
      case ' ':
        return;
      case '>':
        this.isBigEndian = true;
        return;
      case '<':
        this.isBigEndian = false;
        return;
      case '!': {
        const alignment = this.#number(alignmentMax);
        if (alignment <= 0 || (alignment & (alignment - 1)) !== 0) {
          throw new NativeFault(`alignment ${alignment} is not a power of 2`);
        }
        this.#alignment = alignment;
        return;
      }
      default:
        throw new ArgumentFault(1, `invalid format option '${symbol}'`);
    }
  }

  #sizeOf(symbol: string): number {
    switch (symbol) {
      case 'b':
      case 'B':
      case 'x':
        return 1;
      case 'h':
      case 'H':
        return 2;
      case 'f':
        return 4;
      case 'l':
      case 'L':
      case 'T':
      case 'd':
        return 8;
      case 'c':
        return this.#number(1);
      case 'i':
      case 'I': {
        const size = this.#number(4);
        if (size > integerBytesMax) {
          throw new NativeFault(`integral size ${size} is larger than limit of ${integerBytesMax}`);
        }
        return size;
      }
      default:
        return 0;
    }
  }

  #number(otherwise: number): number {
    const digits = /^\d+/.exec(this.#format.slice(this.#at, this.#at + 32))?.[0];
    if (digits === undefined) return otherwise;
    if (Number(digits) > 0x7fff_ffff) throw new NativeFault('integral size overflow');
    this.#at += digits.length;
    return Number(digits);
  }

  #padding(position: number, symbol: string, size: number): number {
    if (size === 0 || symbol === 'c') return 0;
    const aligned = Math.min(size, this.#alignment);
    return (aligned - (position & (aligned - 1))) & (aligned - 1);
  }
}

function pack(args: readonly LuaValue[]): Bytes {
  const reader = new FormatReader(textAt(args, 0));
  let text = '';
  let position = 0;
  let index = 1;
  for (let option = reader.next(0); option !== undefined; option = reader.next(position)) {
    const { symbol, size, padding } = option;
    text += '\0'.repeat(padding);
    position += padding + size;
    if (integers.includes(symbol)) {
      text += inOrder(bigEndian(integerBits(numberAt(args, index)), size), reader);
      index += 1;
    } else if (symbol === 'x') {
      text += '\0';
    } else if (symbol === 'f' || symbol === 'd') {
      text += inOrder(floatBytes(numberAt(args, index), symbol === 'f' ? 4 : 8), reader);
      index += 1;
    } else if (symbol === 'c' || symbol === 's') {
      const given = textAt(args, index);
      index += 1;
      const taken = size === 0 ? given.length : size;
      if (given.length < taken) throw new ArgumentFault(index + 1, 'string too short');
      text += given.slice(0, taken) + (symbol === 's' ? '\0' : '');
      position += taken - size + (symbol === 's' ? 1 : 0);
    } else {
      reader.control(symbol);
    }
  }
  return text;
}

/** As C converts a double to long and then to unsigned long; beyond 8 bytes zeros follow. */
function integerBits(value: number): bigint {
  if (value < 0 || Number.isNaN(value)) return BigInt.asUintN(64, BigInt(toInteger(value)));
  return value < 2 ** 64 ? BigInt(Math.trunc(value)) : 0n;
}

function inOrder(bigEndianBytes: Bytes, reader: FormatReader): Bytes {
  return reader.isBigEndian ? bigEndianBytes : reversed(bigEndianBytes);
}

function unpack(args: readonly LuaValue[]): LuaValue[] {
  const reader = new FormatReader(textAt(args, 0));
  const data = textAt(args, 1);
  const start = optionalIntegerAt(args, 2, 1);
  if (start <= 0) throw new ArgumentFault(3, 'offset must be 1 or greater');
  let position = start - 1;
  const values: LuaValue[] = [];
  for (let option = reader.next(position); option !== undefined; option = reader.next(position)) {
    const { symbol, padding } = option;
    let { size } = option;
    position += padding;
    need(data, position, size);
    if (integers.includes(symbol)) {
      const bytes = inOrder(data.slice(position, position + size), reader);
      values.push(integerOf(bytes, symbol === symbol.toLowerCase()));
    } else if (symbol === 'f' || symbol === 'd') {
      values.push(readFloat(inOrder(data.slice(position, position + size), reader)));
    } else if (symbol === 'c') {
      if (size === 0) {
        const length = values.pop();
        if (typeof length !== 'number') throw new NativeFault("format 'c0' needs a previous size");
        size = toInteger(length);
        need(data, position, size);
      }
      values.push(data.slice(position, position + size));
    } else if (symbol === 's') {
      const end = data.indexOf('\0', position);
      if (end === -1) throw new NativeFault('unfinished string in data');
      values.push(data.slice(position, end));
      size = end - position + 1;
    } else if (symbol !== 'x') {
      reader.control(symbol);
    }
    position += size;
  }
  return [...values, position + 1];
}

function need(data: Bytes, position: number, size: number): void {
  if (size < 0 || size > data.length || position > data.length - size) {
    throw new ArgumentFault(2, 'data string too short');
  }
}

/** Of more than 8 bytes only the low ones count. */
function integerOf(bytes: Bytes, isSigned: boolean): number {
  const low = BigInt.asUintN(64, readBigEndian(bytes));
  return Number(isSigned ? BigInt.asIntN(Math.min(bytes.length, 8) * 8, low) : low);
}

function sizeOf(format: Bytes): number {
  const reader = new FormatReader(format);
  let position = 0;
  for (let option = reader.next(0); option !== undefined; option = reader.next(position)) {
    const { symbol, size, padding } = option;
    if (symbol === 's') throw new ArgumentFault(1, "option 's' has no fixed size");
    if (symbol === 'c' && size === 0) throw new ArgumentFault(1, "option 'c0' has no fixed size");
    if (!/[A-Za-z0-9]/.test(symbol)) reader.control(symbol);
    position += padding + size;
  }
  return position;
}

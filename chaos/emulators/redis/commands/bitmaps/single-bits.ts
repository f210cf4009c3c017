/** Commands on single bits, and on ranges of them. */
import { plainError, syntaxError } from '../../errors.ts';
import { parseInteger } from '../../numbers/integers.ts';
import type { Reply } from '../../reply/reply.ts';
import { StringValue } from '../../values/string-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { bitAt, countBits, findBit, setBit } from './bits.ts';

/** `#3` counts in units of so many bits. */
export function readOffset(context: Context, position: number, unitBits = 0): number {
  const text = context.word(position);
  const isInUnits = unitBits > 0 && text.startsWith('#');
  const number = parseInteger(isInUnits ? text.slice(1) : text);
  const offset = number === undefined ? undefined : number * (isInUnits ? unitBits : 1);
  const bytesMax = context.client.isReplay
    ? Infinity
    : context.server.configuration.number('proto-max-bulk-len');
  if (offset === undefined || offset < 0 || Math.floor(offset / 8) >= bytesMax) {
    throw plainError('bit offset is not an integer or out of range');
  }
  return offset;
}

/** The string at the key made long enough for a bit, and whether that changed it. */
export function growToBit(context: Context, bit: number): { bytes: Buffer; hasGrown: boolean } {
  const key = context.word(1);
  const found = context.write('string', key);
  const length = Math.floor(bit / 8) + 1;
  if (found === undefined) {
    const made = new StringValue('', 'raw');
    const bytes = made.writable(length);
    context.server.keyspace.add(context.database, key, made);
    return { bytes, hasGrown: true };
  }
  const hasGrown = found.length < length;
  return { bytes: found.writable(length), hasGrown };
}

function setbit(context: Context): Reply {
  const offset = readOffset(context, 2);
  const refusal = 'bit is not an integer or out of range';
  const on = context.integer(3, `ERR ${refusal}`);
  if (on !== 0 && on !== 1) throw plainError(refusal);
  const { bytes, hasGrown } = growToBit(context, offset);
  const before = bitAt(bytes, offset);
  if (hasGrown || before !== on) {
    setBit(bytes, offset, on === 1);
    context.changed(context.word(1));
    context.notify('string', 'setbit', context.word(1));
  }
  return before;
}

function getbit(context: Context): Reply {
  const offset = readOffset(context, 2);
  const value = context.read('string', context.word(1));
  return value === undefined ? 0 : bitAt(value.readable(), offset);
}

/** Bits from one up to, not including, another. */
function rangeOf(
  lengthBytes: number,
  start: number,
  end: number,
  unit: 'byte' | 'bit',
): { from: number; to: number } {
  const length = unit === 'bit' ? lengthBytes * 8 : lengthBytes;
  const from = Math.max(0, start < 0 ? start + length : start);
  const last = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
  const width = unit === 'bit' ? 1 : 8;
  return { from: from * width, to: (last + 1) * width };
}

function readUnit(context: Context, position: number): 'byte' | 'bit' {
  if (position >= context.words.length) return 'byte';
  const unit = context.option(position);
  if (unit !== 'byte' && unit !== 'bit') throw syntaxError();
  return unit;
}

function bitcount(context: Context): Reply {
  const value = context.read('string', context.word(1));
  if (value === undefined) return 0;
  const bytes = value.readable();
  const { length } = context.words;
  if (length === 2) return countBits(bytes, 0, bytes.length * 8);
  if (length !== 4 && length !== 5) throw syntaxError();
  const start = context.integer(2);
  const end = context.integer(3);
  if (start < 0 && end < 0 && start > end) return 0;
  const { from, to } = rangeOf(bytes.length, start, end, readUnit(context, 4));
  return countBits(bytes, from, to);
}

function bitpos(context: Context): Reply {
  const wanted = context.integer(2);
  if (wanted !== 0 && wanted !== 1) throw plainError('The bit argument must be 1 or 0.');
  const value = context.read('string', context.word(1));
  if (value === undefined) return wanted === 1 ? -1 : 0;
  const bytes = value.readable();
  const { length } = context.words;
  if (length > 6) throw syntaxError();
  const start = length > 3 ? context.integer(3) : 0;
  const unit = readUnit(context, 5);
  const hasEnd = length > 4;
  const end = hasEnd ? context.integer(4) : -1;
  const { from, to } = rangeOf(bytes.length, start, end, unit);
  if (from >= to) return -1;
  const found = findBit(bytes, wanted, from, to);
  if (found !== undefined) return found;
  // Behind the string there are zeros, unless the range has an end.
  return wanted === 0 && !hasEnd ? to : -1;
}

const operators = {
  and: (left: number, right: number) => left & right,
  or: (left: number, right: number) => left | right,
  xor: (left: number, right: number) => left ^ right,
  not: (left: number) => left,
} as const;

function bitop(context: Context): Reply {
  const name = context.option(1);
  if (name !== 'and' && name !== 'or' && name !== 'xor' && name !== 'not') throw syntaxError();
  if (name === 'not' && context.words.length !== 4) {
    throw plainError('BITOP NOT must be called with a single source key.');
  }
  const sources = context.words
    .slice(3)
    .map((key) => context.read('string', key)?.readable() ?? Buffer.alloc(0));
  const length = Math.max(...sources.map((source) => source.length));
  const target = context.word(2);
  if (length === 0) {
    if (context.delete(target)) {
      context.notify('generic', 'del', target);
      context.server.dirty += 1;
    }
    return 0;
  }
  const combine = operators[name];
  const [first = Buffer.alloc(0), ...others] = sources;
  const result = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) {
    let byte = first[at] ?? 0;
    for (const other of others) byte = combine(byte, other[at] ?? 0);
    result[at] = name === 'not' ? ~byte : byte;
  }
  context.put(target, new StringValue(result.toString('latin1'), 'raw'));
  context.notify('string', 'set', target);
  return length;
}

export const singleBits: Runs = { setbit, getbit, bitcount, bitpos, bitop };

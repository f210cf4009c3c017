/** BITFIELD: integers of any width inside a string, with a choice of what happens when they overflow. */
import { plainError, syntaxError } from '../../errors.ts';
import { parseInteger } from '../../numbers/integers.ts';
import type { Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { readBits, writeBits } from './bits.ts';
import { growToBit, readOffset } from './single-bits.ts';

type Overflow = 'wrap' | 'sat' | 'fail';

interface FieldType {
  readonly isSigned: boolean;
  readonly width: number;
}

interface Operation {
  readonly name: 'get' | 'set' | 'incrby';
  readonly type: FieldType;
  readonly offset: number;
  /** To set, or to add. */
  readonly operand: bigint;
  readonly overflow: Overflow;
}

function readOperations(context: Context): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = 'wrap';
  let at = 2;
  while (at < context.words.length) {
    const name = context.option(at);
    const left = context.words.length - at - 1;
    if (name === 'overflow' && left >= 1) {
      overflow = readOverflow(context.option(at + 1));
      at += 2;
    } else if ((name === 'get' && left >= 2) || ((name === 'set' || name === 'incrby') && left >= 3)) {
      const type = readType(context.word(at + 1));
      const offset = readOffset(context, at + 2, type.width);
      const operand = name === 'get' ? 0n : context.int64(at + 3);
      operations.push({ name, type, offset, operand, overflow });
      at += name === 'get' ? 3 : 4;
    } else throw syntaxError();
  }
  return operations;
}

function readOverflow(name: string): Overflow {
  if (name !== 'wrap' && name !== 'sat' && name !== 'fail') {
    throw plainError('Invalid OVERFLOW type specified');
  }
  return name;
}

function readType(text: string): FieldType {
  const isSigned = text.startsWith('i');
  const width = isSigned || text.startsWith('u') ? parseInteger(text.slice(1)) : undefined;
  if (width === undefined || width < 1 || width > (isSigned ? 64 : 63)) {
    throw plainError(
      'Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
    );
  }
  return { isSigned, width };
}

function bitfield(context: Context, isReadonly: boolean): Reply {
  const operations = readOperations(context);
  const writes = operations.filter(({ name }) => name !== 'get');
  if (writes.length === 0) {
    const value = context.read('string', context.word(1));
    const bytes = value?.readable() ?? Buffer.alloc(0);
    return operations.map(({ offset, type }) => read(bytes, offset, type));
  }
  if (isReadonly) throw plainError('BITFIELD_RO only supports the GET subcommand');
  const lastBit = Math.max(...writes.map(({ offset, type }) => offset + type.width - 1));
  const { bytes, hasGrown } = growToBit(context, lastBit);
  let changes = 0;
  const replies = operations.map((operation): Reply => {
    const { name, offset, type } = operation;
    const before = read(bytes, offset, type);
    if (name === 'get') return before;
    const after = valueAfter(before, operation);
    if (after === undefined) return null;
    writeBits(bytes, offset, type.width, after);
    if (hasGrown || before !== after) changes += 1;
    return name === 'set' ? before : after;
  });
  if (changes > 0) {
    context.changed(context.word(1), changes);
    context.notify('string', 'setbit', context.word(1));
  }
  return replies;
}

function read(bytes: Buffer, offset: number, { isSigned, width }: FieldType): bigint {
  const bits = readBits(bytes, offset, width);
  return isSigned ? BigInt.asIntN(width, bits) : bits;
}

/** Undefined when it overflows and may not. */
function valueAfter(before: bigint, { name, operand, overflow, type }: Operation): bigint | undefined {
  const { isSigned, width } = type;
  const minimum = isSigned ? -(2n ** BigInt(width - 1)) : 0n;
  const maximum = isSigned ? 2n ** BigInt(width - 1) - 1n : 2n ** BigInt(width) - 1n;
  // An unsigned value to set is taken as 64 bits, so that a negative one is beyond the maximum.
  const set = isSigned ? operand : BigInt.asUintN(64, operand);
  const wanted = name === 'set' ? set : before + operand;
  if (wanted >= minimum && wanted <= maximum) return wanted;
  if (overflow === 'fail') return undefined;
  if (overflow === 'sat') return wanted < minimum ? minimum : maximum;
  return isSigned ? BigInt.asIntN(width, wanted) : BigInt.asUintN(width, wanted);
}

export const fields: Runs = {
  bitfield: (context) => bitfield(context, false),
  bitfield_ro: (context) => bitfield(context, true),
};

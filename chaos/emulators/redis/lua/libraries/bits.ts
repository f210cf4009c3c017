/** Operations on 32 bits, after Mike Pall's BitOp, which Redis gives to scripts as `bit`. */
import { toNumber } from '../conversions.ts';
import { wrongType } from '../arguments.ts';
import type { LuaTable, LuaValue } from '../values.ts';
import { libraryTable, type Native } from './library.ts';

export function bitLibrary(): LuaTable {
  return libraryTable({
    tobit: (args) => [bitsAt(args, 0)],
    bnot: (args) => [~bitsAt(args, 0)],
    band: folding((left, right) => left & right),
    bor: folding((left, right) => left | right),
    bxor: folding((left, right) => left ^ right),
    lshift: shifting((bits, count) => bits << count),
    rshift: shifting((bits, count) => bits >>> count),
    arshift: shifting((bits, count) => bits >> count),
    rol: shifting((bits, count) => (bits << count) | (bits >>> (32 - count))),
    ror: shifting((bits, count) => (bits << (32 - count)) | (bits >>> count)),
    bswap: (args) => {
      const bits = bitsAt(args, 0);
      return [(bits >>> 24) | ((bits >>> 8) & 0xff00) | ((bits & 0xff00) << 8) | (bits << 24)];
    },
    tohex: (args) => {
      const wanted = args.length < 2 ? 8 : bitsAt(args, 1);
      const digits = (bitsAt(args, 0) >>> 0).toString(16).padStart(8, '0');
      const text = digits.slice(8 - Math.min(8, Math.abs(wanted)));
      return [wanted < 0 ? text.toUpperCase() : text];
    },
  });
}

const view = new DataView(new ArrayBuffer(8));

/** The low 32 bits of the number rounded to an integer, ties to even: adding 2^52 + 2^51 leaves them at the end of the mantissa. */
function bitsAt(args: readonly LuaValue[], index: number): number {
  const value = toNumber(args[index]);
  if (value === undefined) throw wrongType(args, index, 'number');
  view.setFloat64(0, value + 6_755_399_441_055_744);
  return view.getInt32(4);
}

function folding(combine: (left: number, right: number) => number): Native {
  return (args) => {
    let bits = bitsAt(args, 0);
    for (let index = args.length - 1; index >= 1; index -= 1) bits = combine(bits, bitsAt(args, index));
    return [bits | 0];
  };
}

function shifting(shift: (bits: number, count: number) => number): Native {
  return (args) => {
    const bits = bitsAt(args, 0);
    const count = bitsAt(args, 1) & 31;
    return [(count === 0 ? bits : shift(bits, count)) | 0];
  };
}

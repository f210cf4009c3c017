/** Arguments of native functions, refused with the errors of the original's auxiliary library. */
import type { Bytes } from '../bytes/byte-string.ts';
import { toNumber, toText, typeName } from './conversions.ts';
import { ArgumentFault } from './errors.ts';
import { LuaTable, isFunction, type LuaFunction, type LuaValue } from './values.ts';

type Args = readonly LuaValue[];

/** Index counts from 0 here, from 1 in what is said. */
export function anyAt(args: Args, index: number): LuaValue {
  if (index >= args.length) throw new ArgumentFault(index + 1, 'value expected');
  return args[index];
}

export function textAt(args: Args, index: number): Bytes {
  const text = toText(args[index]);
  if (text === undefined) throw wrongType(args, index, 'string');
  return text;
}

export function optionalTextAt(args: Args, index: number, otherwise: Bytes): Bytes {
  return args[index] === undefined ? otherwise : textAt(args, index);
}

export function numberAt(args: Args, index: number): number {
  const value = toNumber(args[index]);
  if (value === undefined) throw wrongType(args, index, 'number');
  return value;
}

export function optionalNumberAt(args: Args, index: number, otherwise: number): number {
  return args[index] === undefined ? otherwise : numberAt(args, index);
}

/** lua_Integer: the double without its fraction, wrapped as C's conversion on x86-64 gives it. */
export function integerAt(args: Args, index: number): number {
  return toInteger(numberAt(args, index));
}

export function optionalIntegerAt(args: Args, index: number, otherwise: number): number {
  return args[index] === undefined ? otherwise : integerAt(args, index);
}

/** What does not fit becomes the smallest integer. */
export function toInteger(value: number): number {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : -(2 ** 63);
}

/** C's int, which is what luaL_checkint gives. */
export function int32At(args: Args, index: number): number {
  return Number(BigInt.asIntN(32, BigInt(integerAt(args, index))));
}

export function optionalInt32At(args: Args, index: number, otherwise: number): number {
  return args[index] === undefined ? otherwise : int32At(args, index);
}

export function tableArgument(args: Args, index: number): LuaTable {
  const value = args[index];
  if (!(value instanceof LuaTable)) throw wrongType(args, index, 'table');
  return value;
}

export function functionAt(args: Args, index: number): LuaFunction {
  const value = args[index];
  if (!isFunction(value)) throw wrongType(args, index, 'function');
  return value;
}

export function wrongType(args: Args, index: number, expected: string): ArgumentFault {
  const given = index >= args.length ? 'no value' : typeName(args[index]);
  return new ArgumentFault(index + 1, `${expected} expected, got ${given}`);
}

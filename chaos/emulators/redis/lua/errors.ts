/**
 * What goes wrong in a script. All but LuaError are made into one by the machine, which alone knows the place: an original error
 * message begins with it only where Lua code, or a function that Lua code called, went wrong.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import type { LuaValue } from './values.ts';

/** A thrown Lua value. */
export class LuaError extends Error {
  readonly value: LuaValue;
  /** Where it was thrown first, for the script's final error. */
  place: { readonly source: Bytes; readonly line: number } | undefined;

  constructor(value: LuaValue) {
    super(typeof value === 'string' ? value : 'a Lua value');
    this.name = 'LuaError';
    this.value = value;
  }
}

/** An operation that its operands do not allow. */
export class RuntimeFault extends Error {}

/** A native function refuses; the message gets the place of the call. */
export class NativeFault extends Error {}

/** A native function refuses its argument at `index`, counted from 1. */
export class ArgumentFault extends Error {
  readonly index: number;

  constructor(index: number, detail: string) {
    super(detail);
    this.index = index;
  }
}

/** The source text is no Lua; the message has place and token already. */
export class LuaSyntaxError extends Error {}

/** The script was ended from outside, which no pcall catches. */
export class ScriptKilled extends Error {}

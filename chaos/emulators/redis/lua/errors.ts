/**
 * What goes wrong in a script. The machine makes a LuaError of each, since it alone knows the place: an original error
 * message begins with it only where Lua code, or a function that Lua code called, went wrong.
 */

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

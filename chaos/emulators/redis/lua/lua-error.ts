/** An error of a script: in Lua, any value can be thrown. */
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

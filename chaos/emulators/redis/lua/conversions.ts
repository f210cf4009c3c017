/** Strings and numbers as each other, as Lua converts them silently. */
import type { Bytes } from '../bytes/byte-string.ts';
import { formatGeneral } from '../numbers/decimal.ts';
import { readDouble } from '../numbers/strtod.ts';
import { Closure, Coroutine, NativeFunction, nullUserdata, Userdata, type LuaValue } from './values.ts';

/** luaO_str2d: what strtod reads, white space around it allowed. */
export function numberOf(text: Bytes): number | undefined {
  const { value, end } = readDouble(text);
  if (end === 0) return undefined;
  return /^[ \t\n\v\f\r]*$/.test(text.slice(end)) ? value : undefined;
}

export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberOf(value) : undefined;
}

/** `%.14g` */
export function numberText(value: number): Bytes {
  if (Number.isSafeInteger(value) && Math.abs(value) < 1e14 && !Object.is(value, -0)) return String(value);
  // The sign of a not-a-number made by 0/0 on x86 shows in the original.
  return Number.isNaN(value) ? '-nan' : formatGeneral(value, 14);
}

/** The string that a string or number is where one is wanted. */
export function toText(value: LuaValue): Bytes | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : undefined;
}

export type TypeName = 'nil' | 'boolean' | 'number' | 'string' | 'function' | 'thread' | 'userdata' | 'table';

export function typeName(value: LuaValue): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    default:
      if (value instanceof Closure || value instanceof NativeFunction) return 'function';
      if (value instanceof Coroutine) return 'thread';
      return value instanceof Userdata ? 'userdata' : 'table';
  }
}

/** `table: 0x…`: no address, but as unique, and the same in every run. */
export function identityText(name: string, value: Extract<LuaValue, { readonly serial: number }>): Bytes {
  if (value === nullUserdata) return `${name}: (nil)`;
  return `${name}: 0x${(0x5500_0000_0000 + value.serial * 64).toString(16).padStart(12, '0')}`;
}

/** Lua values as JSON, as lua-cjson 2.1 writes them. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { formatGeneral } from '../../numbers/decimal.ts';
import { typeName } from '../conversions.ts';
import { NativeFault } from '../errors.ts';
import { LuaTable, nullUserdata, type LuaValue } from '../values.ts';

/** JSON's null, which a table can hold. */
export const jsonNull = nullUserdata;

export interface EncodeSettings {
  /** Tables with few items for their largest index become objects instead of being refused. */
  convertsSparse: boolean;
  sparseRatio: number;
  /** Up to this index no array counts as sparse. */
  sparseSafe: number;
  depthMax: number;
  invalidNumbers: 'off' | 'on' | 'null';
  /** Significant digits. */
  precision: number;
}

export function encodeJson(value: LuaValue, settings: EncodeSettings): Bytes {
  return encode(value, settings, 0);
}

function encode(value: LuaValue, settings: EncodeSettings, depth: number): Bytes {
  switch (typeof value) {
    case 'string':
      return encodeText(value);
    case 'number':
      return encodeNumber(value, settings);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
    default:
      if (value === jsonNull) return 'null';
      if (!(value instanceof LuaTable)) throw refusal(value, 'type not supported');
      return encodeTable(value, settings, depth + 1);
  }
}

function encodeTable(table: LuaTable, settings: EncodeSettings, depth: number): Bytes {
  if (depth > settings.depthMax) throw new NativeFault(`Cannot serialise, excessive nesting (${depth})`);
  const length = arrayLength(table, settings);
  if (length > 0) {
    const items: Bytes[] = [];
    for (let at = 1; at <= length; at += 1) items.push(encode(table.get(at), settings, depth));
    return `[${items.join(',')}]`;
  }
  const members: Bytes[] = [];
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [key, value] = entry;
    members.push(`${encodeKey(key, settings)}:${encode(value, settings, depth)}`);
  }
  return `{${members.join(',')}}`;
}

function encodeKey(key: LuaValue, settings: EncodeSettings): Bytes {
  if (typeof key === 'string') return encodeText(key);
  if (typeof key === 'number') return `"${encodeNumber(key, settings)}"`;
  throw refusal(key, 'table key must be a number or string');
}

/** Largest index when all keys are whole numbers from 1 on; -1 for what is to be an object. */
function arrayLength(table: LuaTable, settings: EncodeSettings): number {
  let largest = 0;
  let items = 0;
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [key] = entry;
    if (typeof key !== 'number' || Math.floor(key) !== key || key < 1) return -1;
    if (key > largest) largest = key;
    items += 1;
  }
  const isSparse =
    settings.sparseRatio > 0 && largest > items * settings.sparseRatio && largest > settings.sparseSafe;
  if (isSparse && !settings.convertsSparse) throw refusal(table, 'excessively sparse array');
  return isSparse ? -1 : largest;
}

function encodeNumber(value: number, settings: EncodeSettings): Bytes {
  if (!Number.isFinite(value)) {
    if (settings.invalidNumbers === 'off') throw refusal(value, 'must not be NaN or Inf');
    if (settings.invalidNumbers === 'null') return 'null';
  }
  return formatGeneral(value, settings.precision);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '/': '\\/',
  '\\': '\\\\',
};

function encodeText(text: Bytes): Bytes {
  const inner = text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\x00-\x1f"/\\\x7f]/g,
    (byte) => shortEscapes[byte] ?? `\\u${byte.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${inner}"`;
}

function refusal(value: LuaValue, reason: string): NativeFault {
  return new NativeFault(`Cannot serialise ${typeName(value)}: ${reason}`);
}

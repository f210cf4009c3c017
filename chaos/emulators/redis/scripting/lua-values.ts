/** Replies as Lua values, and back, by the rules of Redis's manual ("Lua API reference", conversion rules). */
import type { Bytes } from '../bytes/byte-string.ts';
import { toText } from '../lua/conversions.ts';
import { toInteger } from '../lua/arguments.ts';
import { LuaTable, type LuaValue } from '../lua/values.ts';
import { formatDouble } from '../numbers/decimal.ts';
import { encodeReply } from '../reply/encode.ts';
import {
  double,
  errorReply,
  isTyped,
  map,
  set,
  status,
  type Reply,
  type TypedReply,
} from '../reply/reply.ts';

export function luaFromReply(reply: Reply, protocol: 2 | 3): LuaValue {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (typeof reply === 'bigint') return Number(reply);
  if (reply === null) return protocol === 3 ? undefined : false;
  if (isTyped(reply)) return luaFromTyped(reply, protocol);
  return listOf(reply, protocol);
}

/** `{err = "CODE text"}`, marked so that the error is not counted twice. */
export function errorTable(message: Bytes): LuaTable {
  const table = new LuaTable();
  table.set('err', message);
  table.set('ignore_error_stats_update', true);
  return table;
}

/** The same for an error that is counted when the script ends with it. */
export function plainErrorTable(message: Bytes): LuaTable {
  const table = new LuaTable();
  table.set('err', withCode(message));
  return table;
}

/** `-CODE text` has a code; other texts get `ERR`. */
export function withCode(message: Bytes): Bytes {
  if (!message.startsWith('-')) return `ERR ${trimmed(message)}`;
  const space = message.indexOf(' ');
  return space === -1
    ? `ERR ${trimmed(message.slice(1))}`
    : `${message.slice(1, space)} ${trimmed(message.slice(space + 1))}`;
}

/** `scriptProtocol` is what the script chose, on which the meaning of true and false depends. */
export function replyFromLua(value: LuaValue, scriptProtocol: 2 | 3, depth = 0): Reply {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return integerReply(value);
    case 'boolean':
      if (scriptProtocol === 3) return { kind: 'boolean', value };
      return value ? 1 : null;
    default:
      if (!(value instanceof LuaTable)) return null;
      if (depth > depthMax) return errorReply('ERR reached lua stack limit');
      return replyFromTable(value, scriptProtocol, depth + 1);
  }
}

/** Deeper tables do not fit on the original's stack. */
const depthMax = 1990;

function luaFromTyped(reply: TypedReply, protocol: 2 | 3): LuaValue {
  switch (reply.kind) {
    case 'status':
      return tableWith('ok', reply.text);
    case 'error':
      return errorTable(reply.message);
    case 'null array':
      return protocol === 3 ? undefined : false;
    case 'double':
      return protocol === 3 ? tableWith('double', reply.value) : (reply.text ?? formatDouble(reply.value));
    case 'boolean':
      return protocol === 3 ? reply.value : Number(reply.value);
    case 'big number':
      return protocol === 3 ? tableWith('big_number', reply.digits) : reply.digits;
    case 'verbatim': {
      if (protocol === 2) return reply.text;
      const inner = tableWith('string', reply.text);
      inner.set('format', reply.format);
      return tableWith('verbatim_string', inner);
    }
    case 'map':
      return protocol === 3 ? tableWith('map', mapOf(reply.entries)) : listOf(reply.entries.flat(), protocol);
    case 'set':
      return protocol === 3 ? tableWith('set', setOf(reply.items)) : listOf(reply.items, protocol);
    case 'push':
      return listOf(reply.items, protocol);
    case 'attribute':
    case 'several':
    case 'none':
      throw new TypeError(`a script cannot get ${JSON.stringify(encodeReply(reply, protocol))}`);
  }
}

function listOf(items: readonly Reply[], protocol: 2 | 3): LuaTable {
  const table = new LuaTable();
  items.forEach((item, index) => table.set(index + 1, luaFromReply(item, protocol)));
  return table;
}

function mapOf(entries: readonly (readonly [Reply, Reply])[]): LuaTable {
  const table = new LuaTable();
  for (const [key, value] of entries) table.set(luaFromReply(key, 3), luaFromReply(value, 3));
  return table;
}

function setOf(items: readonly Reply[]): LuaTable {
  const table = new LuaTable();
  for (const item of items) table.set(luaFromReply(item, 3), true);
  return table;
}

function tableWith(field: string, value: LuaValue): LuaTable {
  const table = new LuaTable();
  table.set(field, value);
  return table;
}

function integerReply(value: number): Reply {
  const whole = toInteger(value);
  return Number.isSafeInteger(whole) ? whole : BigInt.asIntN(64, BigInt(whole));
}

function replyFromTable(table: LuaTable, protocol: 2 | 3, depth: number): Reply {
  const error = table.get('err');
  if (typeof error === 'string') {
    const isCounted = table.get('ignore_error_stats_update') === true;
    return isCounted ? { ...errorReply(error), isCounted } : errorReply(error);
  }
  const okText = table.get('ok');
  if (typeof okText === 'string') return status(okText.replaceAll(/[\r\n]/g, ' '));
  const number = table.get('double');
  if (typeof number === 'number') return double(number);
  const digits = table.get('big_number');
  if (typeof digits === 'string') return { kind: 'big number', digits: digits.replaceAll(/[\r\n]/g, ' ') };
  const verbatim = table.get('verbatim_string');
  if (verbatim instanceof LuaTable) {
    const format = verbatim.get('format');
    const text = verbatim.get('string');
    if (typeof format === 'string' && typeof text === 'string') return { kind: 'verbatim', format, text };
  }
  const entries = table.get('map');
  if (entries instanceof LuaTable) {
    return map(
      entriesOf(entries).map(([key, value]) => [
        replyFromLua(key, protocol, depth),
        replyFromLua(value, protocol, depth),
      ]),
    );
  }
  const members = table.get('set');
  if (members instanceof LuaTable) {
    return set(entriesOf(members).map(([key]) => replyFromLua(key, protocol, depth)));
  }
  const items: Reply[] = [];
  for (let index = 1; ; index += 1) {
    const item = table.get(index);
    if (item === undefined) return items;
    items.push(replyFromLua(item, protocol, depth));
  }
}

function entriesOf(table: LuaTable): (readonly [LuaValue, LuaValue])[] {
  const entries: (readonly [LuaValue, LuaValue])[] = [];
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0]))
    entries.push(entry);
  return entries;
}

function trimmed(message: Bytes): Bytes {
  return message.replace(/^[\r\n]+|[\r\n]+$/g, '');
}

/** The words of redis.call; undefined when one is neither a string nor a number. */
export function wordsFromLua(args: readonly LuaValue[]): Bytes[] | undefined {
  const words: Bytes[] = [];
  for (const value of args) {
    const text = typeof value === 'number' ? formatDouble(value) : toText(value);
    if (text === undefined) return undefined;
    words.push(text);
  }
  return words;
}

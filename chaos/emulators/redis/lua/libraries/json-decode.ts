/** JSON as Lua values, as lua-cjson 2.1 reads it: also not-a-number, infinities and hexadecimal numbers, unless that is turned off. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { utf8Bytes } from '../../bytes/byte-string.ts';
import { readDouble } from '../../numbers/strtod.ts';
import { NativeFault } from '../errors.ts';
import { LuaTable, type LuaValue } from '../values.ts';
import { jsonNull } from './json-encode.ts';

export interface DecodeSettings {
  depthMax: number;
  takesInvalidNumbers: boolean;
}

export function decodeJson(text: Bytes, settings: DecodeSettings): LuaValue {
  if (text.length >= 2 && (text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0)) {
    throw new NativeFault('JSON parser does not support UTF-16 or UTF-32');
  }
  return new Decoder(text, settings).decode();
}

/** Names are those that errors give. */
type Token =
  | { readonly kind: 'T_STRING'; readonly at: number; readonly value: Bytes }
  | { readonly kind: 'T_NUMBER'; readonly at: number; readonly value: number }
  | { readonly kind: 'T_BOOLEAN'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'T_ERROR'; readonly at: number; readonly reason: string }
  | { readonly kind: PlainKind; readonly at: number };

type PlainKind =
  | 'T_NULL'
  | 'T_END'
  | 'T_OBJ_BEGIN'
  | 'T_OBJ_END'
  | 'T_ARR_BEGIN'
  | 'T_ARR_END'
  | 'T_COMMA'
  | 'T_COLON';

const single: Readonly<Record<string, PlainKind>> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ',': 'T_COMMA',
  ':': 'T_COLON',
};

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
};

class Decoder {
  readonly #text: Bytes;
  readonly #settings: DecodeSettings;
  #at = 0;
  #depth = 0;

  constructor(text: Bytes, settings: DecodeSettings) {
    this.#text = text;
    this.#settings = settings;
  }

  decode(): LuaValue {
    const value = this.#value(this.#next());
    const end = this.#next();
    if (end.kind !== 'T_END') throw unexpected('the end', end);
    return value;
  }

  #value(token: Token): LuaValue {
    switch (token.kind) {
      case 'T_STRING':
      case 'T_NUMBER':
      case 'T_BOOLEAN':
        return token.value;
      case 'T_NULL':
        return jsonNull;
      case 'T_OBJ_BEGIN':
        return this.#object();
      case 'T_ARR_BEGIN':
        return this.#array();
      default:
        throw unexpected('value', token);
    }
  }

  #object(): LuaTable {
    this.#descend();
    const table = new LuaTable();
    let token = this.#next();
    while (token.kind !== 'T_OBJ_END') {
      if (token.kind !== 'T_STRING') throw unexpected('object key string', token);
      const colon = this.#next();
      if (colon.kind !== 'T_COLON') throw unexpected('colon', colon);
      table.set(token.value, this.#value(this.#next()));
      token = this.#next();
      if (token.kind === 'T_OBJ_END') break;
      if (token.kind !== 'T_COMMA') throw unexpected('comma or object end', token);
      token = this.#next();
      if (token.kind === 'T_OBJ_END') throw unexpected('object key string', token);
    }
    this.#depth -= 1;
    return table;
  }

  #array(): LuaTable {
    this.#descend();
    const table = new LuaTable();
    let token = this.#next();
    if (token.kind === 'T_ARR_END') {
      this.#depth -= 1;
      return table;
    }
    for (let index = 1; ; index += 1) {
      table.set(index, this.#value(token));
      token = this.#next();
      if (token.kind === 'T_ARR_END') break;
      if (token.kind !== 'T_COMMA') throw unexpected('comma or array end', token);
      token = this.#next();
    }
    this.#depth -= 1;
    return table;
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > this.#settings.depthMax) {
      throw new NativeFault(
        `Found too many nested data structures (${this.#depth}) at character ${this.#at}`,
      );
    }
  }

  #next(): Token {
    while (/[ \t\n\r]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    const at = this.#at;
    const symbol = this.#text.charAt(at);
    if (symbol === '' || symbol === '\0') return { kind: 'T_END', at };
    const plain = single[symbol];
    if (plain !== undefined) {
      this.#at += 1;
      return { kind: plain, at };
    }
    if (symbol === '"') return this.#string();
    if (/[-0-9]/.test(symbol)) {
      if (!this.#settings.takesInvalidNumbers && this.#isInvalidNumber())
        return this.#error('invalid number');
      return this.#number();
    }
    for (const [word, token] of [
      ['true', { kind: 'T_BOOLEAN', at, value: true }],
      ['false', { kind: 'T_BOOLEAN', at, value: false }],
      ['null', { kind: 'T_NULL', at }],
    ] satisfies [string, Token][]) {
      if (this.#text.startsWith(word, at)) {
        this.#at += word.length;
        return token;
      }
    }
    const mayBeNumber = /[fiInNt+]/.test(symbol);
    if (mayBeNumber && this.#settings.takesInvalidNumbers && this.#isInvalidNumber()) return this.#number();
    return this.#error('invalid token');
  }

  #string(): Token {
    const at = this.#at;
    this.#at += 1;
    let value = '';
    for (;;) {
      const symbol = this.#text.charAt(this.#at);
      if (symbol === '' || symbol === '\0') return this.#error('unexpected end of string');
      if (symbol === '"') {
        this.#at += 1;
        return { kind: 'T_STRING', at, value };
      }
      if (symbol !== '\\') {
        value += symbol;
        this.#at += 1;
        continue;
      }
      const kind = this.#text.charAt(this.#at + 1);
      if (kind === 'u') {
        const found = this.#unicodeEscape();
        if (found === undefined) return this.#error('invalid unicode escape code');
        value += found.text;
        this.#at += found.length;
        continue;
      }
      const escaped = escapes[kind];
      if (escaped === undefined) return this.#error('invalid escape code');
      value += escaped;
      this.#at += 2;
    }
  }

  #unicodeEscape(): { text: Bytes; length: number } | undefined {
    const first = this.#hex4(this.#at + 2);
    if (first === undefined) return undefined;
    if ((first & 0xf800) !== 0xd800) {
      return { text: utf8Bytes(String.fromCodePoint(first)), length: 6 };
    }
    if ((first & 0x400) !== 0 || !this.#text.startsWith('\\u', this.#at + 6)) return undefined;
    const second = this.#hex4(this.#at + 8);
    if (second === undefined || (second & 0xfc00) !== 0xdc00) return undefined;
    const point = (((first & 0x3ff) << 10) | (second & 0x3ff)) + 0x1_0000;
    return { text: utf8Bytes(String.fromCodePoint(point)), length: 12 };
  }

  #hex4(at: number): number | undefined {
    const digits = this.#text.slice(at, at + 4);
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
  }

  #number(): Token {
    const at = this.#at;
    const { value, end } = readDouble(this.#text.slice(at, at + 400));
    if (end === 0) return this.#error('invalid number');
    this.#at += end;
    return { kind: 'T_NUMBER', at, value };
  }

  /** A number that JSON does not have. */
  #isInvalidNumber(): boolean {
    const rest = this.#text.slice(this.#at, this.#at + 4);
    return /^(?:\+|-?0[xX0-9]|-?(?:inf|nan))/i.test(rest);
  }

  #error(reason: string): Token {
    return { kind: 'T_ERROR', at: this.#at, reason };
  }
}

function unexpected(expected: string, token: Token): NativeFault {
  const found = token.kind === 'T_ERROR' ? token.reason : token.kind;
  return new NativeFault(`Expected ${expected} but found ${found} at character ${token.at + 1}`);
}

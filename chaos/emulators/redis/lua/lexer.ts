/** Tokens of Lua 5.1 (§2.1 of its manual), with the errors of the original. */
import type { Bytes } from '../bytes/byte-string.ts';
import { LuaSyntaxError } from './errors.ts';
import { numberOf } from './conversions.ts';

export type Token =
  | { readonly kind: 'name'; readonly text: Bytes }
  | { readonly kind: 'string'; readonly value: Bytes; readonly text: Bytes }
  | { readonly kind: 'number'; readonly value: number; readonly text: Bytes }
  /** A keyword or punctuation. */
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' };

const keywords = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export class Lexer {
  readonly #text: Bytes;
  /** As errors name it, such as `user_script`. */
  readonly #chunk: string;
  #at = 0;
  #ahead: { readonly token: Token; readonly line: number } | undefined;
  token: Token = { kind: 'end' };
  /** Line of the token. */
  line = 1;
  /** Line of the token before. */
  lastLine = 1;
  #readLine = 1;

  constructor(text: Bytes, chunk: string) {
    this.#text = text;
    this.#chunk = chunk;
    // A first line that begins with # is for the shell that runs a file.
    this.advance();
  }

  advance(): void {
    this.lastLine = this.line;
    if (this.#ahead === undefined) {
      this.token = this.#read();
      this.line = this.#readLine;
      return;
    }
    this.token = this.#ahead.token;
    this.line = this.#ahead.line;
    this.#ahead = undefined;
  }

  /** The token after this one. */
  peek(): Token {
    this.#ahead ??= { token: this.#read(), line: this.#readLine };
    return this.#ahead.token;
  }

  isSymbol(text: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === text;
  }

  /** An error near the token. */
  fail(message: string): LuaSyntaxError {
    // A zero byte stands for no token in the original.
    if (this.token.kind === 'symbol' && this.token.text === '\0') return this.failAt(message);
    return this.#error(message, describe(this.token), this.line);
  }

  /** An error about the program, with no token. */
  failAt(message: string): LuaSyntaxError {
    return new LuaSyntaxError(`${this.#chunk}:${this.line}: ${message}`);
  }

  #error(message: string, near: string, line = this.#readLine): LuaSyntaxError {
    return new LuaSyntaxError(`${this.#chunk}:${line}: ${message} near '${near}'`);
  }

  #read(): Token {
    for (;;) {
      const symbol = this.#text.charAt(this.#at);
      if (symbol === '') return { kind: 'end' };
      if (symbol === '\n' || symbol === '\r') {
        this.#newLine();
      } else if (/[ \t\v\f]/.test(symbol)) {
        this.#at += 1;
      } else if (symbol === '-' && this.#text.charAt(this.#at + 1) === '-') {
        this.#skipComment();
      } else {
        return this.#readToken(symbol);
      }
    }
  }

  #newLine(): void {
    const first = this.#text.charAt(this.#at);
    const second = this.#text.charAt(this.#at + 1);
    this.#at += (second === '\n' || second === '\r') && second !== first ? 2 : 1;
    this.#readLine += 1;
  }

  #skipComment(): void {
    this.#at += 2;
    if (this.#text.charAt(this.#at) === '[') {
      const level = this.#longBracketLevel();
      if (level >= 0) {
        this.#readLong(level, 'comment');
        return;
      }
    }
    while (this.#at < this.#text.length && !/[\r\n]/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #readToken(symbol: string): Token {
    if (symbol === '[') {
      const level = this.#longBracketLevel();
      if (level >= 0) return this.#readLong(level, 'string');
      if (level < -1) throw this.#error('invalid long string delimiter', `[${'='.repeat(-level - 1)}`);
    }
    if (symbol === '"' || symbol === "'") return this.#readString(symbol);
    if (/\d/.test(symbol) || (symbol === '.' && /\d/.test(this.#text.charAt(this.#at + 1)))) {
      return this.#readNumber();
    }
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at, this.#at + 256))?.[0];
    if (name !== undefined) return this.#readName();
    const long = /^(?:\.\.\.|\.\.|==|<=|>=|~=)/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    const text = long ?? symbol;
    this.#at += text.length;
    return { kind: 'symbol', text };
  }

  #readName(): Token {
    const start = this.#at;
    while (/\w/.test(this.#text.charAt(this.#at))) this.#at += 1;
    const text = this.#text.slice(start, this.#at);
    return keywords.has(text) ? { kind: 'symbol', text } : { kind: 'name', text };
  }

  #readNumber(): Token {
    const start = this.#at;
    while (/[\d.]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    if (/[eE]/.test(this.#text.charAt(this.#at))) {
      this.#at += 1;
      if (/[+-]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    }
    while (/\w/.test(this.#text.charAt(this.#at))) this.#at += 1;
    const text = this.#text.slice(start, this.#at);
    const value = numberOf(text);
    if (value === undefined) throw this.#error('malformed number', text);
    return { kind: 'number', value, text };
  }

  #readString(quote: string): Token {
    const start = this.#at;
    let value = '';
    this.#at += 1;
    for (;;) {
      const symbol = this.#text.charAt(this.#at);
      if (symbol === '') throw this.#error('unfinished string', '<eof>');
      if (symbol === '\n' || symbol === '\r') {
        throw this.#error('unfinished string', this.#text.slice(start, this.#at));
      }
      this.#at += 1;
      if (symbol === quote) return { kind: 'string', value, text: this.#text.slice(start, this.#at) };
      value += symbol === '\\' ? this.#readEscape(start) : symbol;
    }
  }

  #readEscape(start: number): string {
    const symbol = this.#text.charAt(this.#at);
    // The end of the text is noticed when the string goes on.
    if (symbol === '') return '';
    if (symbol === '\n' || symbol === '\r') {
      this.#newLine();
      return '\n';
    }
    const digits = /^\d{1,3}/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (digits === undefined) {
      this.#at += 1;
      return escapes[symbol] ?? symbol;
    }
    this.#at += digits.length;
    if (Number(digits) > 255)
      throw this.#error('escape sequence too large', this.#text.slice(start, this.#at));
    return String.fromCharCode(Number(digits));
  }

  /** Number of = between two brackets; -1 where there is no second one right away, less where = follow in vain. */
  #longBracketLevel(): number {
    let at = this.#at + 1;
    while (this.#text.charAt(at) === '=') at += 1;
    const level = at - this.#at - 1;
    return this.#text.charAt(at) === '[' ? level : -level - 1;
  }

  #readLong(level: number, what: 'string' | 'comment'): Token {
    const opened = this.#at;
    this.#at += level + 2;
    if (/[\r\n]/.test(this.#text.charAt(this.#at))) this.#newLine();
    const close = `]${'='.repeat(level)}]`;
    let value = '';
    for (;;) {
      const symbol = this.#text.charAt(this.#at);
      if (symbol === '') throw this.#error(`unfinished long ${what}`, '<eof>');
      if (symbol === ']' && this.#text.startsWith(close, this.#at)) {
        this.#at += close.length;
        return { kind: 'string', value, text: this.#text.slice(opened, this.#at) };
      }
      if (level === 0 && symbol === '[' && this.#text.charAt(this.#at + 1) === '[') {
        throw this.#error('nesting of [[...]] is deprecated', '[');
      }
      if (symbol === '\n' || symbol === '\r') {
        this.#newLine();
        value += '\n';
      } else {
        value += symbol;
        this.#at += 1;
      }
    }
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return '<eof>';
  // oxlint-disable-next-line no-control-regex
  if (token.kind === 'symbol' && /^[\x00-\x1f\x7f]$/.test(token.text)) {
    return `char(${token.text.charCodeAt(0)})`;
  }
  return token.text;
}

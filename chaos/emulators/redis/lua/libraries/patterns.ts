/** Patterns of the string library (§5.4.1 of the manual): a backtracking matcher over byte strings. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { NativeFault } from '../errors.ts';
import type { LuaValue } from '../values.ts';

const capturesMax = 32;
/** Recursion that the original allows. */
const depthMax = 200;

/** Length of an open capture, and of one that stands for a position. */
const unfinished = -1;
const isPosition = -2;

interface Capture {
  start: number;
  length: number;
}

export class Matcher {
  readonly subject: Bytes;
  readonly #pattern: Bytes;
  readonly captures: Capture[] = [];
  #depth = 0;

  constructor(subject: Bytes, pattern: Bytes) {
    this.subject = subject;
    this.#pattern = pattern;
  }

  /** Where a match that begins at `start` ends; -1 when there is none. `patternStart` skips an anchor. */
  matchAt(start: number, patternStart: number): number {
    this.captures.length = 0;
    this.#depth = 0;
    return this.#match(start, patternStart);
  }

  /** Captures of a match, or the whole of it when the pattern has none. */
  values(start: number, end: number): LuaValue[] {
    if (this.captures.length === 0) return [this.subject.slice(start, end)];
    return this.captures.map((_, index) => this.capture(index, start, end));
  }

  capture(index: number, start: number, end: number): LuaValue {
    const capture = this.captures[index];
    if (capture === undefined) {
      if (index === 0) return this.subject.slice(start, end);
      throw new NativeFault('invalid capture index');
    }
    if (capture.length === unfinished) throw new NativeFault('unfinished capture');
    if (capture.length === isPosition) return capture.start + 1;
    return this.subject.slice(capture.start, capture.start + capture.length);
  }

  #match(subjectStart: number, patternStart: number): number {
    this.#depth += 1;
    if (this.#depth > depthMax) throw new NativeFault('pattern too complex');
    try {
      return this.#matchFrom(subjectStart, patternStart);
    } finally {
      this.#depth -= 1;
    }
  }

  #matchFrom(subjectStart: number, patternStart: number): number {
    const pattern = this.#pattern;
    let s = subjectStart;
    let p = patternStart;
    for (;;) {
      if (p >= pattern.length) return s;
      const symbol = pattern.charAt(p);
      if (symbol === '(') {
        return pattern.charAt(p + 1) === ')'
          ? this.#startCapture(s, p + 2, isPosition)
          : this.#startCapture(s, p + 1, unfinished);
      }
      if (symbol === ')') return this.#endCapture(s, p + 1);
      if (symbol === '$' && p + 1 === pattern.length) return s === this.subject.length ? s : -1;
      if (symbol === '%') {
        const kind = pattern.charAt(p + 1);
        if (kind === 'b') {
          s = this.#matchBalance(s, p + 2);
          if (s === -1) return -1;
          p += 4;
          continue;
        }
        if (kind === 'f') {
          p += 2;
          if (pattern.charAt(p) !== '[') throw new NativeFault("missing '[' after '%f' in pattern");
          const end = this.#classEnd(p);
          if (this.#inSet(this.#byte(s - 1), p, end - 1) || !this.#inSet(this.#byte(s), p, end - 1))
            return -1;
          p = end;
          continue;
        }
        if (/\d/.test(kind)) {
          s = this.#matchCapture(s, kind);
          if (s === -1) return -1;
          p += 2;
          continue;
        }
      }
      const end = this.#classEnd(p);
      const isMatch = s < this.subject.length && this.#single(s, p, end);
      switch (pattern.charAt(end)) {
        case '?': {
          if (isMatch) {
            const result = this.#match(s + 1, end + 1);
            if (result !== -1) return result;
          }
          p = end + 1;
          continue;
        }
        case '*':
          return this.#maximum(s, p, end);
        case '+':
          return isMatch ? this.#maximum(s + 1, p, end) : -1;
        case '-':
          return this.#minimum(s, p, end);
        default:
          if (!isMatch) return -1;
          s += 1;
          p = end;
      }
    }
  }

  #maximum(start: number, p: number, end: number): number {
    let count = 0;
    while (start + count < this.subject.length && this.#single(start + count, p, end)) count += 1;
    for (; count >= 0; count -= 1) {
      const result = this.#match(start + count, end + 1);
      if (result !== -1) return result;
    }
    return -1;
  }

  #minimum(start: number, p: number, end: number): number {
    for (let s = start; ; s += 1) {
      const result = this.#match(s, end + 1);
      if (result !== -1) return result;
      if (s >= this.subject.length || !this.#single(s, p, end)) return -1;
    }
  }

  #startCapture(s: number, p: number, length: number): number {
    if (this.captures.length >= capturesMax) throw new NativeFault('too many captures');
    this.captures.push({ start: s, length });
    const result = this.#match(s, p);
    if (result === -1) this.captures.pop();
    return result;
  }

  #endCapture(s: number, p: number): number {
    const capture = this.captures.findLast(({ length }) => length === unfinished);
    if (capture === undefined) throw new NativeFault('invalid pattern capture');
    capture.length = s - capture.start;
    const result = this.#match(s, p);
    if (result === -1) capture.length = unfinished;
    return result;
  }

  #matchCapture(s: number, digit: string): number {
    const capture = this.captures[Number(digit) - 1];
    if (capture === undefined || capture.length === unfinished)
      throw new NativeFault('invalid capture index');
    const text = this.subject.slice(capture.start, capture.start + Math.max(0, capture.length));
    return this.subject.startsWith(text, s) ? s + text.length : -1;
  }

  #matchBalance(s: number, p: number): number {
    const open = this.#pattern.charAt(p);
    const close = this.#pattern.charAt(p + 1);
    if (open === '' || close === '') throw new NativeFault('unbalanced pattern');
    if (s >= this.subject.length || this.subject.charAt(s) !== open) return -1;
    let depth = 1;
    for (let at = s + 1; at < this.subject.length; at += 1) {
      const symbol = this.subject.charAt(at);
      if (symbol === close) {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (symbol === open) {
        depth += 1;
      }
    }
    return -1;
  }

  /** Position behind the single-byte class at `p`. */
  #classEnd(p: number): number {
    const pattern = this.#pattern;
    if (pattern.charAt(p) === '%') {
      if (p + 1 >= pattern.length) throw new NativeFault("malformed pattern (ends with '%')");
      return p + 2;
    }
    if (pattern.charAt(p) !== '[') return p + 1;
    let at = p + 1;
    if (pattern.charAt(at) === '^') at += 1;
    do {
      if (at >= pattern.length) throw new NativeFault("malformed pattern (missing ']')");
      const symbol = pattern.charAt(at);
      at += 1;
      if (symbol === '%' && at < pattern.length) at += 1;
    } while (pattern.charAt(at) !== ']');
    return at + 1;
  }

  #single(s: number, p: number, end: number): boolean {
    const byte = this.#byte(s);
    switch (this.#pattern.charAt(p)) {
      case '.':
        return true;
      case '%':
        return isInClass(byte, this.#pattern.charAt(p + 1));
      case '[':
        return this.#inSet(byte, p, end - 1);
      default:
        return this.#pattern.charCodeAt(p) === byte;
    }
  }

  /** `closing` is the position of the bracket that ends the set. */
  #inSet(byte: number, opening: number, closing: number): boolean {
    const pattern = this.#pattern;
    let p = opening + 1;
    const isNegated = pattern.charAt(p) === '^';
    if (isNegated) p += 1;
    for (; p < closing; p += 1) {
      if (pattern.charAt(p) === '%') {
        p += 1;
        if (isInClass(byte, pattern.charAt(p))) return !isNegated;
      } else if (pattern.charAt(p + 1) === '-' && p + 2 < closing) {
        if (byte >= pattern.charCodeAt(p) && byte <= pattern.charCodeAt(p + 2)) return !isNegated;
        p += 2;
      } else if (pattern.charCodeAt(p) === byte) {
        return !isNegated;
      }
    }
    return isNegated;
  }

  /** 0 outside of the subject, as the original's strings end. */
  #byte(at: number): number {
    return at >= 0 && at < this.subject.length ? this.subject.charCodeAt(at) : 0;
  }
}

const classes: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  // oxlint-disable-next-line no-control-regex
  c: /[\x00-\x1f\x7f]/,
  d: /\d/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \t-\r]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[0-9A-Fa-f]/,
  // oxlint-disable-next-line no-control-regex
  z: /\x00/,
};

/** An upper-case letter is the complement; anything but a letter of a class stands for itself. */
function isInClass(byte: number, symbol: string): boolean {
  const test = classes[symbol.toLowerCase()];
  if (test === undefined) return symbol.charCodeAt(0) === byte;
  return test.test(String.fromCharCode(byte)) === (symbol === symbol.toLowerCase());
}

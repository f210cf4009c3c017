/** The string library (§5.4 of the manual). */
import type { Bytes } from '../../bytes/byte-string.ts';
import { lowerCase, upperCase } from '../../bytes/byte-string.ts';
import {
  functionAt,
  integerAt,
  int32At,
  optionalIntegerAt,
  optionalNumberAt,
  textAt,
  toInteger,
} from '../arguments.ts';
import { toText, typeName } from '../conversions.ts';
import { ArgumentFault, NativeFault } from '../errors.ts';
import { getIndex } from '../operations.ts';
import { LuaTable, isFunction, isTruthy, NativeFunction, type Caller, type LuaValue } from '../values.ts';
import { libraryTable } from './library.ts';
import { Matcher } from './patterns.ts';
import { formatText } from './string-format.ts';

/** Longer texts are refused, where the original would ask for memory that it may not get. */
const textBytesMax = 512 * 1024 * 1024;

export function stringLibrary(): LuaTable {
  const library = libraryTable({
    byte: (args) => {
      const text = textAt(args, 0);
      const from = fromEnd(optionalIntegerAt(args, 1, 1), text.length);
      const to = Math.min(fromEnd(optionalIntegerAt(args, 2, from), text.length), text.length);
      const bytes: number[] = [];
      for (let at = Math.max(from, 1); at <= to; at += 1) bytes.push(text.charCodeAt(at - 1));
      return bytes;
    },
    char: (args) => [
      args
        .map((_, index) => {
          const byte = int32At(args, index);
          if (byte < 0 || byte > 255) throw new ArgumentFault(index + 1, 'invalid value');
          return String.fromCharCode(byte);
        })
        .join(''),
    ],
    dump: (args) => {
      functionAt(args, 0);
      throw new NativeFault('unable to dump given function');
    },
    find: (args) => find(args, true),
    format: (args) => [formatText(args)],
    gfind: () => {
      throw new NativeFault("'string.gfind' was renamed to 'string.gmatch'");
    },
    gmatch: (args) => [gmatch(textAt(args, 0), textAt(args, 1))],
    gsub: (args, caller) => gsub(args, caller),
    len: (args) => [textAt(args, 0).length],
    lower: (args) => [lowerCase(textAt(args, 0))],
    match: (args) => find(args, false),
    rep: (args) => {
      const text = textAt(args, 0);
      const count = Math.max(0, int32At(args, 1));
      if (text.length * count > textBytesMax) throw new NativeFault('resulting string too large');
      return [text.repeat(count)];
    },
    reverse: (args) => [textAt(args, 0).split('').reverse().join('')],
    sub: (args) => {
      const text = textAt(args, 0);
      const from = Math.max(1, fromEnd(integerAt(args, 1), text.length));
      const to = fromEnd(optionalIntegerAt(args, 2, -1), text.length);
      return [from > to ? '' : text.slice(from - 1, to)];
    },
    upper: (args) => [upperCase(textAt(args, 0))],
  });
  return library;
}

/** A negative position counts from the end, and never gets below 0. */
function fromEnd(position: number, length: number): number {
  return position >= 0 ? position : Math.max(0, position + length + 1);
}

function find(args: readonly LuaValue[], wantsPositions: boolean): LuaValue[] {
  const subject = textAt(args, 0);
  const pattern = textAt(args, 1);
  const start = Math.min(
    Math.max(0, fromEnd(optionalIntegerAt(args, 2, 1), subject.length) - 1),
    subject.length,
  );
  if (wantsPositions && (isTruthy(args[3]) || !/[\^$*+?.([%-]/.test(pattern))) {
    const at = subject.indexOf(pattern, start);
    return at === -1 ? [undefined] : [at + 1, at + pattern.length];
  }
  const isAnchored = pattern.startsWith('^');
  const matcher = new Matcher(subject, pattern);
  for (let at = start; at <= subject.length; at += 1) {
    const end = matcher.matchAt(at, isAnchored ? 1 : 0);
    if (end !== -1) {
      if (!wantsPositions) return matcher.values(at, end);
      return [at + 1, end, ...(matcher.captures.length === 0 ? [] : matcher.values(at, end))];
    }
    if (isAnchored) break;
  }
  return [undefined];
}

function gmatch(subject: Bytes, pattern: Bytes): NativeFunction {
  const matcher = new Matcher(subject, pattern);
  let from = 0;
  return new NativeFunction('gmatch_aux', () => {
    for (let at = from; at <= subject.length; at += 1) {
      const end = matcher.matchAt(at, 0);
      if (end === -1) continue;
      from = end === at ? end + 1 : end;
      return matcher.values(at, end);
    }
    from = subject.length + 1;
    return [];
  });
}

function gsub(args: readonly LuaValue[], caller: Caller): LuaValue[] {
  const subject = textAt(args, 0);
  const pattern = textAt(args, 1);
  const [, , replacement] = args;
  const isUsable =
    toText(replacement) !== undefined || replacement instanceof LuaTable || isFunction(replacement);
  if (!isUsable) throw new ArgumentFault(3, 'string/function/table expected');
  const countMax = toInteger(optionalNumberAt(args, 3, subject.length + 1));
  const isAnchored = pattern.startsWith('^');
  const matcher = new Matcher(subject, pattern);
  let text = '';
  let at = 0;
  let count = 0;
  while (count < countMax) {
    const end = matcher.matchAt(at, isAnchored ? 1 : 0);
    if (end !== -1) {
      count += 1;
      text += replacementFor(matcher, at, end, replacement, caller);
    }
    if (end !== -1 && end > at) at = end;
    else if (at < subject.length) {
      text += subject.charAt(at);
      at += 1;
    } else break;
    if (isAnchored) break;
  }
  return [text + subject.slice(at), count];
}

function replacementFor(
  matcher: Matcher,
  start: number,
  end: number,
  replacement: LuaValue,
  caller: Caller,
): Bytes {
  const text = toText(replacement);
  if (text !== undefined) return expandReplacement(matcher, start, end, text);
  const value = isFunction(replacement)
    ? caller.call(replacement, matcher.values(start, end))[0]
    : getIndex(replacement, matcher.capture(0, start, end), caller, undefined);
  if (!isTruthy(value)) return matcher.subject.slice(start, end);
  const made = toText(value);
  if (made === undefined) throw new NativeFault(`invalid replacement value (a ${typeName(value)})`);
  return made;
}

function expandReplacement(matcher: Matcher, start: number, end: number, template: Bytes): Bytes {
  let text = '';
  for (let at = 0; at < template.length; at += 1) {
    const symbol = template.charAt(at);
    if (symbol !== '%') {
      text += symbol;
      continue;
    }
    at += 1;
    const next = template.charAt(at);
    if (!/\d/.test(next)) text += next === '' ? '\0' : next;
    else if (next === '0') text += matcher.subject.slice(start, end);
    else text += toText(matcher.capture(Number(next) - 1, start, end)) ?? '';
  }
  return text;
}

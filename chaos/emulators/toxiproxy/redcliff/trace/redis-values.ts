/** Commands and replies of Redis as readable values. The bytes may end early: what is there is told. */
import { bounded, depthMax, itemsMax, more, type Readable } from './readable-value.ts';

const LINE_FEED = 10;
/** After the name, these arguments are passwords. */
const secretAfter: ReadonlyMap<string, number> = new Map([
  ['AUTH', 1],
  ['HELLO', 2],
]);

export interface RedisCommand {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** Null when the bytes hold no name. */
export function readRedisCommand(bytes: Buffer): RedisCommand | null {
  const words = bytes[0] === 42 ? bulkStrings(bytes) : bytes.toString('utf8').trim().split(/\s+/);
  const [name = '', ...rest] = words;
  if (name === '') return null;
  const secretFrom = secretAfter.get(name.toUpperCase());
  const told = secretFrom === undefined ? rest : [...rest.slice(0, secretFrom - 1), '(not told)'];
  return {
    name: name.toUpperCase(),
    arguments: told.length <= itemsMax ? told : [...told.slice(0, itemsMax), more(told.length - itemsMax)],
  };
}

function bulkStrings(bytes: Buffer): string[] {
  const words: string[] = [];
  let at = bytes.indexOf(LINE_FEED) + 1;
  while (at > 0 && at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, at);
    if (lineEnd === -1) break;
    const length = Number(bytes.toString('latin1', at + 1, lineEnd - 1));
    const from = lineEnd + 1;
    const there = bytes.toString('utf8', from, Math.min(bytes.length, from + length));
    words.push(from + length <= bytes.length ? bounded(there) : `${bounded(there)}…`);
    at = from + length + 2;
  }
  return words;
}

export type RedisReply =
  | { readonly kind: 'value'; readonly value: Readable }
  | { readonly kind: 'error'; readonly error: string };

export function readRedisReply(bytes: Buffer): RedisReply {
  if (bytes[0] === 45) return { kind: 'error', error: bounded(lineAt(bytes, 1).text) };
  return { kind: 'value', value: valueAt(bytes, 0, 0).value };
}

interface Read {
  readonly value: Readable;
  readonly end: number;
}

function valueAt(bytes: Buffer, at: number, depth: number): Read {
  const type = String.fromCharCode(bytes[at] ?? 0);
  const { text, end } = lineAt(bytes, at + 1);
  switch (type) {
    case '$':
    case '!':
    case '=': {
      const length = Number(text);
      if (length < 0) return { value: null, end };
      const there = bytes.toString('utf8', end, Math.min(bytes.length, end + length));
      return { value: bounded(there), end: end + length + 2 };
    }
    case ':':
      return { value: Number(text), end };
    case '_':
      return { value: null, end };
    case '#':
      return { value: text === 't', end };
    case '*':
    case '~':
    case '>':
      return listAt(bytes, end, Number(text), depth);
    case '%':
      return listAt(bytes, end, Number(text) * 2, depth);
    case '-':
      return { value: `error: ${bounded(text)}`, end };
    default:
      return { value: bounded(text), end };
  }
}

function listAt(bytes: Buffer, from: number, count: number, depth: number): Read {
  if (count < 0) return { value: null, end: from };
  const items: Readable[] = [];
  let at = from;
  for (let index = 0; index < count && at < bytes.length && depth < depthMax; index += 1) {
    const { value, end } = valueAt(bytes, at, depth + 1);
    if (index < itemsMax) items.push(value);
    at = end;
  }
  if (items.length < count) items.push(more(count - items.length));
  return { value: items, end: at };
}

function lineAt(bytes: Buffer, at: number): { text: string; end: number } {
  const lineEnd = bytes.indexOf(LINE_FEED, at);
  if (lineEnd === -1) return { text: bytes.toString('utf8', at), end: bytes.length };
  return { text: bytes.toString('utf8', at, lineEnd - 1), end: lineEnd + 1 };
}

/** Quoted words: as inline commands and configuration lines are split, and as logs and MONITOR show bytes. */
import type { Bytes } from './byte-string.ts';

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
  '"': '\\"',
  '\\': '\\\\',
};

/** In double quotes, bytes outside of printable ASCII as escapes. */
export function quoted(bytes: Bytes): string {
  const inner = bytes.replace(
    // oxlint-disable-next-line no-control-regex
    /["\\]|[^\x20-\x7e]/g,
    (byte) => named[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${inner}"`;
}

/** Splits at white space, honouring quotes; undefined when a quote is not closed or is followed by something else than a space. */
export function splitWords(line: Bytes): Bytes[] | undefined {
  const words: Bytes[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line.charAt(at))) at += 1;
    if (at >= line.length || line.charAt(at) === '\0') return words;
    const word = readWord(line, at);
    if (word === undefined) return undefined;
    words.push(word.text);
    at = word.end;
  }
}

function readWord(line: Bytes, start: number): { text: Bytes; end: number } | undefined {
  let text = '';
  let at = start;
  let quote = '';
  for (;;) {
    const symbol = line.charAt(at);
    if (symbol === '' || symbol === '\0') return quote === '' ? { text, end: at } : undefined;
    if (quote === '"' && symbol === '\\') {
      const { byte, length } = readEscape(line, at);
      text += byte;
      at += length;
      continue;
    }
    if (quote === "'" && symbol === '\\' && line.charAt(at + 1) === "'") {
      text += "'";
      at += 2;
      continue;
    }
    if (quote === '') {
      if (isSpace(symbol)) return { text, end: at };
      if (symbol === '"' || symbol === "'") quote = symbol;
      else text += symbol;
    } else if (symbol === quote) {
      const after = line.charAt(at + 1);
      if (after !== '' && after !== '\0' && !isSpace(after)) return undefined;
      return { text, end: at + 1 };
    } else {
      text += symbol;
    }
    at += 1;
  }
}

function readEscape(line: Bytes, at: number): { byte: string; length: number } {
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at, at + 4))?.[1];
  if (hex !== undefined) return { byte: String.fromCharCode(Number.parseInt(hex, 16)), length: 4 };
  const next = line.charAt(at + 1);
  if (next === '') return { byte: '\\', length: 1 };
  return { byte: escapes[next] ?? next, length: 2 };
}

function isSpace(symbol: string): boolean {
  return symbol === ' ' || (symbol >= '\t' && symbol <= '\r');
}

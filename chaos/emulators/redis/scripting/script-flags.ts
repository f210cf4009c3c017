/** What a script declares of itself in its first line: `#!lua flags=…`. */
import type { Bytes } from '../bytes/byte-string.ts';
import { splitWords } from '../bytes/quote.ts';

export const scriptFlags = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const;

export type ScriptFlag = (typeof scriptFlags)[number];

export interface ScriptHeader {
  /** Undefined for a script without a header, which may do what it did before there were headers. */
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  /** The code; its first line is left empty, so that lines keep their numbers. */
  readonly code: Bytes;
}

export type ReadHeader = ScriptHeader | { readonly refusal: string };

export function readScriptHeader(body: Bytes): ReadHeader {
  if (!body.startsWith('#!')) return { flags: undefined, code: body };
  const end = body.indexOf('\n');
  if (end === -1) return { refusal: 'Invalid script shebang' };
  const parts = splitWords(body.slice(0, end));
  const [engine, ...options] = parts ?? [];
  if (engine === undefined) return { refusal: 'Invalid engine in script shebang' };
  if (engine !== '#!lua') return { refusal: `Unexpected engine in script shebang: ${engine}` };
  const flags = new Set<ScriptFlag>();
  for (const option of options) {
    if (!option.startsWith('flags=')) return { refusal: `Unknown lua shebang option: ${option}` };
    for (const name of option.slice(6).split(',')) {
      const flag = scriptFlags.find((each) => each === name);
      if (flag === undefined) return { refusal: `Unexpected flag in script shebang: ${name}` };
      flags.add(flag);
    }
  }
  return { flags, code: body.slice(end) };
}

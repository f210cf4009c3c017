/** Options and answers of SCAN, HSCAN, SSCAN and ZSCAN. */
import type { Bytes } from '../bytes/byte-string.ts';
import { matchesGlob } from '../bytes/glob.ts';
import { plainError, syntaxError } from '../errors.ts';
import type { Reply } from '../reply/reply.ts';
import type { Context } from './context.ts';

export interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  readonly pattern: Bytes | undefined;
  readonly type: string | undefined;
}

/** `position` is that of the cursor; only SCAN itself takes a type. */
export function readScanOptions(context: Context, position: number): ScanOptions {
  const cursor = readCursor(context, position);
  let count = 10;
  let pattern: Bytes | undefined;
  let type: string | undefined;
  for (let at = position + 1; at < context.words.length; at += 2) {
    const name = context.option(at);
    const hasValue = at + 1 < context.words.length;
    if (name === 'count' && hasValue) {
      count = context.integer(at + 1);
      if (count < 1) throw syntaxError();
    } else if (name === 'match' && hasValue) pattern = context.word(at + 1);
    else if (name === 'type' && hasValue && position === 1) type = context.option(at + 1);
    else throw syntaxError();
  }
  return { cursor, count, pattern, type };
}

/** Refused before the key is looked at. */
export function readCursor(context: Context, position: number): number {
  const text = context.word(position);
  if (!/^[+-]?\d{1,20}$/.test(text) && text !== '') throw plainError('invalid cursor');
  const value = BigInt.asUintN(64, BigInt(text === '' ? 0 : text.replace('+', '')));
  if (BigInt(text.replace(/^[+-]/, '') || 0) > 0xffff_ffff_ffff_ffffn) throw plainError('invalid cursor');
  // Only the low bits say where to go on, whoever made the rest up.
  return Number(value & 0xffff_ffffn);
}

/** Whole collections in a compact encoding are given at once. */
export function scanMembers(
  context: Context,
  value: { scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } } | undefined,
  compact: readonly Bytes[] | undefined,
  itemsOf: (member: Bytes) => readonly Bytes[],
): Reply {
  if (value === undefined) return ['0', []];
  const { cursor, count, pattern } = readScanOptions(context, 2);
  const found = compact === undefined ? value.scan(cursor, count) : { cursor: 0, keys: compact };
  const members = found.keys.filter((key) => pattern === undefined || matchesGlob(pattern, key));
  return [String(found.cursor), members.flatMap((member) => [...itemsOf(member)])];
}

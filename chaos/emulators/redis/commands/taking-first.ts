/** What lists and sorted sets have in common: elements are taken off one end of the first key that has some. */
import type { Bytes } from '../bytes/byte-string.ts';
import { syntaxError } from '../errors.ts';
import type { Reply } from '../reply/reply.ts';
import type { Context, Run } from './context.ts';
import { atLeastOne } from './counts.ts';

export interface Take<End> {
  readonly keys: readonly Bytes[];
  readonly end: End;
  /** Undefined for one element that follows its key. */
  readonly count: number | undefined;
}

/** `numkeys key … END [COUNT n]` from a position on. */
export function readTake<End>(
  context: Context,
  position: number,
  readEnd: (context: Context, position: number) => End,
): Take<End> {
  const keyCount = atLeastOne(context, position, 'numkeys should be greater than 0');
  const endAt = position + keyCount + 1;
  if (endAt >= context.words.length) throw syntaxError();
  const end = readEnd(context, endAt);
  let count: number | undefined;
  for (let at = endAt + 1; at < context.words.length; at += 2) {
    if (count !== undefined || context.option(at) !== 'count' || at + 1 >= context.words.length)
      throw syntaxError();
    count = atLeastOne(context, at + 1, 'count should be greater than 0');
  }
  return { keys: context.words.slice(position + 1, endAt), end, count: count ?? 1 };
}

/** `key … timeout`: one element, waited for. */
export function blockingPop<End>(
  end: End,
  takeOrWait: (context: Context, take: Take<End>, timeoutMs: number) => Reply,
): Run {
  return (context) => {
    const last = context.words.length - 1;
    const timeoutMs = context.timeoutSeconds(last);
    return takeOrWait(context, { keys: context.words.slice(1, last), end, count: undefined }, timeoutMs);
  };
}

/** LCS: the longest common subsequence of two strings, by dynamic programming; ranges come from the end, as Redis walks back. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { map, type Reply } from '../../reply/reply.ts';
import type { Value } from '../../values/value.ts';
import type { Context } from '../context.ts';

export function lcs(context: Context): Reply {
  const values = [1, 2].map((at) => context.server.keyspace.read(context.database, context.word(at)));
  const [left, right] = values.map(textOf);
  const options = readOptions(context);
  if (options.wantsLength && options.wantsRanges) {
    throw plainError('If you want both the length and indexes, please just use IDX.');
  }
  const a = left ?? '';
  const b = right ?? '';
  if ((a.length + 1) * (b.length + 1) * 4 > context.server.configuration.number('proto-max-bulk-len')) {
    throw plainError('Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
  }
  const lengths = lengthTable(a, b);
  const length = lengths[a.length * (b.length + 1) + b.length] ?? 0;
  if (options.wantsLength) return length;
  const { text, ranges } = walkBack(a, b, lengths);
  if (!options.wantsRanges) return text;
  const matches = ranges
    .filter(({ length: matched }) => matched >= options.matchLengthMin)
    .map(({ a: inA, b: inB, length: matched }) => {
      const pair: Reply[] = [
        [inA, inA + matched - 1],
        [inB, inB + matched - 1],
      ];
      return options.wantsMatchLengths ? [...pair, matched] : pair;
    });
  return map([
    ['matches', matches],
    ['len', length],
  ]);
}

function textOf(value: Value | undefined): Bytes {
  if (value === undefined) return '';
  if (value.type !== 'string') throw plainError('The specified keys must contain string values');
  return value.bytes;
}

function readOptions(context: Context) {
  const options = { wantsLength: false, wantsRanges: false, wantsMatchLengths: false, matchLengthMin: 0 };
  for (let at = 3; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (name === 'idx') options.wantsRanges = true;
    else if (name === 'len') options.wantsLength = true;
    else if (name === 'withmatchlen') options.wantsMatchLengths = true;
    else if (name === 'minmatchlen' && at + 1 < context.words.length) {
      at += 1;
      options.matchLengthMin = Math.max(0, context.integer(at));
    } else throw syntaxError();
  }
  return options;
}

/** At `i * (b.length + 1) + j` the length for the first i and j bytes. */
function lengthTable(a: Bytes, b: Bytes): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      lengths[i * width + j] =
        a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
          ? (lengths[(i - 1) * width + j - 1] ?? 0) + 1
          : Math.max(lengths[(i - 1) * width + j] ?? 0, lengths[i * width + j - 1] ?? 0);
    }
  }
  return lengths;
}

interface Range {
  /** Where it begins in either string. */
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

function walkBack(a: Bytes, b: Bytes, lengths: Uint32Array): { text: Bytes; ranges: Range[] } {
  const width = b.length + 1;
  const ranges: Range[] = [];
  let text = '';
  let open: Range | undefined;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    let isComplete = false;
    if (a.charCodeAt(i - 1) === b.charCodeAt(j - 1)) {
      text = a.charAt(i - 1) + text;
      if (open === undefined) open = { a: i - 1, b: j - 1, length: 1 };
      else if (open.a === i && open.b === j) open = { a: i - 1, b: j - 1, length: open.length + 1 };
      else isComplete = true;
      if (open.a === 0 || open.b === 0) isComplete = true;
      i -= 1;
      j -= 1;
    } else {
      if ((lengths[(i - 1) * width + j] ?? 0) > (lengths[i * width + j - 1] ?? 0)) i -= 1;
      else j -= 1;
      isComplete = open !== undefined;
    }
    if (isComplete && open !== undefined) {
      ranges.push(open);
      open = undefined;
    }
  }
  return { text, ranges };
}

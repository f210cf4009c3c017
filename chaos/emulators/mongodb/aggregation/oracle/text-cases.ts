/** String operators against lists of code points and of bytes, encoded by hand. */
import type { Random } from '../../../../random.ts';
import type { CaseGenerator, OracleCase } from './case.ts';
import { valueCase } from './case.ts';
import { drawText } from './random-values.ts';

/** UTF-8 by its definition. */
function bytesOf(text: string): number[] {
  return [...text].flatMap((character) => {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) return [point];
    if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)];
    if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
    return [
      0xf0 | (point >> 18),
      0x80 | ((point >> 12) & 63),
      0x80 | ((point >> 6) & 63),
      0x80 | (point & 63),
    ];
  });
}

function find<Item>(items: readonly Item[], wanted: readonly Item[], from: number, to: number): number {
  for (let at = from; at + wanted.length <= Math.min(to, items.length); at += 1) {
    if (wanted.every((item, index) => items[at + index] === item)) return at;
  }
  return -1;
}

function position(random: Random): OracleCase {
  const text = drawText(random, 10);
  const wanted = random.next() < 0.3 ? drawText(random, 2) : [...text].slice(2, 4).join('');
  const from = random.integer(0, 6);
  const to = random.integer(0, 14);
  const [name, items, part] = random.pick<readonly [string, readonly unknown[], readonly unknown[]]>([
    ['$indexOfCP', [...text], [...wanted]],
    ['$indexOfBytes', bytesOf(text), bytesOf(wanted)],
  ]);
  const isBeyond = from > Math.min(to, items.length);
  return valueCase(
    { [name]: ['$s', '$w', from, to] },
    { s: text, w: wanted },
    isBeyond ? -1 : find(items, part, from, to),
  );
}

function length(random: Random): OracleCase {
  const text = drawText(random, 12);
  return random.next() < 0.5
    ? valueCase({ $strLenCP: '$s' }, { s: text }, [...text].length)
    : valueCase({ $strLenBytes: '$s' }, { s: text }, bytesOf(text).length);
}

function substring(random: Random): OracleCase {
  const text = drawText(random, 10);
  const [start, count] = [random.integer(0, 8), random.integer(0, 8)];
  const points = [...text];
  let result = '';
  for (let index = start; index < Math.min(start + count, points.length); index += 1) result += points[index];
  return valueCase({ $substrCP: ['$s', start, count] }, { s: text }, result);
}

/** What would cut a character is an error. */
function substringOfBytes(random: Random): OracleCase {
  const text = drawText(random, 6);
  const [start, count] = [random.integer(0, 8), random.integer(-1, 8)];
  const bytes = bytesOf(text);
  const isInside = (at: number): boolean => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
  const expression = { $substrBytes: ['$s', start, count] };
  const end = count < 0 ? bytes.length : Math.min(start + count, bytes.length);
  if (isInside(start))
    return { expression, document: { s: text }, expected: { kind: 'error', code: 28_656 } };
  if (isInside(end)) return { expression, document: { s: text }, expected: { kind: 'error', code: 28_657 } };
  let result = '';
  let at = 0;
  for (const character of text) {
    if (at >= start && at < end) result += character;
    at += bytesOf(character).length;
  }
  return valueCase(expression, { s: text }, result);
}

function caseOfLetters(random: Random): OracleCase {
  const text = drawText(random, 10);
  const shift = (from: number, to: number, by: number): string =>
    [...text]
      .map((character) => {
        const point = character.codePointAt(0) ?? 0;
        return point >= from && point <= to ? String.fromCodePoint(point + by) : character;
      })
      .join('');
  return random.next() < 0.5
    ? valueCase({ $toUpper: '$s' }, { s: text }, shift(97, 122, -32))
    : valueCase({ $toLower: '$s' }, { s: text }, shift(65, 90, 32));
}

function splitting(random: Random): OracleCase {
  const text = drawText(random, 12);
  const separator = random.pick(['a', ' ', '日', '🎉', 'é', 'B']);
  const parts = [''];
  for (const character of text) {
    if (character === separator) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return valueCase({ $split: ['$s', separator] }, { s: text }, parts);
}

function replacing(random: Random): OracleCase {
  const text = drawText(random, 12);
  const wanted = random.pick(['a', ' ', '日', '🎉']);
  const all = random.next() < 0.5;
  let result = '';
  let left = all ? Number.POSITIVE_INFINITY : 1;
  for (const character of text) {
    if (character === wanted && left > 0) {
      result += '$&x';
      left -= 1;
    } else result += character;
  }
  const name = all ? '$replaceAll' : '$replaceOne';
  return valueCase(
    { [name]: { input: '$s', find: wanted, replacement: { $literal: '$&x' } } },
    { s: text },
    result,
  );
}

function trimming(random: Random): OracleCase {
  const text = drawText(random, 8);
  const points = [...text];
  const removed = new Set([' ', '\t', '\u00a0']);
  const name = random.pick(['$trim', '$ltrim', '$rtrim']);
  while (name !== '$rtrim' && points.length > 0 && removed.has(points[0] ?? '')) points.shift();
  while (name !== '$ltrim' && points.length > 0 && removed.has(points.at(-1) ?? '')) points.pop();
  return valueCase({ [name]: { input: '$s' } }, { s: text }, points.join(''));
}

function joining(random: Random): OracleCase {
  const [a, b] = [drawText(random), drawText(random)];
  return random.next() < 0.2
    ? valueCase({ $concat: ['$a', '$missing', '$b'] }, { a, b }, null)
    : valueCase({ $concat: ['$a', '-', '$b'] }, { a, b }, `${a}-${b}`);
}

export const textCases: readonly CaseGenerator[] = [
  position,
  length,
  substring,
  substringOfBytes,
  caseOfLetters,
  splitting,
  replacing,
  trimming,
  joining,
];

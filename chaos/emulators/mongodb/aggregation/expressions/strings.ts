/** Operators on strings by code points and by UTF-8 bytes. Regular expressions are in regex-operators.ts. */
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { compareValues } from '../../bson/compare.ts';
import { numberTypeOf } from '../../numbers/number-type.ts';
import { exactInt, truncatedToLong } from '../../numbers/rounding.ts';
import {
  binary,
  compileExactly,
  compileNamed,
  evaluatorOf,
  namedOperands,
  unary,
  variadic,
} from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable } from './evaluation.ts';
import {
  byteLength,
  checkedText,
  codePointLength,
  coercedText,
  isAscii,
  lowerAscii,
  upperAscii,
} from './text-value.ts';

export const stringOperators: OperatorTable = {
  $concat: variadic((values, name) => {
    let text = '';
    for (const value of values) {
      if (isNullish(value)) return null;
      if (typeof value !== 'string') {
        throw locationError(16702, `${name} only supports strings, not ${typeNameOf(value)}`);
      }
      text += value;
    }
    return checkedText(text);
  }),
  $ltrim: trim('start'),
  $replaceAll: replace((text, find, replacement) => text.replaceAll(find, () => replacement)),
  $replaceOne: replace((text, find, replacement) => text.replace(find, () => replacement)),
  $rtrim: trim('end'),
  $split: binary(split),
  $strLenBytes: unary((value, name) => byteLength(requireText(value, 34473, name))),
  $strLenCP: unary((value, name) => codePointLength(requireText(value, 34471, name))),
  $strcasecmp: binary((left, right) =>
    Math.sign(compareValues(upperAscii(coercedText(left)), upperAscii(coercedText(right)))),
  ),
  $substr: substring(substringOfBytes),
  $substrBytes: substring(substringOfBytes),
  $substrCP: substring(substringOfCodePoints),
  $toLower: unary((value) => checkedText(lowerAscii(coercedText(value)))),
  $toUpper: unary((value) => checkedText(upperAscii(coercedText(value)))),
  $trim: trim('both'),
};

function requireText(value: unknown, code: number, name: string): string {
  if (typeof value === 'string') return value;
  throw locationError(code, `${name} requires a string argument, found: ${typeNameOf(value)}`);
}

function split(text: unknown, separator: unknown): unknown {
  if (isNullish(text) || isNullish(separator)) return null;
  const whole = requireText(text, 40085, '$split');
  const delimiter = requireText(separator, 10503900, '$split');
  if (delimiter === '') throw locationError(40087, '$split requires a non-empty separator');
  return whole.split(delimiter);
}

/** Space as MongoDB trims it: also the zero character and Unicode's space separators. */
const defaultTrimmed = [
  ...'\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
];

function trim(side: 'start' | 'end' | 'both'): ExpressionOperator {
  return (operand, scope, name) => {
    const given = namedOperands(operand, name, ['input', 'chars'], {
      notAnObject: 50696,
      unknown: 50694,
      missing: [['input', 50695]],
    });
    const { input, chars } = compileNamed(given, scope);
    const nodes = [input, chars].filter((node) => node !== undefined);
    return foldedNode(nodes, (root) => {
      const text = input?.evaluate(root);
      if (isNullish(text)) return null;
      const whole = requireText(text, 50699, name);
      if (chars === undefined) return trimmed(whole, defaultTrimmed, side);
      const wanted = chars.evaluate(root);
      if (isNullish(wanted)) return null;
      return trimmed(whole, [...requireText(wanted, 50700, name)], side);
    });
  };
}

function trimmed(text: string, characters: readonly string[], side: 'start' | 'end' | 'both'): string {
  const points = [...text];
  const removed = new Set(characters);
  let start = 0;
  let end = points.length;
  if (side !== 'end') while (start < end && removed.has(points[start] ?? '')) start += 1;
  if (side !== 'start') while (end > start && removed.has(points[end - 1] ?? '')) end -= 1;
  return points.slice(start, end).join('');
}

function replace(compute: (text: string, find: string, replacement: string) => string): ExpressionOperator {
  return (operand, scope, name) => {
    const given = namedOperands(operand, name, ['input', 'find', 'replacement'], {
      notAnObject: 51751,
      unknown: 51750,
      missing: [
        ['input', 51749],
        ['find', 51748],
        ['replacement', 51747],
      ],
    });
    const { input, find, replacement } = compileNamed(given, scope);
    const nodes = [input, find, replacement].filter((node) => node !== undefined);
    return foldedNode(nodes, (root) => {
      const text = input?.evaluate(root);
      const wanted = find?.evaluate(root);
      const other = replacement?.evaluate(root);
      const checked: [unknown, number, string][] = [
        [text, 10503904, 'input'],
        [wanted, 10503901, 'find'],
        [other, 10503902, 'replacement'],
      ];
      for (const [value, code, argument] of checked) {
        if (!isNullish(value)) requireText(value, code, `${name} '${argument}'`);
      }
      if (typeof text !== 'string' || typeof wanted !== 'string' || typeof other !== 'string') return null;
      return checkedText(compute(text, wanted, other));
    });
  };
}

type Substring = (text: string, start: unknown, length: unknown, name: string) => string;

function substring(compute: Substring): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileExactly(3, operand, scope, name);
    const [text, start, length] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1]), evaluatorOf(nodes[2])];
    return foldedNode(nodes, (root) => compute(coercedText(text(root)), start(root), length(root), name));
  };
}

/** @throws MongoError 28656, 28657 when a code point would be cut. */
function substringOfBytes(text: string, start: unknown, length: unknown, name: string): string {
  if (numberTypeOf(start) === undefined) {
    throw locationError(
      16034,
      `${name}: starting index must be a numeric type (is BSON type ${typeNameOf(start)})`,
    );
  }
  if (numberTypeOf(length) === undefined) {
    throw locationError(16035, `${name}: length must be a numeric type (is BSON type ${typeNameOf(length)})`);
  }
  const from = longArgument(start);
  const count = longArgument(length);
  if (from < 0) throw locationError(50752, `${name}: starting index must be non-negative (got: ${from})`);
  const bytes = Buffer.from(text, 'utf8');
  if (isContinuation(bytes[from])) {
    throw locationError(28656, `${name}: Invalid range, starting index is a UTF-8 continuation byte.`);
  }
  const to = count < 0 ? bytes.length : Math.min(from + count, bytes.length);
  if (isContinuation(bytes[to])) {
    throw locationError(28657, `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`);
  }
  return from >= bytes.length ? '' : bytes.toString('utf8', from, to);
}

function longArgument(value: unknown): number {
  const long = truncatedToLong(value);
  if (long === undefined)
    throw locationError(31109, `Can't coerce out of range value ${String(value)} to long`);
  return Number(long);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function substringOfCodePoints(text: string, start: unknown, length: unknown, name: string): string {
  const from = codePointArgument(start, 'starting index', name, 34450, 34451);
  const count = codePointArgument(length, 'length', name, 34452, 34453);
  if (count < 0) throw locationError(34454, `${name}: length must be a nonnegative integer.`);
  if (from < 0) throw locationError(34455, `${name}: the starting index must be nonnegative integer.`);
  if (isAscii(text)) return text.slice(from, from + count);
  return [...text].slice(from, from + count).join('');
}

function codePointArgument(
  value: unknown,
  which: string,
  name: string,
  notNumeric: number,
  notInt: number,
): number {
  if (numberTypeOf(value) === undefined) {
    throw locationError(
      notNumeric,
      `${name}: ${which} must be a numeric type (is BSON type ${typeNameOf(value)})`,
    );
  }
  const int = exactInt(value);
  if (int === undefined) {
    throw locationError(
      notInt,
      `${name}: ${which} cannot be represented as a 32-bit integral value: ${String(value)}`,
    );
  }
  return int;
}

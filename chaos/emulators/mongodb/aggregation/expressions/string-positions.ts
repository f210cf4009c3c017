/** $indexOfBytes and $indexOfCP: where a string is in another, counted in bytes or in code points. */
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { compileBetween } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable } from './evaluation.ts';
import { codePointLength, isAscii } from './text-value.ts';

export const stringPositionOperators: OperatorTable = {
  $indexOfBytes: indexOf(40091, 40092, (text, wanted, from, to) => {
    const bytes = Buffer.from(text, 'utf8');
    const end = Math.min(to ?? bytes.length, bytes.length);
    if (from > end) return -1;
    const at = bytes.subarray(0, end).indexOf(Buffer.from(wanted, 'utf8'), from);
    return at;
  }),
  $indexOfCP: indexOf(40093, 40094, (text, wanted, from, to) => {
    if (isAscii(text)) {
      const end = Math.min(to ?? text.length, text.length);
      return from > end ? -1 : text.slice(0, end).indexOf(wanted, from);
    }
    const points = [...text];
    const end = Math.min(to ?? points.length, points.length);
    if (from > end) return -1;
    const before = points.slice(0, from).join('');
    const at = points.slice(0, end).join('').indexOf(wanted, before.length);
    return at === -1 ? -1 : codePointLength(text.slice(0, at));
  }),
};

type Search = (text: string, wanted: string, from: number, to: number | undefined) => number;

function indexOf(textCode: number, wantedCode: number, search: Search): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileBetween(2, 4, operand, scope, name);
    return foldedNode(nodes, (root) => {
      const [text, wanted, start, end] = nodes.map(({ evaluate }) => evaluate(root));
      if (isNullish(text)) return null;
      if (typeof text !== 'string') {
        throw locationError(
          textCode,
          `${name} requires a string as the first argument, found: ${typeNameOf(text)}`,
        );
      }
      if (typeof wanted !== 'string') {
        throw locationError(
          wantedCode,
          `${name} requires a string as the second argument, found: ${typeNameOf(wanted)}`,
        );
      }
      const from = nodes.length > 2 ? indexArgument(start, 'starting', name) : 0;
      const to = nodes.length > 3 ? indexArgument(end, 'ending', name) : undefined;
      return search(text, wanted, from, to);
    });
  };
}

function indexArgument(value: unknown, which: string, name: string): number {
  const index = exactInt(value);
  if (index === undefined) {
    throw locationError(
      40096,
      `${name} requires an integral ${which} index, found a value of type: ${typeNameOf(value)}`,
    );
  }
  if (index < 0) throw locationError(40097, `${name} requires a nonnegative ${which} index, found: ${index}`);
  return index;
}

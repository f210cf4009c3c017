/** Operators that read and rearrange arrays. Those that run an expression for each element are in iteration.ts. */
import { locationError } from '../../errors.ts';
import { fieldOf, isDocument, setField, typeNameOf } from '../../query/bson-value.ts';
import { orderedNames } from '../../bson/field-order.ts';
import type { Document } from '../../storage/contract.ts';
import { numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { binary, compileBetween, compileExactly, evaluatorOf, ranged, unary, variadic } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { Node, OperatorTable, Scope } from './evaluation.ts';
import { orderOf } from './value-order.ts';

export const arrayOperators: OperatorTable = {
  $arrayElemAt: binary(elementAt),
  $arrayToObject: unary(arrayToObject),
  $concatArrays: variadic((values, name) => {
    const result: unknown[] = [];
    for (const value of values) {
      if (isNullish(value)) return null;
      if (!Array.isArray(value)) {
        throw locationError(28664, `${name} only supports arrays, not ${typeNameOf(value)}`);
      }
      for (const item of value as readonly unknown[]) result.push(item);
    }
    return result;
  }),
  $first: unary((value, name) => endOf(value, name)?.[0]),
  $in: compileIn,
  $indexOfArray: compileIndexOf,
  $isArray: unary((value) => Array.isArray(value)),
  $last: unary((value, name) => endOf(value, name)?.at(-1)),
  $objectToArray: unary((value) => {
    if (isNullish(value)) return null;
    if (!isDocument(value)) {
      throw locationError(40390, `$objectToArray requires a document input, found: ${typeNameOf(value)}`);
    }
    return orderedNames(value).map((name) => ({ k: name, v: fieldOf(value, name) }));
  }),
  $range: ranged(2, 3, range),
  $reverseArray: unary((value) => {
    if (isNullish(value)) return null;
    if (Array.isArray(value)) return value.toReversed();
    throw locationError(
      34435,
      `The argument to $reverseArray must be an array, but was of type: ${typeNameOf(value)}`,
    );
  }),
  $size: unary((value) => {
    if (Array.isArray(value)) return value.length;
    throw locationError(
      17124,
      `The argument to $size must be an array, but was of type: ${typeNameOf(value)}`,
    );
  }),
  $slice: ranged(2, 3, slice),
};

function elementAt(array: unknown, index: unknown): unknown {
  if (isNullish(array) || isNullish(index)) return null;
  if (!Array.isArray(array)) {
    throw locationError(28689, `$arrayElemAt's first argument must be an array, but is ${typeNameOf(array)}`);
  }
  if (numberTypeOf(index) === undefined) {
    throw locationError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeNameOf(index)}`,
    );
  }
  const position = exactInt(index);
  if (position === undefined) {
    throw locationError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${String(index)}`,
    );
  }
  return (array as readonly unknown[]).at(position);
}

function endOf(value: unknown, name: string): readonly unknown[] | undefined | null {
  if (isNullish(value)) return [null];
  if (Array.isArray(value)) return value;
  throw locationError(28689, `${name}'s argument must be an array, but is ${typeNameOf(value)}`);
}

function arrayToObject(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!Array.isArray(value)) {
    throw locationError(40386, `$arrayToObject requires an array input, found: ${typeNameOf(value)}`);
  }
  const result: Document = {};
  let form: 'pair' | 'document' | undefined;
  for (const item of value as readonly unknown[]) {
    if (Array.isArray(item)) {
      if (form === 'document') {
        throw locationError(
          40391,
          '$arrayToObject requires a consistent input format: found an array after documents',
        );
      }
      form = 'pair';
      if (item.length !== 2) {
        throw locationError(
          40397,
          '$arrayToObject requires an array of size 2 arrays, found an array of another size',
        );
      }
      setField(result, fieldName(item[0], 40395, 4940400), item[1]);
    } else if (isDocument(item)) {
      if (form === 'pair') {
        throw locationError(
          40396,
          '$arrayToObject requires a consistent input format: found a document after arrays',
        );
      }
      form = 'document';
      if (Object.keys(item).length !== 2) {
        throw locationError(
          40392,
          "$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys",
        );
      }
      if (!Object.hasOwn(item, 'k') || !Object.hasOwn(item, 'v')) {
        throw locationError(40393, "$arrayToObject requires an object with keys 'k' and 'v'");
      }
      setField(result, fieldName(item['k'], 40394, 4940401), item['v']);
    } else if (form === 'pair') {
      throw locationError(
        40396,
        '$arrayToObject requires a consistent input format: found another value after arrays',
      );
    } else if (form === 'document') {
      throw locationError(
        40391,
        '$arrayToObject requires a consistent input format: found another value after documents',
      );
    } else {
      throw locationError(40398, `Unrecognised input type format for $arrayToObject: ${typeNameOf(item)}`);
    }
  }
  return result;
}

function fieldName(value: unknown, notText: number, hasZeroByte: number): string {
  if (typeof value !== 'string') {
    throw locationError(notText, `$arrayToObject requires keys of type string, found: ${typeNameOf(value)}`);
  }
  if (value.includes('\0'))
    throw locationError(hasZeroByte, 'Key field cannot contain an embedded null byte');
  return value;
}

function compileIn(operand: unknown, scope: Scope, name: string): Node {
  const nodes = compileExactly(2, operand, scope, name);
  const [value, list] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
  const compare = orderOf(scope.environment);
  return foldedNode(nodes, (root) => {
    const items = list(root);
    if (!Array.isArray(items)) {
      throw locationError(40081, `$in requires an array as a second argument, found: ${typeNameOf(items)}`);
    }
    const wanted = value(root);
    return items.some((item: unknown) => compare(wanted, item) === 0);
  });
}

function compileIndexOf(operand: unknown, scope: Scope, name: string): Node {
  const nodes = compileBetween(2, 4, operand, scope, name);
  const compare = orderOf(scope.environment);
  return foldedNode(nodes, (root) => {
    const [array, wanted, start, end] = nodes.map(({ evaluate }) => evaluate(root));
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) {
      throw locationError(
        40090,
        `$indexOfArray requires an array as a first argument, found: ${typeNameOf(array)}`,
      );
    }
    const from = nodes.length > 2 ? indexArgument(start, 'starting') : 0;
    const to = nodes.length > 3 ? indexArgument(end, 'ending') : array.length;
    for (let index = from; index < Math.min(to, array.length); index += 1) {
      if (compare(array[index], wanted) === 0) return index;
    }
    return -1;
  });
}

function indexArgument(value: unknown, which: string): number {
  const index = exactInt(value);
  if (index === undefined) {
    throw locationError(
      9711600,
      `$indexOfArray requires an integral ${which} index, found a value of type: ${typeNameOf(value)}`,
    );
  }
  if (index < 0)
    throw locationError(9711601, `$indexOfArray requires a nonnegative ${which} index, found: ${index}`);
  return index;
}

/** Most elements that $range makes; MongoDB's limit is 64 MB of memory. */
const rangeElementsMax = 4_000_000;

function range([start, end, step = 1]: readonly unknown[]): unknown {
  const from = intArgument(start, 'starting', 34443, 34444);
  const to = intArgument(end, 'ending', 34445, 34446);
  const by = intArgument(step, 'step', 34447, 34448);
  if (by === 0) throw locationError(34449, '$range requires a non-zero step value');
  if ((to - from) / by > rangeElementsMax) {
    throw locationError(146, '$range would use too much memory: fewer elements, or a larger step, would fit');
  }
  const values: number[] = [];
  for (let value = from; by > 0 ? value < to : value > to; value += by) values.push(value);
  return values;
}

function intArgument(value: unknown, which: string, notNumeric: number, notInt: number): number {
  if (numberTypeOf(value) === undefined) {
    throw locationError(
      notNumeric,
      `$range requires a numeric ${which} value, found value of type: ${typeNameOf(value)}`,
    );
  }
  const int = exactInt(value);
  if (int === undefined) {
    throw locationError(
      notInt,
      `$range requires a ${which} value that can be represented as a 32-bit integer, found value: ${String(value)}`,
    );
  }
  return int;
}

function slice(values: readonly unknown[]): unknown {
  const [array, first, count] = values;
  if (isNullish(array) || isNullish(first)) return null;
  if (!Array.isArray(array)) {
    throw locationError(
      28724,
      `First argument to $slice must be an array, but is of type: ${typeNameOf(array)}`,
    );
  }
  const position = sliceArgument(first, 'Second');
  if (values.length < 3) return position < 0 ? array.slice(position) : array.slice(0, position);
  if (isNullish(count)) return null;
  const length = sliceArgument(count, 'Third');
  if (length <= 0) throw locationError(28729, `Third argument to $slice must be positive: ${length}`);
  const start = position < 0 ? Math.max(array.length + position, 0) : position;
  return array.slice(start, start + length);
}

function sliceArgument(value: unknown, which: string): number {
  if (numberTypeOf(value) === undefined) {
    throw locationError(
      28725,
      `${which} argument to $slice must be numeric, but is of type: ${typeNameOf(value)}`,
    );
  }
  const int = exactInt(value);
  if (int === undefined) {
    throw locationError(
      28726,
      `${which} argument to $slice can't be represented as a 32-bit integer: ${String(toDouble(value))}`,
    );
  }
  return int;
}

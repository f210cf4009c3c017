/** Operators that take arrays for sets: order and repetition do not count. */
import { locationError } from '../../errors.ts';
import { isTruthy, typeNameOf } from '../../query/bson-value.ts';
import { compileExactly, compileList, evaluatorOf, unary } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionEnvironment, ExpressionOperator, OperatorTable } from './evaluation.ts';
import { ValueSet } from './value-order.ts';

type List = readonly unknown[];

export const setOperators: OperatorTable = {
  $allElementsTrue: unary((value, name) => listOf(value, 17040, name).every(isTruthy)),
  $anyElementTrue: unary((value, name) => listOf(value, 17041, name).some(isTruthy)),
  $setDifference: ofTwo([17048, 17049], (left, right, environment) => {
    const excluded = new ValueSet(environment, right);
    return new ValueSet(
      environment,
      left.filter((value) => !excluded.has(value)),
    ).values();
  }),
  $setEquals: (operand, scope, name) => {
    const nodes = compileList(operand, scope);
    if (nodes.length < 2) {
      throw locationError(17045, `${name} needs at least two arguments had: ${nodes.length}`);
    }
    for (const { constant } of nodes) if (constant !== undefined) listOf(constant.value, 5887502, name);
    return foldedNode(nodes, (root) => {
      const sets = nodes.map(
        ({ evaluate }) => new ValueSet(scope.environment, listOf(evaluate(root), 17044, name)),
      );
      const [first, ...rest] = sets;
      return rest.every(
        (other) => other.size === first?.size && other.values().every((value) => first.has(value)),
      );
    });
  },
  $setIntersection: ofMany(17047, (lists, environment) => {
    const [first = [], ...rest] = lists;
    const others = rest.map((list) => new ValueSet(environment, list));
    return new ValueSet(
      environment,
      first.filter((value) => others.every((other) => other.has(value))),
    ).values();
  }),
  $setIsSubset: (operand, scope, name) => {
    const nodes = compileExactly(2, operand, scope, name);
    const [left, right] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    return foldedNode(nodes, (root) => {
      const part = listOf(left(root), 17046, name);
      const whole = new ValueSet(scope.environment, listOf(right(root), 17042, name));
      return part.every((value) => whole.has(value));
    });
  },
  $setUnion: ofMany(17043, (lists, environment) => new ValueSet(environment, lists.flat(1)).values()),
};

/** @throws MongoError with the code for what is no array. */
function listOf(value: unknown, code: number, name: string): List {
  if (Array.isArray(value)) return value;
  throw locationError(code, `${name}'s argument must be an array, but is ${typeNameOf(value)}`);
}

function ofTwo(
  [first, second]: readonly [number, number],
  compute: (left: List, right: List, environment: ExpressionEnvironment) => unknown,
): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileExactly(2, operand, scope, name);
    const [left, right] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    return foldedNode(nodes, (root) => {
      const [a, b] = [left(root), right(root)];
      if (isNullish(a) || isNullish(b)) return null;
      return compute(listOf(a, first, name), listOf(b, second, name), scope.environment);
    });
  };
}

function ofMany(
  code: number,
  compute: (lists: readonly List[], environment: ExpressionEnvironment) => unknown,
): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileList(operand, scope);
    return foldedNode(nodes, (root) => {
      const lists: List[] = [];
      for (const { evaluate } of nodes) {
        const value = evaluate(root);
        if (isNullish(value)) return null;
        lists.push(listOf(value, code, name));
      }
      return compute(lists, scope.environment);
    });
  };
}

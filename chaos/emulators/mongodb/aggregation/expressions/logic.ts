/** $and $or $not, the comparisons, and the conditionals $cond $ifNull $switch, which evaluate only what they need. */
import { locationError } from '../../errors.ts';
import { isDocument, isTruthy, typeNameOf } from '../../query/bson-value.ts';
import { compileExactly, compileList, evaluatorOf, namedOperands, unary } from './arguments.ts';
import { constantNode, deferringFailures, foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, Node, OperatorTable, Scope } from './evaluation.ts';
import { orderOf } from './value-order.ts';

export const logicOperators: OperatorTable = {
  $and: (operand, scope) => {
    const nodes = compileList(operand, scope);
    if (nodes.some(({ constant }) => constant !== undefined && !isTruthy(constant.value)))
      return constantNode(false);
    return foldedNode(nodes, (root) => nodes.every(({ evaluate }) => isTruthy(evaluate(root))));
  },
  $cmp: comparison(Math.sign),
  $cond: compileConditional,
  $eq: comparison((order) => order === 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $ifNull: compileIfNull,
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $ne: comparison((order) => order !== 0),
  $not: unary((value) => !isTruthy(value)),
  $or: (operand, scope) => {
    const nodes = compileList(operand, scope);
    if (nodes.some(({ constant }) => constant !== undefined && isTruthy(constant.value)))
      return constantNode(true);
    return foldedNode(nodes, (root) => nodes.some(({ evaluate }) => isTruthy(evaluate(root))));
  },
  $switch: compileSwitch,
};

function comparison(decide: (order: number) => unknown): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileExactly(2, operand, scope, name);
    const [left, right] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    const compare = orderOf(scope.environment);
    return foldedNode(nodes, (root) => decide(compare(left(root), right(root))));
  };
}

function compileConditional(operand: unknown, scope: Scope, name: string): Node {
  const nodes = isDocument(operand)
    ? conditionalOf(operand, scope, name)
    : compileExactly(3, operand, scope, name);
  const [condition, whenTrue, whenFalse] = [
    evaluatorOf(nodes[0]),
    evaluatorOf(nodes[1]),
    evaluatorOf(nodes[2]),
  ];
  return foldedNode(nodes, (root) => (isTruthy(condition(root)) ? whenTrue(root) : whenFalse(root)));
}

function conditionalOf(operand: object, scope: Scope, name: string): Node[] {
  const given = namedOperands(operand, name, ['if', 'then', 'else'], {
    notAnObject: 17080,
    unknown: 17083,
    missing: [
      ['if', 17080],
      ['then', 17081],
      ['else', 17082],
    ],
  });
  return [scope.compile(given.if), scope.compile(given.then), scope.compile(given.else)];
}

function compileIfNull(operand: unknown, scope: Scope, name: string): Node {
  const nodes = compileList(operand, scope);
  if (nodes.length < 2) {
    throw locationError(1257300, `${name} needs at least two arguments, had: ${nodes.length}`);
  }
  return foldedNode(nodes, (root) => {
    let value: unknown;
    for (const { evaluate } of nodes) {
      value = evaluate(root);
      if (!isNullish(value)) return value;
    }
    return value;
  });
}

function compileSwitch(operand: unknown, scope: Scope): Node {
  if (!isDocument(operand)) {
    throw locationError(40060, `$switch requires an object as an argument, found: ${typeNameOf(operand)}`);
  }
  const branches: { readonly condition: Node; readonly result: Node }[] = [];
  let otherwise: Node | undefined;
  for (const [field, value] of Object.entries(operand)) {
    if (field === 'default') otherwise = scope.compile(value);
    else if (field === 'branches') {
      if (!Array.isArray(value)) {
        throw locationError(40061, `$switch expected an array for 'branches', found: ${typeNameOf(value)}`);
      }
      for (const branch of value as readonly unknown[]) branches.push(compileBranch(branch, scope));
    } else throw locationError(40067, `$switch found an unknown argument: ${field}`);
  }
  if (branches.length === 0) throw locationError(40068, '$switch requires at least one branch.');
  const children = branches.flatMap(({ condition, result }) => [condition, result]);
  return foldedNode(otherwise === undefined ? children : [...children, otherwise], (root) => {
    for (const { condition, result } of branches) {
      if (isTruthy(condition.evaluate(root))) return result.evaluate(root);
    }
    if (otherwise !== undefined) return otherwise.evaluate(root);
    throw locationError(
      40069,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  });
}

function compileBranch(branch: unknown, scope: Scope): { condition: Node; result: Node } {
  const given = namedOperands(branch, '$switch branch', ['case', 'then'], {
    notAnObject: 40062,
    unknown: 40063,
    missing: [
      ['case', 40064],
      ['then', 40065],
    ],
  });
  return deferringFailures(() => ({
    condition: scope.compile(given.case),
    result: scope.compile(given.then),
  }));
}

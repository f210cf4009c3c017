/** The two forms of an operator's operand: a list of expressions (one may stand alone), or a document of named ones. */
import { locationError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { foldedNode } from './evaluation.ts';
import type { ExpressionOperator, Node, Scope } from './evaluation.ts';

/** The list of expressions, compiled. */
export function compileList(operand: unknown, scope: Scope): Node[] {
  const items: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  return items.map((item) => scope.compile(item));
}

/** @throws MongoError 16020 unless there are just `count`. */
export function compileExactly(count: number, operand: unknown, scope: Scope, name: string): Node[] {
  const nodes = compileList(operand, scope);
  if (nodes.length === count) return nodes;
  throw locationError(
    16020,
    `Expression ${name} takes exactly ${count} arguments. ${nodes.length} were passed in.`,
  );
}

/** @throws MongoError 28667 unless there are `least` to `most`. */
export function compileBetween(
  least: number,
  most: number,
  operand: unknown,
  scope: Scope,
  name: string,
): Node[] {
  const nodes = compileList(operand, scope);
  if (nodes.length >= least && nodes.length <= most) return nodes;
  throw locationError(
    28667,
    `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${nodes.length} were passed in.`,
  );
}

/** An operator of one operand. */
export function unary(compute: (value: unknown, name: string) => unknown): ExpressionOperator {
  return (operand, scope, name) => {
    const [node] = compileExactly(1, operand, scope, name);
    const evaluate = evaluatorOf(node);
    return foldedNode(node === undefined ? [] : [node], (root) => compute(evaluate(root), name));
  };
}

/** An operator of two operands. */
export function binary(
  compute: (left: unknown, right: unknown, name: string) => unknown,
): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileExactly(2, operand, scope, name);
    const [left, right] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    return foldedNode(nodes, (root) => compute(left(root), right(root), name));
  };
}

/** An operator of any number of operands, all evaluated. */
export function variadic(compute: (values: readonly unknown[], name: string) => unknown): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileList(operand, scope);
    return foldedNode(nodes, (root) =>
      compute(
        nodes.map((node) => node.evaluate(root)),
        name,
      ),
    );
  };
}

/** An operator of `least` to `most` operands; those not given are undefined. */
export function ranged(
  least: number,
  most: number,
  compute: (values: readonly unknown[], name: string) => unknown,
): ExpressionOperator {
  return (operand, scope, name) => {
    const nodes = compileBetween(least, most, operand, scope, name);
    return foldedNode(nodes, (root) =>
      compute(
        nodes.map((node) => node.evaluate(root)),
        name,
      ),
    );
  };
}

export function evaluatorOf(node: Node | undefined): (root: unknown) => unknown {
  return node?.evaluate ?? (() => undefined);
}

export interface NamedErrors {
  readonly notAnObject: number;
  readonly unknown: number;
  /** Required arguments, each with the code of its absence. */
  readonly missing: readonly (readonly [name: string, code: number])[];
}

/** The document of named arguments, not compiled. @throws MongoError with the codes given. */
export function namedOperands<Name extends string>(
  operand: unknown,
  name: string,
  known: readonly Name[],
  errors: NamedErrors,
): Partial<Record<Name, unknown>> {
  if (!isDocument(operand)) {
    throw locationError(
      errors.notAnObject,
      `${name} only supports an object as its argument, not ${typeNameOf(operand)}`,
    );
  }
  const found: Partial<Record<Name, unknown>> = {};
  for (const [field, value] of Object.entries(operand)) {
    const argument = known.find((candidate) => candidate === field);
    if (argument === undefined) {
      throw locationError(errors.unknown, `Unrecognized argument to ${name}: ${field}`);
    }
    found[argument] = value;
  }
  for (const [field, code] of errors.missing) {
    if (!(field in operand)) throw locationError(code, `Missing '${field}' parameter to ${name}`);
  }
  return found;
}

/** Named arguments, compiled; those not given are undefined. */
export function compileNamed<Name extends string>(
  operands: Partial<Record<Name, unknown>>,
  scope: Scope,
): Partial<Record<Name, Node>> {
  const nodes: Partial<Record<Name, Node>> = {};
  for (const name in operands) {
    if (operands[name] !== undefined) nodes[name] = scope.compile(operands[name]);
  }
  return nodes;
}

/** As Array.isArray, but the items are unknown. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

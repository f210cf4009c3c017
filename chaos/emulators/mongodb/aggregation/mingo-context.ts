/** The operators of mingo that pipelines may use, with comparisons replaced by BSON's and script operators left out. */
import { Context, evalExpr } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as stages from 'mingo/operators/pipeline';
import * as windows from 'mingo/operators/window';
import type {
  AccumulatorOperator,
  ExpressionOperator,
  Options,
  PipelineOperator,
  WindowOperator,
} from 'mingo/types';
import { compareValues } from '../bson/compare.ts';

type Operators<T> = Record<`$${string}`, T>;

/** The functions of a module by their `$` names; mingo's modules export nothing else under such names. */
function operatorsOf<T>(module: object, isOperator: (value: unknown) => value is T): Operators<T> {
  const operators: Operators<T> = {};
  for (const [name, value] of Object.entries(module)) {
    if (refused.has(name) || !isOperatorName(name) || !isOperator(value)) continue;
    operators[name] = value;
  }
  return operators;
}

function isOperatorName(name: string): name is `$${string}` {
  return name.startsWith('$');
}

/** They would run code that a client sends. */
const refused = new Set(['$function', '$where', '$accumulator']);

type Evaluation = (root: unknown, operands: unknown, options: Options) => unknown;

function comparison(decide: (order: number) => unknown): Evaluation {
  return (root, operands, options) => {
    const values = evalExpr(root, operands, options);
    const [left, right]: readonly unknown[] = Array.isArray(values) ? values : [];
    if (left === undefined || right === undefined) {
      const order = left === right ? 0 : left === undefined ? -1 : 1;
      return decide(order);
    }
    return decide(compareValues(left, right));
  };
}

const comparisons: Record<string, Evaluation> = {
  $cmp: comparison((order) => Math.sign(order)),
  $eq: comparison((order) => order === 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $ne: comparison((order) => order !== 0),
};

const accumulatorOperators = operatorsOf(
  accumulators,
  (value): value is AccumulatorOperator => typeof value === 'function',
);
const mingoExpressions = operatorsOf(
  expressions,
  (value): value is ExpressionOperator => typeof value === 'function',
);
const expressionOperators = { ...mingoExpressions, ...comparisons };

export const mingoContext: Context = Context.init({
  accumulator: accumulatorOperators,
  expression: expressionOperators,
  pipeline: operatorsOf(stages, (value): value is PipelineOperator => typeof value === 'function'),
  window: operatorsOf(windows, (value): value is WindowOperator => typeof value === 'function'),
});

const expressionNames = new Set([...Object.keys(expressionOperators), ...Object.keys(accumulatorOperators)]);
export const accumulatorNames: ReadonlySet<string> = new Set(Object.keys(accumulatorOperators));

export function isExpressionOperator(name: string): boolean {
  return expressionNames.has(name);
}

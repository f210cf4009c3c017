/** Aggregation expressions, compiled to functions of a document. */
import { rootScope } from './expressions/compile.ts';
import type { ExpressionEnvironment } from './expressions/evaluation.ts';

export type { ExpressionEnvironment };

/** undefined when the result is missing. */
export type Expression = (document: unknown) => unknown;

/** @throws MongoError 168 for an operator that does not exist, and others for wrong operands. */
export function compileExpression(expression: unknown, environment: ExpressionEnvironment): Expression {
  return rootScope(environment).compile(expression).evaluate;
}

/**
 * Compiles aggregation expressions. Field paths and literals, which are most of them, keep BSON's types; anything
 * computed goes through mingo.
 */
import { evalExpr } from 'mingo/core';
import { MongoError, locationError } from '../errors.ts';
import { fieldOf, isDocument } from '../query/bson-value.ts';
import type { Collation } from '../collation/collation.ts';
import type { Document } from '../storage/contract.ts';
import type { TextIndex } from '../text/text-index.ts';
import { metaExpression } from './document-metadata.ts';
import { isExpressionOperator, mingoContext } from './mingo-context.ts';
import { fromMingo, toMingo } from './mingo-values.ts';

export interface ExpressionEnvironment {
  /** Values of `let`, named without `$$`. */
  readonly variables?: Readonly<Document>;
  /** Milliseconds since the epoch, for `$$NOW`. */
  readonly nowMs?: number;
  /** How strings compare; undefined: by their bytes. */
  readonly collation?: Collation | undefined;
  /** Index that a `$text` of the filter is asked of. */
  readonly textIndex?: TextIndex | undefined;
}

/** undefined when the result is missing. */
export type Expression = (document: unknown) => unknown;

export function compileExpression(expression: unknown, environment: ExpressionEnvironment): Expression {
  if (typeof expression === 'string' && expression.startsWith('$')) {
    const path = simplePath(expression);
    if (path !== undefined) return (document) => resolvePath(document, path);
  } else if (typeof expression !== 'object' || expression === null) {
    return () => expression;
  } else if (isDocument(expression) && '$literal' in expression && Object.keys(expression).length === 1) {
    const literal = expression['$literal'];
    return () => literal;
  } else if (!Array.isArray(expression) && !isDocument(expression)) return () => expression;
  if (isDocument(expression) && '$meta' in expression && Object.keys(expression).length === 1) {
    return metaExpression(expression['$meta']);
  }
  checkExpression(expression);
  const prepared = prepareExpression(expression, environment);
  const variables = isDocument(environment.variables) ? toMingo(environment.variables) : {};
  const options = { context: mingoContext, variables: isDocument(variables) ? variables : {} };
  return (document) => {
    try {
      return fromMingo(evalExpr(toMingo(document), prepared, options as never));
    } catch (thrown) {
      throw expressionError(thrown);
    }
  };
}

/** The parts of `$a.b` or `$$ROOT.a.b`, undefined for other variables. */
function simplePath(expression: string): readonly string[] | undefined {
  if (expression === '$') throw locationError(16872, "'$' by itself is not a valid FieldPath");
  if (!expression.startsWith('$$')) return expression.slice(1).split('.');
  const [variable, ...rest] = expression.slice(2).split('.');
  return variable === 'ROOT' || variable === 'CURRENT' ? rest : undefined;
}

function resolvePath(value: unknown, parts: readonly string[], position = 0): unknown {
  const part = parts[position];
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value
      .map((item: unknown) => (isDocument(item) ? resolvePath(item, parts, position) : undefined))
      .filter((item) => item !== undefined);
  }
  return isDocument(value) ? resolvePath(fieldOf(value, part), parts, position + 1) : undefined;
}

/** @throws MongoError 168 for an operator that does not exist, so that it never passes for a field name. */
export function checkExpression(expression: unknown): void {
  if (Array.isArray(expression)) {
    for (const item of expression) checkExpression(item);
    return;
  }
  if (!isDocument(expression)) return;
  const names = Object.keys(expression);
  for (const name of names) {
    if (name.startsWith('$')) {
      if (names.length > 1) {
        throw locationError(
          15983,
          `An object representing an expression must have exactly one field: ${names.join(', ')}`,
        );
      }
      if (!isExpressionOperator(name)) {
        throw new MongoError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
      }
      if (name === '$literal') return;
      if (name === '$switch' || name === '$let' || name === '$convert') {
        checkNamedArguments(expression[name]);
        continue;
      }
    }
    checkExpression(expression[name]);
  }
}

function checkNamedArguments(operand: unknown): void {
  if (isDocument(operand)) for (const value of Object.values(operand)) checkExpression(value);
}

/** Puts `$$NOW` in as a literal, as all of a command sees the same, and BSON values in mingo's form. */
export function prepareExpression(expression: unknown, environment: ExpressionEnvironment): unknown {
  if (expression === '$$NOW') return { $literal: new Date(environment.nowMs ?? 0) };
  if (Array.isArray(expression))
    return expression.map((item: unknown) => prepareExpression(item, environment));
  if (!isDocument(expression)) return toMingo(expression);
  return Object.fromEntries(
    Object.entries(expression).map(([name, value]) => [name, prepareExpression(value, environment)]),
  );
}

export function expressionError(thrown: unknown): unknown {
  if (thrown instanceof MongoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const undefinedVariable = /undefined variable: (\w+)/.exec(message);
  if (undefinedVariable !== null) {
    return locationError(17276, `Use of undefined variable: ${undefinedVariable[1]}`);
  }
  return new MongoError('BadValue', `Executor error during aggregate command :: caused by :: ${message}`);
}

/**
 * What a compiled expression is made of. Every operator compiles its operand once, to a function of the document; the
 * values of local variables are in one frame that the functions of an expression share.
 */
import type { Timestamp } from 'bson';
import type { Collation } from '../../collation/collation.ts';
import { MongoError } from '../../errors.ts';
import type { TextIndex } from '../../text/text-index.ts';

export interface ExpressionEnvironment {
  /** Values of `let`, named without `$$`. They are read when the expression runs: a join sets them for each document. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch, for `$$NOW`. */
  readonly nowMs?: number;
  /** Order of values where strings compare by a collation. */
  readonly collation?: Collation | undefined;
  /** Index that a `$text` of the filter is asked of. */
  readonly textIndex?: TextIndex | undefined;
  /** For `$$CLUSTER_TIME`. */
  readonly clusterTime?: Timestamp;
  /** For `$rand` and `$sampleRate`, in [0, 1). */
  readonly random?: { next(): number };
}

/** `root` is the document; the result is undefined when it is missing. */
export type Evaluate = (root: unknown) => unknown;

export interface Node {
  readonly evaluate: Evaluate;
  /** Set when the value depends on nothing. */
  readonly constant: { readonly value: unknown } | undefined;
}

/** What an operator may ask of the compiler. */
export interface Scope {
  readonly environment: ExpressionEnvironment;
  compile(expression: unknown): Node;
  /** A scope in which these variables exist, and how to give them values. */
  declare(names: readonly string[]): {
    readonly scope: Scope;
    readonly set: (index: number, value: unknown) => void;
  };
}

/** `name` is the operator's own, with its `$`. */
export type ExpressionOperator = (operand: unknown, scope: Scope, name: string) => Node;

export type OperatorTable = Readonly<Record<string, ExpressionOperator>>;

export function constantNode(value: unknown): Node {
  return { evaluate: () => value, constant: { value } };
}

export function computedNode(evaluate: Evaluate): Node {
  return { evaluate, constant: undefined };
}

let deferrals = 0;

/** Compiles what may never run: constants in it that fail do so only when it does. */
export function deferringFailures<Result>(compile: () => Result): Result {
  deferrals += 1;
  try {
    return compile();
  } finally {
    deferrals -= 1;
  }
}

/** Computes at once what depends on constants only. As in MongoDB, what then fails does so though nothing runs it. */
export function foldedNode(children: readonly Node[], evaluate: Evaluate): Node {
  if (!children.every((child) => child.constant !== undefined)) return computedNode(evaluate);
  try {
    return constantNode(evaluate(undefined));
  } catch (thrown) {
    if (deferrals > 0 && thrown instanceof MongoError) return computedNode(evaluate);
    throw thrown;
  }
}

/** Null and missing, which most operators answer with null. */
export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

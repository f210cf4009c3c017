/** $bucket: groups by ranges of a value, in the order of the ranges. */
import { compareValues } from '../bson/compare.ts';
import { valueClass } from '../bson/value-class.ts';
import { locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { compileExpression } from './expression.ts';
import { rootScope } from './expressions/compile.ts';
import { orderOf } from './expressions/value-order.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { compileOutputs, groupBy } from './group.ts';
import type { StageCompiler } from './stage.ts';

const options = ['groupBy', 'boundaries', 'default', 'output'];

export const compileBucket: StageCompiler = (operand, { environment }) => {
  if (!isDocument(operand))
    throw locationError(
      40201,
      `Argument to $bucket stage must be an object, but found type: ${typeNameOf(operand)}`,
    );
  for (const name of Object.keys(operand)) {
    if (!options.includes(name)) throw locationError(40197, `Unrecognized option to $bucket: ${name}.`);
  }
  const { groupBy: by, boundaries, output } = operand;
  if (by !== undefined) checkGroupBy(by, 40202, '$bucket');
  if (boundaries !== undefined && !Array.isArray(boundaries)) {
    throw locationError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${typeNameOf(boundaries)}.`,
    );
  }
  const limits = (boundaries ?? []).map((limit: unknown) => constantOf(limit, environment));
  if (output !== undefined && !isDocument(output)) {
    throw locationError(
      40196,
      `The $bucket 'output' field must be an object, but found type: ${typeNameOf(output)}.`,
    );
  }
  const hasDefault = Object.hasOwn(operand, 'default');
  if (by === undefined || boundaries === undefined) {
    throw locationError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  checkBoundaries(limits);
  const otherwise = hasDefault ? constantOf(operand['default'], environment) : undefined;
  if (hasDefault) checkDefault(otherwise, limits);
  const value = compileExpression(by, environment);
  const compare = orderOf(environment);
  const bucketOf = (document: unknown): unknown => {
    const computed = value(document);
    const above = limits.findIndex((limit) => compare(computed, limit) < 0);
    if (above > 0) return limits[above - 1];
    if (hasDefault) return otherwise;
    throw locationError(
      40069,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
  const group = groupBy(bucketOf, bucketOutputs(output, environment), environment);
  return (documents) => [...group(documents)].sort((left, right) => compareValues(left['_id'], right['_id']));
};

/** Counts when nothing else is asked for. */
export function bucketOutputs(output: Document | undefined, environment: ExpressionEnvironment) {
  if (output !== undefined && Object.hasOwn(output, '_id')) {
    throw locationError(15948, "a group's _id may only be specified once");
  }
  return compileOutputs(output ?? { count: { $sum: 1 } }, environment);
}

/** @throws MongoError with the code unless it is a field path or an operator. */
export function checkGroupBy(by: unknown, code: number, name: string): void {
  const isPath = typeof by === 'string' && by.startsWith('$');
  const isOperator = isDocument(by) && Object.keys(by)[0]?.startsWith('$') === true;
  if (!isPath && !isOperator) {
    throw locationError(
      code,
      `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression object`,
    );
  }
}

function constantOf(expression: unknown, environment: ExpressionEnvironment): unknown {
  const { constant } = rootScope(environment).compile(expression);
  if (constant === undefined) {
    throw locationError(40191, "The $bucket 'boundaries' and 'default' must be constant values");
  }
  return constant.value;
}

function checkBoundaries(limits: readonly unknown[]): void {
  if (limits.length < 2) {
    throw locationError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${limits.length} value(s).`,
    );
  }
  for (const [index, limit] of limits.entries()) {
    if (index === 0) continue;
    const before = limits[index - 1];
    if (valueClass(before) !== valueClass(limit)) {
      throw locationError(40193, "All values in the 'boundaries' option to $bucket must have the same type.");
    }
    if (compareValues(before, limit) >= 0) {
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
    }
  }
}

function checkDefault(value: unknown, limits: readonly unknown[]): void {
  const isBelow = compareValues(value, limits[0]) < 0;
  const isAbove = compareValues(value, limits.at(-1)) >= 0;
  if (valueClass(value) === valueClass(limits[0]) && !isBelow && !isAbove) {
    throw locationError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  }
}

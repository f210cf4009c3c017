/** $bucket: groups by ranges of a value; a $group whose results are sorted, as MongoDB itself makes it. */
import { compareValues } from '../bson/compare.ts';
import { locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileExpression } from './expression.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { compileGroupBy } from './group.ts';
import type { Stage } from './pipeline.ts';

export function compileBucket(operand: unknown, environment: ExpressionEnvironment): Stage {
  if (!isDocument(operand)) throw locationError(40201, 'Argument to $bucket stage must be an object');
  const { groupBy, boundaries, output } = operand;
  if (groupBy === undefined || !Array.isArray(boundaries)) {
    throw locationError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (boundaries.length < 2)
    throw locationError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const limits: readonly unknown[] = boundaries;
  for (const [index, limit] of limits.entries()) {
    if (index > 0 && compareValues(limits[index - 1], limit) >= 0) {
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted");
    }
  }
  const value = compileExpression(groupBy, environment);
  const bucketOf = (document: unknown): unknown => {
    const computed = value(document) ?? null;
    const above = limits.findIndex((limit) => compareValues(computed, limit) < 0);
    if (above > 0) return limits[above - 1];
    if ('default' in operand) return operand['default'];
    throw locationError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
  const group = compileGroupBy(bucketOf, isDocument(output) ? output : { count: { $sum: 1 } }, environment);
  return (documents) => [...group(documents)].sort((left, right) => compareValues(left['_id'], right['_id']));
}

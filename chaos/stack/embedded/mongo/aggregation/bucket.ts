/** $bucket: groups by ranges of a value; it is a $group by $switch, sorted, as MongoDB itself makes it. */
import { compareValues } from '../bson/compare.ts';
import { locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { compileGroup } from './group.ts';
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
  const branches = limits.slice(0, -1).map((limit, index) => {
    const next = limits[index + 1];
    if (compareValues(limit, next) >= 0) {
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted");
    }
    const isIn = { $and: [{ $gte: [groupBy, literal(limit)] }, { $lt: [groupBy, literal(next)] }] };
    // Written as entries: an object with a `then` would pass for a promise.
    return Object.fromEntries([
      ['case', isIn],
      ['then', literal(limit)],
    ]);
  });
  const hasDefault = 'default' in operand;
  const group = compileGroup(
    {
      ...(isDocument(output) ? output : { count: { $sum: 1 } }),
      _id: { $switch: { branches, ...(hasDefault ? { default: literal(operand['default']) } : {}) } },
    },
    environment,
  );
  return (documents) => [...group(documents)].sort((left, right) => compareValues(left['_id'], right['_id']));
}

function literal(value: unknown): unknown {
  return { $literal: value };
}

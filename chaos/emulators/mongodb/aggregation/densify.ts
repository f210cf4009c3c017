/** $densify: adds the documents that are missing from a sequence of numbers or dates, in each partition. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument, setField, typeNameOf } from '../query/bson-value.ts';
import { readPath } from '../query/update/path-writer.ts';
import { compareValues } from '../bson/compare.ts';
import { calculate } from '../numbers/calculate.ts';
import { numberTypeOf, toDouble } from '../numbers/number-type.ts';
import { addUnits, timeUnitOf, timeUnits } from '../dates/time-unit.ts';
import type { TimeUnit } from '../dates/time-unit.ts';
import { utc } from '../dates/time-zone.ts';
import { exactLong } from '../numbers/rounding.ts';
import type { Document } from '../storage/contract.ts';
import { assignPath } from './assign-path.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import { ValueMap } from './expressions/value-order.ts';
import type { StageCompiler } from './stage.ts';

interface Densify {
  readonly field: readonly string[];
  readonly partitionBy: readonly (readonly string[])[];
  readonly step: unknown;
  readonly unit: TimeUnit | undefined;
  readonly bounds: 'full' | 'partition' | readonly [lower: unknown, upper: unknown];
}

export const compileDensify: StageCompiler = (operand, { environment }) => {
  const densify = parse(operand);
  return (documents) => run([...documents], densify, environment);
};

function parse(operand: unknown): Densify {
  const given = requireFields(operand, '$densify', ['field', 'range'], ['partitionByFields']);
  const { field, partitionByFields = [], range } = given;
  if (typeof field !== 'string') throw wrongType('$densify.field', field, 'string');
  if (!Array.isArray(partitionByFields))
    throw wrongType('$densify.partitionByFields', partitionByFields, 'array');
  const partitionBy = partitionByFields.map((path: unknown) => {
    if (typeof path !== 'string') throw wrongType('$densify.partitionByFields', path, 'string');
    if (path === field)
      throw locationError(8993000, 'BSON field range.partitionByFields cannot include the densified field');
    return checkFieldPath(path, path);
  });
  const { step, bounds, unit } = requireFields(range, '$densify.range', ['step', 'bounds'], ['unit']);
  if (numberTypeOf(step) === undefined) throw wrongType('$densify.range.step', step, 'number');
  if (toDouble(step) <= 0)
    throw locationError(
      5733401,
      'the step parameter in a range statement must be a strictly positive numeric value',
    );
  const timeUnit = unit === undefined ? undefined : unitOf(unit);
  if (timeUnit !== undefined && exactLong(step) === undefined) {
    throw locationError(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    );
  }
  return {
    field: checkFieldPath(field, field),
    partitionBy,
    step,
    unit: timeUnit,
    bounds: boundsOf(bounds, timeUnit, partitionBy.length > 0),
  };
}

function requireFields(
  value: unknown,
  name: string,
  required: readonly string[],
  optional: readonly string[],
): Document {
  if (!isDocument(value)) {
    throw locationError(
      5733402,
      `The ${name} stage specification must be an object, found ${typeNameOf(value)}`,
    );
  }
  for (const field of Object.keys(value)) {
    if (!required.includes(field) && !optional.includes(field)) {
      throw locationError(40415, `BSON field '${name}.${field}' is an unknown field.`);
    }
  }
  for (const field of required) {
    if (value[field] === undefined) {
      throw locationError(40414, `BSON field '${name}.${field}' is missing but a required field`);
    }
  }
  return value;
}

function wrongType(name: string, value: unknown, expected: string): MongoError {
  return new MongoError(
    'TypeMismatch',
    `BSON field '${name}' is the wrong type '${typeNameOf(value)}', expected type '${expected}'`,
  );
}

function unitOf(value: unknown): TimeUnit {
  const unit = typeof value === 'string' ? timeUnitOf(value) : undefined;
  if (unit !== undefined) return unit;
  throw new MongoError(
    'FailedToParse',
    `unknown time unit value: ${String(value)}; use one of ${timeUnits.join(', ')}`,
  );
}

function boundsOf(bounds: unknown, unit: TimeUnit | undefined, hasPartitions: boolean): Densify['bounds'] {
  if (bounds === 'full') return bounds;
  if (bounds === 'partition') {
    if (hasPartitions) return bounds;
    throw locationError(
      5733408,
      "one may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields",
    );
  }
  if (!Array.isArray(bounds)) {
    throw locationError(
      typeof bounds === 'string' ? 5946802 : 5733402,
      "the bounds in a range must be an array of two values, or 'full' or 'partition'",
    );
  }
  if (bounds.length !== 2)
    throw locationError(5733403, 'a bounding array in a range statement must have exactly two elements');
  const [lower, upper] = bounds as readonly unknown[];
  const areDates = lower instanceof Date && upper instanceof Date;
  const areNumbers = numberTypeOf(lower) !== undefined && numberTypeOf(upper) !== undefined;
  if (!areDates && !areNumbers) {
    throw locationError(5733402, 'a bounding array must contain either both dates or both numeric types');
  }
  if (areDates !== (unit !== undefined)) {
    throw locationError(
      areDates ? 5733410 : 5733409,
      'a unit is needed for bounds that are dates, and only for those',
    );
  }
  if (compareValues(lower, upper) > 0) {
    throw locationError(5733402, 'the bounds in a range must be in ascending order');
  }
  return [lower, upper];
}

function run(
  documents: readonly Document[],
  densify: Densify,
  environment: ExpressionEnvironment,
): Document[] {
  const partitions = new ValueMap<Document[]>(environment);
  const result: Document[] = [];
  let least: unknown;
  let greatest: unknown;
  for (const document of documents) {
    const value = valueIn(document, densify);
    if (value === undefined) {
      result.push(document);
      continue;
    }
    if (least === undefined || compareValues(value, least) < 0) least = value;
    if (greatest === undefined || compareValues(value, greatest) > 0) greatest = value;
    const key = densify.partitionBy.map((parts) => readPath(document, parts) ?? null);
    const partition = partitions.get(key);
    if (partition === undefined) partitions.set(key, [document]);
    else partition.push(document);
  }
  const isRange = typeof densify.bounds !== 'string';
  if (isRange && partitions.size === 0 && densify.partitionBy.length === 0) partitions.set([], []);
  for (const { key, item } of partitions.entries()) {
    const sorted = item.toSorted((a, b) => compareValues(valueIn(a, densify), valueIn(b, densify)));
    const [lower, upper] = limitsOf(sorted, densify, least, greatest);
    const partition = Array.isArray(key) ? key : [];
    for (const document of densified(sorted, densify, lower, upper, partition)) result.push(document);
  }
  return result;
}

/** undefined for null and missing. @throws MongoError for what is no number, or no date where a unit is given. */
function valueIn(document: Document, { field, unit }: Densify): unknown {
  const value = readPath(document, field) ?? undefined;
  if (value === undefined) return undefined;
  if (unit === undefined && numberTypeOf(value) === undefined) {
    throw locationError(
      5733201,
      `PlanExecutor error during aggregation :: caused by :: Densify field type must be numeric, found ${typeNameOf(value)}`,
    );
  }
  if (unit !== undefined && !(value instanceof Date)) {
    throw locationError(
      6053600,
      `PlanExecutor error during aggregation :: caused by :: Encountered non-date value in collection when step is in ${unit}`,
    );
  }
  return value;
}

function limitsOf(
  sorted: readonly Document[],
  densify: Densify,
  least: unknown,
  greatest: unknown,
): readonly [lower: unknown, upper: unknown] {
  if (densify.bounds === 'full') return [least, greatest];
  const [first] = sorted;
  const last = sorted.at(-1);
  if (densify.bounds !== 'partition') return densify.bounds;
  return [
    first === undefined ? undefined : valueIn(first, densify),
    last === undefined ? undefined : valueIn(last, densify),
  ];
}

/** Most documents that one $densify adds, as in MongoDB. */
const addedMax = 500_000;

/** The range is open at its end, but for full and partition bounds, which end with a document there is. */
function* densified(
  sorted: readonly Document[],
  densify: Densify,
  lower: unknown,
  upper: unknown,
  partition: readonly unknown[],
): Generator<Document> {
  const includesUpper = densify.bounds === 'full';
  let at = 0;
  const before = (value: unknown): boolean => {
    const document = sorted[at];
    return document !== undefined && compareValues(valueIn(document, densify), value) < 0;
  };
  let index = 0;
  for (let value = lower; value !== undefined; index += 1, value = stepped(lower, densify, index)) {
    const order = compareValues(value, upper);
    if (order > 0 || (order === 0 && !includesUpper)) break;
    if (index > addedMax)
      throw locationError(5897900, `Generated ${addedMax} documents in $densify, which is over the limit`);
    while (before(value)) yield* documentAt(sorted, at++);
    const next = sorted[at];
    if (next !== undefined && compareValues(valueIn(next, densify), value) === 0) {
      while (at < sorted.length && compareValues(valueIn(sorted[at] ?? {}, densify), value) === 0) {
        yield* documentAt(sorted, at++);
      }
    } else yield generated(densify, value, partition);
  }
  while (at < sorted.length) yield* documentAt(sorted, at++);
}

function documentAt(documents: readonly Document[], index: number): readonly Document[] {
  const document = documents[index];
  return document === undefined ? [] : [document];
}

function stepped(lower: unknown, { step, unit }: Densify, index: number): unknown {
  if (lower instanceof Date && unit !== undefined) {
    return new Date(addUnits(lower.getTime(), unit, toDouble(step) * index, utc));
  }
  return calculate('add', lower, calculate('multiply', step, index));
}

function generated({ field, partitionBy }: Densify, value: unknown, partition: readonly unknown[]): Document {
  const document: Document = {};
  partitionBy.forEach((parts, index) => assignPath(document, parts, partition[index]));
  const [only] = field;
  if (field.length === 1 && only !== undefined) setField(document, only, value);
  else assignPath(document, field, value);
  return document;
}

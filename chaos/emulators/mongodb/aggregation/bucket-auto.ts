/** $bucketAuto: as many buckets as asked for, with about as many documents in each; their bounds rounded to a series on request. */
import { locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import { doubleOf, isNaNValue, numberTypeOf, toDouble } from '../numbers/number-type.ts';
import { exactInt } from '../numbers/rounding.ts';
import type { Document } from '../storage/contract.ts';
import { bucketOutputs, checkGroupBy } from './bucket.ts';
import { compileExpression } from './expression.ts';
import { orderOf } from './expressions/value-order.ts';
import { granularities } from './granularity.ts';
import type { Granularity } from './granularity.ts';
import type { Output } from './group.ts';
import { groupDocument } from './group.ts';
import type { StageCompiler } from './stage.ts';

const options = ['groupBy', 'buckets', 'output', 'granularity'];

export const compileBucketAuto: StageCompiler = (operand, { environment }) => {
  if (!isDocument(operand))
    throw locationError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeNameOf(operand)}.`,
    );
  for (const name of Object.keys(operand)) {
    if (!options.includes(name)) throw locationError(40245, `Unrecognized option to $bucketAuto: ${name}.`);
  }
  const { groupBy, buckets, output, granularity } = operand;
  if (groupBy !== undefined) checkGroupBy(groupBy, 40239, '$bucketAuto');
  const count = buckets === undefined ? undefined : bucketCount(buckets);
  if (output !== undefined && !isDocument(output)) {
    throw locationError(
      40244,
      `The $bucketAuto 'output' field must be an object, but found type: ${typeNameOf(output)}.`,
    );
  }
  const series = granularity === undefined ? undefined : granularityOf(granularity);
  if (groupBy === undefined || count === undefined) {
    throw locationError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  const value = compileExpression(groupBy, environment);
  const outputs = bucketOutputs(
    isDocument(output) && Object.keys(output).length > 0 ? output : undefined,
    environment,
  );
  const compare = orderOf(environment);
  return (documents) => {
    const items = [...documents].map((document) => ({ document, value: value(document) ?? null }));
    if (series !== undefined) for (const item of items) checkGranular(item.value);
    items.sort((a, b) => compare(a.value, b.value));
    return fill(items, count, outputs, series, compare);
  };
};

interface Item {
  readonly document: Document;
  readonly value: unknown;
}

/** The values of a bucket go on while they equal its last one; the last bucket includes its upper bound. */
function* fill(
  items: readonly Item[],
  count: number,
  outputs: readonly Output[],
  series: Granularity | undefined,
  compare: (left: unknown, right: unknown) => number,
): Generator<Document> {
  const size = Math.max(Math.round(items.length / count), 1);
  let at = 0;
  let lower: unknown;
  for (let bucket = 0; at < items.length; bucket += 1) {
    const isLast = bucket === count - 1;
    const start = at;
    at = isLast ? items.length : Math.min(at + size, items.length);
    if (!isLast) {
      while (at < items.length && compare(items[at]?.value, items[at - 1]?.value) === 0) at += 1;
    }
    let upper = at < items.length ? items[at]?.value : items[at - 1]?.value;
    if (series !== undefined) {
      upper = doubleOf(series.up(toDouble(items[at - 1]?.value)));
      while (at < items.length && compare(items[at]?.value, upper) < 0) at += 1;
      if (start === 0) lower = roundedDown(items[0]?.value, series);
    } else lower = items[start]?.value;
    const members = items.slice(start, at);
    const states = outputs.map(({ accumulator }) => accumulator.start({ _id: { min: lower, max: upper } }));
    for (const { document } of members) for (const state of states) state.add(document);
    yield groupDocument({ min: lower, max: upper }, outputs, states);
    lower = upper;
  }
}

function roundedDown(value: unknown, series: Granularity): unknown {
  const number = toDouble(value);
  return doubleOf(number === 0 ? 0 : series.down(number));
}

function bucketCount(value: unknown): number {
  if (numberTypeOf(value) === undefined) {
    throw locationError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeNameOf(value)}.`,
    );
  }
  const count = exactInt(value);
  if (count === undefined) {
    throw locationError(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${String(value)}.`,
    );
  }
  if (count <= 0)
    throw locationError(
      40243,
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}.`,
    );
  return count;
}

function granularityOf(value: unknown): Granularity {
  if (typeof value !== 'string') {
    throw locationError(
      40261,
      `The $bucketAuto 'granularity' field must be a string, but found type: ${typeNameOf(value)}.`,
    );
  }
  const series = granularities.get(value);
  if (series === undefined) throw locationError(40257, `Unknown rounding granularity '${value}'`);
  return series;
}

function checkGranular(value: unknown): void {
  if (numberTypeOf(value) === undefined) {
    throw locationError(
      40258,
      `$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${typeNameOf(value)}`,
    );
  }
  if (isNaNValue(value))
    throw locationError(
      40259,
      "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN",
    );
  if (toDouble(value) < 0)
    throw locationError(
      40260,
      "$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number",
    );
}

/** Which documents of a sorted partition are in the window of each: by their places, or by how far their sort values are away. */
import { MongoError, locationError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { compareValues } from '../../bson/compare.ts';
import { calculate } from '../../numbers/calculate.ts';
import { numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { exactLong } from '../../numbers/rounding.ts';
import { addUnits, timeUnitOf } from '../../dates/time-unit.ts';
import type { TimeUnit } from '../../dates/time-unit.ts';
import { utc } from '../../dates/time-zone.ts';
import type { Document } from '../../storage/contract.ts';

export type Edge = { readonly kind: 'unbounded' } | { readonly kind: 'offset'; readonly offset: unknown };

export interface WindowBounds {
  readonly kind: 'documents' | 'range';
  readonly lower: Edge;
  readonly upper: Edge;
  readonly unit: TimeUnit | undefined;
}

const unbounded: Edge = { kind: 'unbounded' };
export const wholePartition: WindowBounds = {
  kind: 'documents',
  lower: unbounded,
  upper: unbounded,
  unit: undefined,
};

/** @throws MongoError 9 for a window that is none. */
export function parseBounds(window: unknown, sortBy: Document | undefined): WindowBounds {
  if (window === undefined) return wholePartition;
  if (!isDocument(window)) throw parseError(`'window' field must be an object, found ${typeNameOf(window)}`);
  for (const name of Object.keys(window)) {
    if (name !== 'documents' && name !== 'range' && name !== 'unit') {
      throw parseError(`'window' field can only contain 'documents', 'range' and 'unit', found '${name}'`);
    }
  }
  const { documents, range, unit } = window;
  if (documents !== undefined && range !== undefined) {
    throw parseError("Window bounds can specify either 'documents' or 'unit', not both");
  }
  if (documents !== undefined) {
    if (unit !== undefined) throw parseError("Window bounds can only specify 'unit' with range-based bounds");
    return documentBounds(documents, sortBy);
  }
  if (range !== undefined) return rangeBounds(range, unit, sortBy);
  if (unit !== undefined) throw parseError("Window bounds can only specify 'unit' with range-based bounds");
  return wholePartition;
}

function parseError(message: string): MongoError {
  return new MongoError('FailedToParse', message);
}

function edgesOf(bounds: unknown, parse: (bound: unknown) => Edge): { lower: Edge; upper: Edge } {
  if (!Array.isArray(bounds) || bounds.length !== 2) {
    throw parseError('Window bounds must be a 2-element array');
  }
  return { lower: parse(bounds[0]), upper: parse(bounds[1]) };
}

function documentBounds(bounds: unknown, sortBy: Document | undefined): WindowBounds {
  const { lower, upper } = edgesOf(bounds, (bound) => {
    if (bound === 'unbounded') return unbounded;
    if (bound === 'current') return { kind: 'offset', offset: 0 };
    const offset = numberTypeOf(bound) === undefined ? undefined : exactLong(bound);
    if (offset === undefined)
      throw parseError("Numeric document-based bounds must be an integer, or 'unbounded' or 'current'");
    return { kind: 'offset', offset: Number(offset) };
  });
  if (lower.kind === 'offset' && upper.kind === 'offset' && Number(lower.offset) > Number(upper.offset)) {
    throw locationError(5339900, 'Lower bound must not exceed upper bound');
  }
  const isWhole = lower.kind === 'unbounded' && upper.kind === 'unbounded';
  if (!isWhole && sortBy === undefined)
    throw locationError(5339901, 'Document-based bounds require a sortBy');
  return { kind: 'documents', lower, upper, unit: undefined };
}

function rangeBounds(bounds: unknown, unit: unknown, sortBy: Document | undefined): WindowBounds {
  const timeUnit = typeof unit === 'string' ? timeUnitOf(unit) : undefined;
  if (unit !== undefined && timeUnit === undefined)
    throw parseError(`unknown time unit value: ${String(unit)}`);
  const { lower, upper } = edgesOf(bounds, (bound) => {
    if (bound === 'unbounded') return unbounded;
    if (bound === 'current') return { kind: 'offset', offset: 0 };
    if (numberTypeOf(bound) === undefined)
      throw parseError("Range-based bounds expression must be a number, or 'unbounded' or 'current'");
    if (timeUnit !== undefined && exactLong(bound) === undefined) {
      throw parseError("With 'unit', range-based bounds must be an integer");
    }
    return { kind: 'offset', offset: bound };
  });
  if (lower.kind === 'offset' && upper.kind === 'offset' && compareValues(lower.offset, upper.offset) > 0) {
    throw locationError(5339900, 'Lower bound must not exceed upper bound');
  }
  const directions = Object.values(sortBy ?? {});
  if (directions.length !== 1)
    throw locationError(5339902, 'Range-based bounds require sortBy a single field');
  if (toDouble(directions[0]) !== 1)
    throw locationError(8947401, 'Range-based bounds require an ascending sortBy');
  return { kind: 'range', lower, upper, unit: timeUnit };
}

/** First and behind the last of the documents in the window of one of them. */
export function windowOf(
  bounds: WindowBounds,
  index: number,
  sortValues: readonly unknown[],
): readonly [start: number, end: number] {
  const { kind, lower, upper } = bounds;
  const length = sortValues.length;
  if (kind === 'documents') {
    const start = lower.kind === 'unbounded' ? 0 : Math.max(index + Number(lower.offset), 0);
    const end = upper.kind === 'unbounded' ? length : Math.min(index + Number(upper.offset) + 1, length);
    return [Math.min(start, length), Math.max(end, Math.min(start, length))];
  }
  const value = sortValues[index];
  checkSortValue(value, bounds.unit);
  const least = lower.kind === 'unbounded' ? undefined : shifted(value, lower.offset, bounds.unit);
  const greatest = upper.kind === 'unbounded' ? undefined : shifted(value, upper.offset, bounds.unit);
  let start = 0;
  if (least !== undefined) {
    while (start < length && compareValues(sortValues[start] ?? null, least) < 0) start += 1;
  }
  let end = length;
  if (greatest !== undefined) {
    end = start;
    while (end < length && compareValues(sortValues[end] ?? null, greatest) <= 0) end += 1;
  }
  return [start, end];
}

function checkSortValue(value: unknown, unit: TimeUnit | undefined): void {
  if (unit === undefined ? numberTypeOf(value) !== undefined : value instanceof Date) return;
  if (unit === undefined && value instanceof Date) {
    throw locationError(
      5429513,
      "Invalid range: Expected the sortBy field to be a number, but it was a date; add a 'unit'",
    );
  }
  throw locationError(
    unit === undefined ? 5429414 : 5429513,
    `Invalid range: Expected the sortBy field to be a ${unit === undefined ? 'number' : 'Date'}, but it was ${typeNameOf(value)}`,
  );
}

function shifted(value: unknown, offset: unknown, unit: TimeUnit | undefined): unknown {
  if (value instanceof Date && unit !== undefined)
    return new Date(addUnits(value.getTime(), unit, toDouble(offset), utc));
  return calculate('add', value, offset);
}

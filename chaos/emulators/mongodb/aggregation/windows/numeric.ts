/** Window functions on numbers along the order of a partition: averages that forget, rates, areas, covariances, filled gaps. */
import { MongoError, locationError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { divideDecimals } from '../../numbers/decimal-arithmetic.ts';
import { decimalOfValue, encodeDecimal } from '../../numbers/decimal.ts';
import { calculate } from '../../numbers/calculate.ts';
import { doubleOf, numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { timeUnitOf, unitMilliseconds } from '../../dates/time-unit.ts';
import { add, divide, multiply, subtract } from '../expressions/arithmetic.ts';
import { evaluatorOf } from '../expressions/arguments.ts';
import { isNullish } from '../expressions/evaluation.ts';
import type { Evaluate } from '../expressions/evaluation.ts';
import { windowOf } from './bounds.ts';
import type {
  Partition,
  WindowCompiler,
  WindowFunction,
  WindowSpecification,
  WindowTable,
} from './window-function.ts';

export const numericFunctions: WindowTable = {
  $covariancePop: covariance('population'),
  $covarianceSamp: covariance('sample'),
  $derivative: overTime(derivativeOf),
  $expMovingAvg: compileMovingAverage,
  $integral: overTime(integralOf),
  $linearFill: filling(linearFill, '$linearFill'),
  $locf: filling(carryForward, '$locf'),
};

function parseError(message: string): MongoError {
  return new MongoError('FailedToParse', message);
}

/** alpha · value + (1 - alpha) · average before. What is no number gives the average before. */
function compileMovingAverage({ operand, scope, sortBy, window }: WindowSpecification): WindowFunction {
  if (!isDocument(operand)) throw parseError(`$expMovingAvg must be an object, found ${typeNameOf(operand)}`);
  for (const field of Object.keys(operand)) {
    if (!['input', 'N', 'alpha'].includes(field))
      throw parseError(`Unknown argument in $expMovingAvg: ${field}`);
  }
  const { input, N, alpha } = operand;
  if (sortBy === undefined) throw parseError('$expMovingAvg requires an explicit sortBy');
  if (window !== undefined) throw parseError('$expMovingAvg does not accept a window');
  if (input === undefined || (N === undefined) === (alpha === undefined)) {
    throw parseError(
      '$expMovingAvg sub object must have exactly two fields: An "input" field, and either an "N" field or an "alpha" field',
    );
  }
  const share = N === undefined ? alphaOf(alpha) : shareOf(N);
  const rest = calculate('add', 1, calculate('multiply', share, -1));
  const value = evaluatorOf(scope.compile(input));
  return ({ documents }) => {
    let average: unknown = null;
    return documents.map((document) => {
      const current = value(document);
      if (numberTypeOf(current) === undefined) return average;
      average =
        average === null
          ? asReal(current)
          : calculate('add', calculate('multiply', current, share), calculate('multiply', average, rest));
      return average;
    });
  };
}

/** A decimal, or else a double. */
function asReal(value: unknown): unknown {
  return numberTypeOf(value) === 'decimal' ? value : doubleOf(toDouble(value));
}

function shareOf(periods: unknown): unknown {
  const count = numberTypeOf(periods) === undefined ? undefined : exactInt(periods);
  if (count === undefined)
    throw parseError(`'N' field must be an integer, but found type ${typeNameOf(periods)}`);
  if (count <= 0) throw parseError(`'N' must be greater than zero. Got ${count}`);
  return doubleOf(2 / (count + 1));
}

function alphaOf(alpha: unknown): unknown {
  if (numberTypeOf(alpha) === undefined)
    throw parseError(`'alpha' must be a number, but found type ${typeNameOf(alpha)}`);
  const value = toDouble(alpha);
  if (!(value > 0 && value < 1))
    throw parseError(`'alpha' must be between 0 and 1 (exclusive), found alpha: ${value}`);
  return alpha;
}

/** Null where the operand is no list of two. */
function covariance(kind: 'population' | 'sample'): WindowCompiler {
  return ({ operand, scope, bounds }) => {
    const nodes = Array.isArray(operand) ? operand.map((item: unknown) => scope.compile(item)) : [];
    if (nodes.length !== 2) return ({ documents }) => documents.map(() => null);
    const [first, second] = [evaluatorOf(nodes[0]), evaluatorOf(nodes[1])];
    return (partition) => {
      const pairs = partition.documents.map((document) => [first(document), second(document)] as const);
      return pairs.map((_, index) => {
        const [start, end] = windowOf(bounds, index, partition.sortValues);
        return covarianceOf(pairs.slice(start, end), kind);
      });
    };
  };
}

/** Of pairs of numbers, by Welford's method. Null when there are too few. */
function covarianceOf(
  pairs: readonly (readonly [unknown, unknown])[],
  kind: 'population' | 'sample',
): unknown {
  let count = 0;
  let [meanOfX, meanOfY, products]: [unknown, unknown, unknown] = [0, 0, 0];
  for (const [x, y] of pairs) {
    if (numberTypeOf(x) === undefined || numberTypeOf(y) === undefined) continue;
    count += 1;
    const delta = subtract(x, meanOfX);
    meanOfX = add([meanOfX, divide(delta, count)]);
    meanOfY = add([meanOfY, divide(subtract(y, meanOfY), count)]);
    products = add([products, multiply([delta, subtract(y, meanOfY)])]);
  }
  const divisor = kind === 'population' ? count : count - 1;
  return divisor <= 0 ? null : divide(products, divisor);
}

interface Points {
  /** Milliseconds of dates, else the sort values themselves. */
  readonly at: readonly unknown[];
  readonly values: readonly unknown[];
  /** Milliseconds of the unit, 1 for numbers. */
  readonly unitMs: number;
}

function overTime(compute: (points: Points) => unknown): WindowCompiler {
  return ({ name, operand, scope, sortBy, window, bounds }) => {
    if (!isDocument(operand)) throw parseError(`${name} expects an object, found ${typeNameOf(operand)}`);
    for (const field of Object.keys(operand)) {
      if (field !== 'input' && field !== 'unit')
        throw parseError(`${name} got unexpected argument: ${field}`);
    }
    if (operand['input'] === undefined) throw parseError(`${name} requires an 'input' expression`);
    if (Object.keys(sortBy ?? {}).length !== 1) throw parseError(`${name} requires a non-compound sortBy`);
    if (window === undefined) throw parseError(`${name} requires explicit window bounds`);
    const unitMs = unitOf(operand['unit'], name);
    const input = evaluatorOf(scope.compile(operand['input']));
    return (partition) => {
      const at = partition.sortValues.map((value) => positionOf(value, unitMs, name));
      const values = partition.documents.map(input);
      return values.map((_, index) => {
        const [start, end] = windowOf(bounds, index, partition.sortValues);
        return compute({ at: at.slice(start, end), values: values.slice(start, end), unitMs: unitMs ?? 1 });
      });
    };
  };
}

function unitOf(unit: unknown, name: string): number | undefined {
  if (unit === undefined) return undefined;
  if (typeof unit !== 'string') throw parseError(`'unit' must be a string, but got ${typeNameOf(unit)}`);
  const timeUnit = timeUnitOf(unit);
  if (timeUnit === undefined) throw parseError(`unknown time unit value: ${unit}`);
  const milliseconds = unitMilliseconds(timeUnit);
  if (milliseconds === undefined) throw locationError(5490704, `unit must be 'week' or smaller in ${name}`);
  return milliseconds;
}

function positionOf(value: unknown, unitMs: number | undefined, name: string): unknown {
  if (value instanceof Date) {
    if (unitMs === undefined)
      throw locationError(5624901, `${name} where the sortBy is a Date requires a 'unit'`);
    return doubleOf(value.getTime());
  }
  if (unitMs !== undefined)
    throw locationError(
      5624900,
      `${name} with 'unit' expects the sortBy field to be a Date, found ${typeNameOf(value)}`,
    );
  if (numberTypeOf(value) === undefined)
    throw locationError(
      5624902,
      `${name} expects the sortBy field to be numeric, found ${typeNameOf(value)}`,
    );
  return value;
}

/** Rise of the input between the ends of the window for a unit of the sort value. */
function derivativeOf({ at, values, unitMs }: Points): unknown {
  if (at.length < 2) return null;
  const [first, last] = [values[0], values.at(-1)];
  if (isNullish(first) || isNullish(last)) return null;
  const rise = calculate('add', last, calculate('multiply', first, -1));
  const run = calculate('add', at.at(-1), calculate('multiply', at[0], -1));
  if (toDouble(run) === 0) return null;
  if (numberTypeOf(rise) === 'decimal' || numberTypeOf(run) === 'decimal') {
    const quotient = encodeDecimal(divideDecimals(decimalOfValue(rise, 34), decimalOfValue(run, 34)));
    return calculate('multiply', quotient, unitMs);
  }
  return doubleOf((toDouble(rise) / toDouble(run)) * unitMs);
}

/** Area under the input by trapezoids, in units of the sort value. */
function integralOf({ at, values, unitMs }: Points): unknown {
  if (values.length === 0) return null;
  let area: unknown = 0;
  for (let index = 1; index < at.length; index += 1) {
    const width = calculate('add', at[index], calculate('multiply', at[index - 1], -1));
    const [left, right] = [values[index - 1], values[index]];
    if (numberTypeOf(left) === undefined || numberTypeOf(right) === undefined) continue;
    const height = calculate('multiply', calculate('add', left, right), doubleOf(0.5));
    area = calculate('add', area, calculate('multiply', width, height));
  }
  return unitMs === 1 ? area : calculate('multiply', area, doubleOf(1 / unitMs));
}

function filling(
  compute: (values: readonly unknown[], partition: Partition) => readonly unknown[],
  name: string,
): WindowCompiler {
  return ({ operand, scope, sortBy, window }) => {
    if (window !== undefined) throw parseError(`'window' field is not allowed in ${name}`);
    if (name === '$linearFill' && Object.keys(sortBy ?? {}).length !== 1) {
      throw locationError(
        605001,
        `${name} must be specified with a top level sortBy expression with exactly one element`,
      );
    }
    const value: Evaluate = evaluatorOf(scope.compile(operand));
    return (partition) =>
      compute(
        partition.documents.map((document) => value(document) ?? null),
        partition,
      );
  };
}

function carryForward(values: readonly unknown[]): readonly unknown[] {
  let last: unknown = null;
  return values.map((value) => {
    if (value !== null) last = value;
    return last;
  });
}

/** Nulls between two numbers are on the line between them; the rest stay null. */
function linearFill(values: readonly unknown[], { sortValues, isTie }: Partition): readonly unknown[] {
  const result = [...values];
  let before = -1;
  for (const [index, value] of values.entries()) {
    if (isTie(index)) throw locationError(6050106, 'There can be no repeated values in the sort field');
    if (value === null) continue;
    if (numberTypeOf(value) === undefined)
      throw locationError(
        6050201,
        `Value to be filled must be numeric or nullish, found ${typeNameOf(value)}`,
      );
    for (let gap = before + 1; before >= 0 && gap < index; gap += 1) {
      const [left, right] = [axisOf(sortValues[before]), axisOf(sortValues[index])];
      const share = (axisOf(sortValues[gap]) - left) / (right - left);
      result[gap] = interpolated(values[before], value, share);
    }
    before = index;
  }
  return result;
}

function interpolated(from: unknown, to: unknown, share: number): unknown {
  if (numberTypeOf(from) === 'decimal' || numberTypeOf(to) === 'decimal') {
    const rise = calculate('add', to, calculate('multiply', from, -1));
    return calculate('add', from, calculate('multiply', rise, doubleOf(share)));
  }
  return doubleOf(toDouble(from) + (toDouble(to) - toDouble(from)) * share);
}

function axisOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : toDouble(value);
}

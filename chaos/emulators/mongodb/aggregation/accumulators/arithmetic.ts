/** $sum $avg $count, standard deviations, $median and $percentile. */
import { locationError, MongoError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { divideDecimals } from '../../numbers/decimal-arithmetic.ts';
import { decimalOf, encodeDecimal } from '../../numbers/decimal.ts';
import { doubleOf, intOrLong, numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { Summation } from '../../numbers/summation.ts';
import type { SummationKind } from '../../numbers/summation.ts';
import { evaluatorOf, isArray } from '../expressions/arguments.ts';
import type { Evaluate, Scope } from '../expressions/evaluation.ts';
import { ofValues } from './accumulator.ts';
import type { Accumulator, AccumulatorTable, ValueState } from './accumulator.ts';

export const arithmeticAccumulators: AccumulatorTable = {
  $avg: ofValues(() => averageState('accumulator')),
  $count: (operand) => {
    if (!isDocument(operand) || Object.keys(operand).length > 0) {
      throw new MongoError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
    }
    return {
      start: () => {
        let count = 0;
        return {
          add: () => {
            count += 1;
          },
          result: () => intOrLong(BigInt(count)),
        };
      },
    };
  },
  $median: percentiles('$median'),
  $percentile: percentiles('$percentile'),
  $stdDevPop: ofValues(() => deviationState('population')),
  $stdDevSamp: ofValues(() => deviationState('sample')),
  $sum: ofValues(sumState),
};

/** What is no number adds nothing. */
export function sumState(): ValueState {
  const sum = new Summation('accumulator');
  return { add: (value) => void sum.add(value), result: () => sum.total() };
}

/** Null when there was no number. The operator adds integers as doubles, the accumulator exactly. */
export function averageState(kind: SummationKind): ValueState {
  const sum = new Summation('accumulator');
  let count = 0;
  return {
    add: (value) => {
      const isWhole = numberTypeOf(value) === 'int' || numberTypeOf(value) === 'long';
      if (sum.add(isWhole && kind === 'operator' ? doubleOf(toDouble(value)) : value)) count += 1;
    },
    result: () => {
      if (count === 0) return null;
      if (sum.type !== 'decimal') return doubleOf(sum.doubleTotal() / count);
      return encodeDecimal(divideDecimals(sum.decimalTotal(), decimalOf(BigInt(count), 0)));
    },
  };
}

/** Welford's method, which keeps its precision where the squares are large. */
export function deviationState(kind: 'population' | 'sample'): ValueState {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    add: (value) => {
      if (numberTypeOf(value) === undefined) return;
      const number = toDouble(value);
      count += 1;
      const delta = number - mean;
      mean += delta / count;
      squares += delta * (number - mean);
    },
    result: () => {
      const divisor = kind === 'population' ? count : count - 1;
      if (divisor <= 0) return null;
      return doubleOf(Math.sqrt(squares / divisor));
    },
  };
}

export interface PercentileSpecification {
  readonly input: Evaluate;
  readonly ranks: readonly number[];
  readonly isSingle: boolean;
}

/** @throws MongoError for an argument that is wrong. */
export function percentileSpecification(
  operand: unknown,
  scope: Scope,
  name: string,
): PercentileSpecification {
  if (!isDocument(operand)) {
    throw locationError(7429703, `specification must be an object; found ${name}: ${typeNameOf(operand)}`);
  }
  const isSingle = name === '$median';
  const known = isSingle ? ['input', 'method'] : ['input', 'p', 'method'];
  for (const field of Object.keys(operand)) {
    if (!known.includes(field))
      throw locationError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
  for (const field of known) {
    if (operand[field] === undefined) {
      throw locationError(40414, `BSON field '${name}.${field}' is missing but a required field`);
    }
  }
  const { input, method, p } = operand;
  if (method !== 'approximate') {
    throw locationError(2, `Currently only 'approximate' can be used as percentile 'method'.`);
  }
  return { input: evaluatorOf(scope.compile(input)), ranks: isSingle ? [0.5] : ranksOf(p, scope), isSingle };
}

function ranksOf(p: unknown, scope: Scope): number[] {
  const node = scope.compile(p);
  const list = node.constant?.value;
  if (!isArray(list) || list.length === 0) {
    throw locationError(
      7750301,
      `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${typeNameOf(list)}`,
    );
  }
  return list.map((value) => {
    const rank = toDouble(value);
    if (numberTypeOf(value) === undefined) {
      throw locationError(
        7750302,
        `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${typeNameOf(value)}`,
      );
    }
    if (!(rank >= 0 && rank <= 1)) {
      throw locationError(
        7750303,
        `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${rank}`,
      );
    }
    return rank;
  });
}

/** The value at each rank: the least one that has at least that share of all values up to it. */
export function percentilesOf(
  values: readonly unknown[],
  { ranks, isSingle }: PercentileSpecification,
): unknown {
  const numbers = values
    .filter((value) => numberTypeOf(value) !== undefined)
    .map(toDouble)
    .filter((value) => !Number.isNaN(value));
  numbers.sort((a, b) => a - b);
  const results = ranks.map((rank) => {
    if (numbers.length === 0) return null;
    const index = Math.max(Math.ceil(rank * numbers.length) - 1, 0);
    return doubleOf(numbers[index] ?? Number.NaN);
  });
  return isSingle ? results[0] : results;
}

function percentiles(name: string): Accumulator {
  return (operand, scope) => {
    const specification = percentileSpecification(operand, scope, name);
    return {
      start: () => {
        const values: unknown[] = [];
        return {
          add: (root) => void values.push(specification.input(root)),
          result: () => percentilesOf(values, specification),
        };
      },
    };
  };
}

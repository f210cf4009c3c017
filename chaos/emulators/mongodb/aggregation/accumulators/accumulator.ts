/** What an accumulator is: it takes the documents of a group one by one, and then says what they make together. */
import type { Scope } from '../expressions/evaluation.ts';
import { locationError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { exactLong } from '../../numbers/rounding.ts';

export interface AccumulatorState {
  /** `root` is the document. */
  add(root: unknown): void;
  /** undefined where there is nothing to say; more documents may be added afterwards. */
  result(): unknown;
}

export interface CompiledAccumulator {
  /** `group` is what the documents have in common, as `{_id: value}`. */
  start(group: unknown): AccumulatorState;
}

export type Accumulator = (operand: unknown, scope: Scope, name: string) => CompiledAccumulator;

export type AccumulatorTable = Readonly<Record<string, Accumulator>>;

/** State over the values of one expression. */
export interface ValueState {
  add(value: unknown): void;
  result(): unknown;
}

/** An accumulator of one expression's values. */
export function ofValues(start: (scope: Scope) => ValueState): Accumulator {
  return (operand, scope) => {
    const { evaluate } = scope.compile(operand);
    return {
      start: () => {
        const state = start(scope);
        return { add: (root) => state.add(evaluate(root)), result: () => state.result() };
      },
    };
  };
}

export interface CountedErrors {
  readonly notAnObject: number;
  readonly unknown: number;
  readonly missing: number;
  readonly missingCount: number;
}

/** Named arguments of the accumulators that keep `n` values; all those named are required. */
export function countedOperands(
  operand: unknown,
  name: string,
  names: readonly string[],
  errors: CountedErrors,
): Readonly<Record<string, unknown>> {
  if (!isDocument(operand)) {
    throw locationError(
      errors.notAnObject,
      `specification must be an object; found ${name}: ${typeNameOf(operand)}`,
    );
  }
  for (const field of Object.keys(operand)) {
    if (!names.includes(field)) throw locationError(errors.unknown, `Unknown argument to ${name}: ${field}`);
  }
  for (const field of names) {
    if (operand[field] === undefined) {
      throw locationError(
        field === 'n' ? errors.missingCount : errors.missing,
        `Missing value for '${field}'`,
      );
    }
  }
  return operand;
}

/** How many values are kept, for one group. @throws MongoError 7548606 for what is no positive integer. */
export function countOf(value: unknown): number {
  const count = exactLong(value);
  if (count === undefined || count <= 0n) {
    throw locationError(
      7548606,
      `Value for 'n' must be a positive integer, but was ${String(value)} of type ${typeNameOf(value)}`,
    );
  }
  return Number(count);
}

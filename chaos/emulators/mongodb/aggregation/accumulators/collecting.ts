/** Accumulators that keep values: the first, last, least or greatest, one or `n` of them, all, or each once. */
import { locationError, MongoError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { compileSort } from '../../query/sort.ts';
import type { SortKey } from '../../query/sort.ts';
import { evaluatorOf, isArray } from '../expressions/arguments.ts';
import { isNullish } from '../expressions/evaluation.ts';
import type { Scope } from '../expressions/evaluation.ts';
import { mergeDocuments } from '../expressions/objects.ts';
import { orderOf, ValueSet } from '../expressions/value-order.ts';
import { countedOperands, countOf, ofValues } from './accumulator.ts';
import type { Accumulator, AccumulatorTable, CountedErrors, ValueState } from './accumulator.ts';

const nErrors: CountedErrors = {
  notAnObject: 5787900,
  unknown: 5787901,
  missing: 5787907,
  missingCount: 5787906,
};
const sortedErrors: CountedErrors = {
  notAnObject: 5788001,
  unknown: 5788002,
  missing: 5788004,
  missingCount: 5788003,
};

export const collectingAccumulators: AccumulatorTable = {
  $addToSet: ofValues((scope) => {
    const set = new ValueSet(scope.environment);
    return {
      add: (value) => {
        if (value !== undefined) set.add(value);
      },
      result: () => set.values(),
    };
  }),
  $bottom: sorted('last', false),
  $bottomN: sorted('last', true),
  $concatArrays: ofValues(() => {
    const items: unknown[] = [];
    return {
      add: (value) => {
        for (const item of requireArray(value, '$concatArrays')) items.push(item);
      },
      result: () => [...items],
    };
  }),
  $first: ofValues(() => {
    let first: unknown;
    let isSet = false;
    return {
      add: (value) => {
        if (!isSet) first = value;
        isSet = true;
      },
      result: () => first ?? null,
    };
  }),
  $firstN: counted((count) => firstState(count)),
  $last: ofValues(() => {
    let last: unknown;
    return {
      add: (value) => {
        last = value;
      },
      result: () => last ?? null,
    };
  }),
  $lastN: counted((count) => lastState(count)),
  $max: ofValues((scope) => extremeState(scope, 1)),
  $maxN: counted((count, scope) => extremesState(count, scope, 1)),
  $mergeObjects: ofValues(() => {
    const documents: unknown[] = [];
    return {
      add: (value) => {
        if (isNullish(value)) return;
        if (!isDocument(value)) {
          throw locationError(
            5911200,
            `$mergeObjects requires object inputs, but input is of type ${typeNameOf(value)}`,
          );
        }
        documents.push(value);
      },
      result: () => mergeDocuments(documents),
    };
  }),
  $min: ofValues((scope) => extremeState(scope, -1)),
  $minN: counted((count, scope) => extremesState(count, scope, -1)),
  $push: ofValues(() => {
    const items: unknown[] = [];
    return {
      add: (value) => {
        if (value !== undefined) items.push(value);
      },
      result: () => [...items],
    };
  }),
  $setUnion: ofValues((scope) => {
    const set = new ValueSet(scope.environment);
    return {
      add: (value) => {
        for (const item of requireArray(value, '$setUnion')) set.add(item);
      },
      result: () => set.values(),
    };
  }),
  $top: sorted('first', false),
  $topN: sorted('first', true),
};

/** Nothing for null and missing. */
function requireArray(value: unknown, name: string): readonly unknown[] {
  if (value === undefined) return [];
  if (isArray(value)) return value;
  throw new MongoError(
    'TypeMismatch',
    `${name} requires array inputs, but input is of type ${typeNameOf(value)}`,
  );
}

/** `direction` is 1 for the greatest value, -1 for the least. Null and missing do not count. */
export function extremeState(scope: Scope, direction: 1 | -1): ValueState {
  const compare = orderOf(scope.environment);
  let best: unknown = null;
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (best === null || compare(value, best) * direction > 0) best = value;
    },
    result: () => best,
  };
}

export type CountedState = (count: number, scope: Scope) => ValueState;

export function firstState(count: number): ValueState {
  const items: unknown[] = [];
  return {
    add: (value) => {
      if (items.length < count) items.push(value ?? null);
    },
    result: () => [...items],
  };
}

export function lastState(count: number): ValueState {
  const items: unknown[] = [];
  return {
    add: (value) => {
      items.push(value ?? null);
      if (items.length > count) items.shift();
    },
    result: () => [...items],
  };
}

export function extremesState(count: number, scope: Scope, direction: 1 | -1): ValueState {
  const compare = orderOf(scope.environment);
  const items: unknown[] = [];
  return {
    add: (value) => {
      if (isNullish(value)) return;
      const at = items.findIndex((item) => compare(value, item) * direction > 0);
      if (at === -1) items.push(value);
      else items.splice(at, 0, value);
      if (items.length > count) items.pop();
    },
    result: () => [...items],
  };
}

function counted(start: CountedState): Accumulator {
  return (operand, scope, name) => {
    const given = countedOperands(operand, name, ['input', 'n'], nErrors);
    const input = evaluatorOf(scope.compile(given['input']));
    const n = scope.compile(given['n']);
    if (n.constant !== undefined) countOf(n.constant.value);
    return {
      start: (group) => {
        const state = start(countOf(n.evaluate(group)), scope);
        return { add: (root) => state.add(input(root)), result: () => state.result() };
      },
    };
  };
}

interface Keyed {
  readonly key: SortKey;
  readonly value: unknown;
}

/** $top and $bottom, and with `n` $topN and $bottomN: in the order of a sort of their own. */
function sorted(end: 'first' | 'last', takesCount: boolean): Accumulator {
  return (operand, scope, name) => {
    const names = takesCount ? ['sortBy', 'output', 'n'] : ['sortBy', 'output'];
    const given = countedOperands(operand, name, names, sortedErrors);
    const { sortBy } = given;
    if (!isDocument(sortBy)) {
      throw locationError(
        5788604,
        `expected 'sortBy' to be an object in ${name}, found ${typeNameOf(sortBy)}`,
      );
    }
    const sort = compileSort(sortBy, scope.environment.collation);
    const output = evaluatorOf(scope.compile(given['output']));
    const n = takesCount ? scope.compile(given['n']) : undefined;
    if (n?.constant !== undefined) countOf(n.constant.value);
    return {
      start: (group) => {
        const items: Keyed[] = [];
        const count = n === undefined ? 1 : countOf(n.evaluate(group));
        return {
          add: (root) => void items.push({ key: sort.keyOf(root), value: output(root) ?? null }),
          result: () => {
            const ordered = items.toSorted((a, b) => sort.compare(a.key, b.key)).map(({ value }) => value);
            if (n === undefined) return end === 'first' ? ordered[0] : ordered.at(-1);
            return end === 'first' ? ordered.slice(0, count) : ordered.slice(-count);
          },
        };
      },
    };
  };
}

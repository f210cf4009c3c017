/** Operators that run an expression for each element of an array, or with variables of their own: $let $map $filter $reduce; and $zip and $sortArray. */
import { locationError, MongoError } from '../../errors.ts';
import { isDocument, isTruthy, typeNameOf } from '../../query/bson-value.ts';
import { numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { namedOperands } from './arguments.ts';
import { checkFieldPath, resolvePath } from './field-path.ts';
import { checkVariableName } from './names.ts';
import { computedNode, foldedNode, isNullish } from './evaluation.ts';
import type { Node, OperatorTable, Scope } from './evaluation.ts';
import { orderOf } from './value-order.ts';

export const iterationOperators: OperatorTable = {
  $filter: compileFilterOperator,
  $let: compileLet,
  $map: compileMap,
  $reduce: compileReduce,
  $sortArray: compileSortArray,
  $zip: compileZip,
};

function compileLet(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['vars', 'in'], {
    notAnObject: 16874,
    unknown: 16875,
    missing: [
      ['vars', 16876],
      ['in', 16877],
    ],
  });
  if (Array.isArray(given.vars)) {
    throw new MongoError('FailedToParse', "$let's 'vars' must be an object, not an array");
  }
  if (!isDocument(given.vars)) {
    throw locationError(10065, `invalid parameter: expected an object (vars), not ${typeNameOf(given.vars)}`);
  }
  const names = Object.keys(given.vars);
  for (const variable of names) if (variable !== 'CURRENT') checkVariableName(variable);
  const values = Object.values(given.vars).map((value) => scope.compile(value));
  const inner = scope.declare(names);
  const result = inner.scope.compile(given.in);
  return computedNode((root) => {
    const computed = values.map(({ evaluate }) => evaluate(root));
    computed.forEach((value, index) => inner.set(index, value));
    return result.evaluate(root);
  });
}

/** The name given for the element, `this` when there is none. */
function elementName(as: unknown): string {
  if (as === undefined) return 'this';
  if (typeof as !== 'string') {
    throw new MongoError('FailedToParse', `'as' must be a string, not ${typeNameOf(as)}`);
  }
  if (as === '') throw new MongoError('FailedToParse', 'empty variable names are not allowed');
  checkVariableName(as);
  return as;
}

function compileMap(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['input', 'as', 'in', 'arrayIndexAs'], {
    notAnObject: 16878,
    unknown: 16879,
    missing: [
      ['input', 16880],
      ['in', 16882],
    ],
  });
  const input = scope.compile(given.input);
  const inner = scope.declare(elementNames(given.as, given.arrayIndexAs));
  const result = inner.scope.compile(given.in);
  return computedNode((root) => {
    const items = input.evaluate(root);
    if (isNullish(items)) return null;
    if (!Array.isArray(items)) {
      throw locationError(16883, `input to $map must be an array not ${typeNameOf(items)}`);
    }
    return items.map((item: unknown, index) => {
      inner.set(0, item);
      inner.set(1, index);
      return result.evaluate(root) ?? null;
    });
  });
}

/** The second is for the element's position; a name no expression can write stands for none. */
function elementNames(as: unknown, indexAs: unknown): string[] {
  return [elementName(as), indexAs === undefined ? 'IDX' : elementName(indexAs)];
}

function compileFilterOperator(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['input', 'as', 'cond', 'limit', 'arrayIndexAs'], {
    notAnObject: 28646,
    unknown: 28647,
    missing: [
      ['input', 28648],
      ['cond', 28650],
    ],
  });
  const input = scope.compile(given.input);
  const limit = given.limit === undefined ? undefined : scope.compile(given.limit);
  const inner = scope.declare(elementNames(given.as, given.arrayIndexAs));
  const condition = inner.scope.compile(given.cond);
  return computedNode((root) => {
    const items = input.evaluate(root);
    if (isNullish(items)) return null;
    if (!Array.isArray(items)) {
      throw locationError(28651, `input to $filter must be an array not ${typeNameOf(items)}`);
    }
    const most = limit === undefined ? undefined : filterLimit(limit.evaluate(root));
    const kept: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (most !== undefined && kept.length >= most) break;
      inner.set(0, item);
      inner.set(1, index);
      if (isTruthy(condition.evaluate(root))) kept.push(item);
    }
    return kept;
  });
}

function filterLimit(value: unknown): number | undefined {
  if (isNullish(value)) return undefined;
  const limit = exactInt(value);
  if (limit === undefined) {
    throw locationError(
      327391,
      `$filter: limit must be represented as a 32-bit integral value: ${String(value)}`,
    );
  }
  if (limit <= 0) throw locationError(327392, `$filter: limit must be greater than 0: ${limit}`);
  return limit;
}

function compileReduce(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['input', 'initialValue', 'in'], {
    notAnObject: 40075,
    unknown: 40076,
    missing: [
      ['input', 40077],
      ['initialValue', 40078],
      ['in', 40079],
    ],
  });
  const input = scope.compile(given.input);
  const initial = scope.compile(given.initialValue);
  const inner = scope.declare(['this', 'value']);
  const step = inner.scope.compile(given.in);
  return computedNode((root) => {
    const items = input.evaluate(root);
    if (isNullish(items)) return null;
    if (!Array.isArray(items)) {
      throw locationError(40080, `$reduce requires that 'input' be an array, found: ${typeNameOf(items)}`);
    }
    let value = initial.evaluate(root);
    for (const item of items as readonly unknown[]) {
      inner.set(0, item);
      inner.set(1, value);
      value = step.evaluate(root);
    }
    return value;
  });
}

function compileSortArray(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['input', 'sortBy'], {
    notAnObject: 2942500,
    unknown: 2942501,
    missing: [
      ['input', 2942502],
      ['sortBy', 2942503],
    ],
  });
  const input = scope.compile(given.input);
  const sort = arraySort(given.sortBy, scope);
  return foldedNode([input], (root) => {
    const items = input.evaluate(root);
    if (isNullish(items)) return null;
    if (!Array.isArray(items)) {
      throw locationError(
        2942504,
        `The input argument to $sortArray must be an array, but was of type: ${typeNameOf(items)}`,
      );
    }
    return sort(items);
  });
}

function arraySort(sortBy: unknown, scope: Scope): (items: readonly unknown[]) => unknown[] {
  const compare = orderOf(scope.environment);
  if (isDocument(sortBy)) {
    const keys = sortKeysOf(sortBy);
    return (items) => {
      const keyed = items.map((item) => ({
        item,
        values: keys.map(({ parts }) => resolvePath(item, parts) ?? null),
      }));
      keyed.sort((a, b) => {
        for (const [index, { direction }] of keys.entries()) {
          const order = compare(a.values[index], b.values[index]);
          if (order !== 0) return order * direction;
        }
        return 0;
      });
      return keyed.map(({ item }) => item);
    };
  }
  if (numberTypeOf(sortBy) === undefined) {
    throw locationError(2942507, `$sortArray's sortBy must be 1, -1 or an object, not ${typeNameOf(sortBy)}`);
  }
  const direction = toDouble(sortBy);
  if (direction !== 1 && direction !== -1) {
    throw locationError(2942506, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  return (items) => items.toSorted((a, b) => direction * compare(a, b));
}

/** Arrays compare as they are here, and not by their least element. */
function sortKeysOf(sortBy: object): { parts: readonly string[]; direction: number }[] {
  const entries = Object.entries(sortBy);
  if (entries.length === 0) throw locationError(2942505, '$sortArray requires a sort key');
  return entries.map(([path, direction]) => {
    const sign = toDouble(direction);
    if (sign !== 1 && sign !== -1) {
      throw locationError(2942505, `Illegal key in $sortArray specification: ${path}: ${String(direction)}`);
    }
    return { parts: checkFieldPath(path, path), direction: sign };
  });
}

function compileZip(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['inputs', 'useLongestLength', 'defaults'], {
    notAnObject: 34460,
    unknown: 34464,
    missing: [],
  });
  if (given.inputs === undefined) throw locationError(34465, '$zip requires at least one input array');
  if (!Array.isArray(given.inputs)) {
    throw locationError(34461, `inputs must be an array of expressions, found ${typeNameOf(given.inputs)}`);
  }
  const inputs = given.inputs.map((input: unknown) => scope.compile(input));
  const longest = given.useLongestLength ?? false;
  if (typeof longest !== 'boolean') {
    throw locationError(34463, `useLongestLength must be a bool, found ${typeNameOf(longest)}`);
  }
  const givenDefaults = given.defaults;
  if (givenDefaults !== undefined && !Array.isArray(givenDefaults)) {
    throw locationError(
      34462,
      `defaults must be an array of expressions, found ${typeNameOf(givenDefaults)}`,
    );
  }
  const defaults = (givenDefaults ?? []).map((value: unknown) => scope.compile(value));
  if (inputs.length === 0) throw locationError(34465, '$zip requires at least one input array');
  if (givenDefaults !== undefined && !longest) {
    throw locationError(34466, 'cannot specify defaults unless useLongestLength is true');
  }
  if (defaults.length > 0 && defaults.length !== inputs.length) {
    throw locationError(34467, 'defaults and inputs must have the same length');
  }
  return foldedNode([...inputs, ...defaults], (root) => zip(inputs, defaults, longest, root));
}

function zip(inputs: readonly Node[], defaults: readonly Node[], longest: boolean, root: unknown): unknown {
  const lists: (readonly unknown[])[] = [];
  for (const { evaluate } of inputs) {
    const list = evaluate(root);
    if (isNullish(list)) return null;
    if (!Array.isArray(list)) {
      throw locationError(34468, `$zip found a non-array expression in input: ${typeNameOf(list)}`);
    }
    lists.push(list);
  }
  const fill = defaults.map(({ evaluate }) => evaluate(root) ?? null);
  const lengths = lists.map((list) => list.length);
  const length = longest ? Math.max(...lengths) : Math.min(...lengths);
  return Array.from({ length }, (_, row) =>
    lists.map((list, column) => (row < list.length ? list[row] : (fill[column] ?? null))),
  );
}

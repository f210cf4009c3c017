/** $setWindowFields: adds to each document what a function makes of the documents around it in its sorted partition. */
import { locationError, MongoError } from '../errors.ts';
import { cloneShallow, isDocument, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import { stageSort } from './plain-stages.ts';
import type { Sort } from '../query/sort.ts';
import { readPath } from '../query/update/path-writer.ts';
import type { Document } from '../storage/contract.ts';
import { accumulators } from './accumulators/registry.ts';
import type { CompiledAccumulator } from './accumulators/accumulator.ts';
import { assignPath } from './assign-path.ts';
import { compileExpression } from './expression.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { rootScope } from './expressions/compile.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import { ValueMap } from './expressions/value-order.ts';
import type { StageCompiler } from './stage.ts';
import { parseBounds, windowOf } from './windows/bounds.ts';
import type { WindowBounds } from './windows/bounds.ts';
import { rankingFunctions } from './windows/ranking.ts';
import { windowFunctions } from './windows/registry.ts';
import type { Partition, WindowFunction } from './windows/window-function.ts';

interface Output {
  readonly parts: readonly string[];
  readonly compute: WindowFunction;
}

export const compileSetWindowFields: StageCompiler = (operand, { environment }) => {
  const { partitionBy, sortBy, output } = parse(operand);
  const key = partitionBy === undefined ? () => null : compileExpression(partitionBy, environment);
  const sort = sortBy === undefined ? undefined : stageSort(sortBy, environment.collation);
  const outputs = collectOutputs(output, [], { environment, sortBy });
  return function* (documents) {
    const partitions = new ValueMap<Document[]>(environment);
    for (const document of documents) {
      const value = key(document) ?? null;
      if (Array.isArray(value))
        throw new MongoError(
          'TypeMismatch',
          'An expression used to partition cannot evaluate to value of type array',
        );
      const partition = partitions.get(value);
      if (partition === undefined) partitions.set(value, [document]);
      else partition.push(document);
    }
    for (const { item } of partitions.entries()) yield* withOutputs(partitionOf(item, sort), outputs);
  };
};

function parse(operand: unknown): { partitionBy: unknown; sortBy: Document | undefined; output: Document } {
  if (!isDocument(operand)) {
    throw new MongoError(
      'FailedToParse',
      `the $setWindowFields stage specification must be an object, found ${typeNameOf(operand)}`,
    );
  }
  for (const name of Object.keys(operand)) {
    if (!['partitionBy', 'sortBy', 'output'].includes(name)) {
      throw locationError(40415, `BSON field '$setWindowFields.${name}' is an unknown field.`);
    }
  }
  const { partitionBy, output } = operand;
  const given = operand['sortBy'] ?? undefined;
  const sortBy = isDocument(given) && Object.keys(given).length === 0 ? undefined : given;
  if (output === undefined)
    throw locationError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  if (!isDocument(output)) throw wrongType('output', output);
  if (sortBy !== undefined && !isDocument(sortBy)) throw wrongType('sortBy', sortBy);
  return { partitionBy, sortBy, output };
}

function wrongType(field: string, value: unknown): MongoError {
  return new MongoError(
    'TypeMismatch',
    `BSON field '$setWindowFields.${field}' is the wrong type '${typeNameOf(value)}', expected type 'object'`,
  );
}

interface Compilation {
  readonly environment: ExpressionEnvironment;
  readonly sortBy: Document | undefined;
}

function collectOutputs(fields: Document, prefix: readonly string[], compilation: Compilation): Output[] {
  return orderedNames(fields).flatMap((field): Output[] => {
    const parts = [...prefix, ...checkFieldPath(field, field)];
    const specification = fields[field];
    if (!isDocument(specification)) {
      throw new MongoError(
        'FailedToParse',
        `The field '${field}' must be an object, found ${typeNameOf(specification)}`,
      );
    }
    return [{ parts, compute: compileFunction(field, specification, compilation) }];
  });
}

function compileFunction(
  field: string,
  specification: Document,
  { environment, sortBy }: Compilation,
): WindowFunction {
  const operators = Object.keys(specification).filter((name) => name !== 'window');
  const [name] = operators;
  if (name === undefined || !name.startsWith('$')) {
    throw new MongoError(
      'FailedToParse',
      `Expected a $-prefixed window function${name === undefined ? '' : `, ${name}`} in field '${field}'`,
    );
  }
  if (operators.length > 1 && isRanking(name)) {
    throw locationError(5371601, 'Rank style window functions take no other arguments');
  }
  if (operators.length > 1)
    throw new MongoError('FailedToParse', `Window function found an unknown argument: ${operators[1]}`);
  const operand = specification[name];
  const { window } = specification;
  const scope = rootScope(environment);
  const compile = Object.hasOwn(windowFunctions, name) ? windowFunctions[name] : undefined;
  if (compile !== undefined) {
    const bounds = parseBounds(window, sortBy);
    return compile({ name, operand, scope, sortBy, window, bounds });
  }
  const accumulator = Object.hasOwn(accumulators, name) ? accumulators[name] : undefined;
  if (accumulator === undefined || name === '$mergeObjects') {
    throw new MongoError('FailedToParse', `Unrecognized window function, ${name}`);
  }
  const bounds = parseBounds(window, sortBy);
  return overWindows(accumulator(operand, scope, name), bounds);
}

function isRanking(name: string): boolean {
  return Object.hasOwn(rankingFunctions, name) && name !== '$shift';
}

/** A window that only grows is filled once; others are filled again for each document. */
function overWindows(accumulator: CompiledAccumulator, bounds: WindowBounds): WindowFunction {
  const startsAtFirst = bounds.lower.kind === 'unbounded';
  return ({ documents, sortValues }) => {
    let state = accumulator.start({});
    let filled = 0;
    return documents.map((_, index) => {
      const [start, end] = windowOf(bounds, index, sortValues);
      if (!startsAtFirst) {
        state = accumulator.start({});
        filled = start;
      }
      for (; filled < end; filled += 1) state.add(documents[filled]);
      return state.result() ?? null;
    });
  };
}

function partitionOf(documents: readonly Document[], sort: Sort | undefined): Partition {
  if (sort === undefined) {
    return { documents, sortValues: documents.map(() => undefined), isTie: () => false };
  }
  const keyed = documents.map((document) => ({ document, key: sort.keyOf(document) }));
  keyed.sort((a, b) => sort.compare(a.key, b.key));
  const [only, ...others] = sort.fields;
  const parts = only === undefined || others.length > 0 ? undefined : only.path.split('.');
  return {
    documents: keyed.map(({ document }) => document),
    sortValues: keyed.map(({ document }) => (parts === undefined ? undefined : readPath(document, parts))),
    isTie: (index) => {
      const [before, current] = [keyed[index - 1], keyed[index]];
      return before !== undefined && current !== undefined && sort.compare(before.key, current.key) === 0;
    },
  };
}

function* withOutputs(partition: Partition, outputs: readonly Output[]): Generator<Document> {
  const columns = outputs.map(({ compute }) => compute(partition));
  for (const [row, document] of partition.documents.entries()) {
    const result = cloneShallow(document);
    outputs.forEach(({ parts }, column) => assignPath(result, parts, columns[column]?.[row] ?? null));
    yield result;
  }
}

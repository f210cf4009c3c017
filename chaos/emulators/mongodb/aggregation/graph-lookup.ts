/** $graphLookup: follows references from document to document, breadth first. */
import { Long } from 'bson';
import { locationError, MongoError } from '../errors.ts';
import { cloneShallow, isDocument, typeNameOf } from '../query/bson-value.ts';
import { exactLong } from '../numbers/rounding.ts';
import { numberTypeOf } from '../numbers/number-type.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Predicate } from '../query/predicate.ts';
import { walkPath } from '../query/path.ts';
import type { Document } from '../storage/contract.ts';
import { replacePath } from './assign-path.ts';
import { compileExpression } from './expression.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import { ValueMap, ValueSet } from './expressions/value-order.ts';
import { equalsAny } from './lookup.ts';
import type { PipelineContext, StageCompiler } from './stage.ts';

const texts = ['from', 'as', 'connectFromField', 'connectToField', 'depthField'];

export const compileGraphLookup: StageCompiler = (operand, context) => {
  if (!isDocument(operand)) {
    throw new MongoError(
      'FailedToParse',
      `the $graphLookup stage specification must be an object, but found ${typeNameOf(operand)}`,
    );
  }
  for (const [name, value] of Object.entries(operand)) {
    if (texts.includes(name)) {
      if (typeof value !== 'string')
        throw locationError(40103, `expected string as argument for ${name}, found: ${typeNameOf(value)}`);
    } else if (!['startWith', 'maxDepth', 'restrictSearchWithMatch'].includes(name)) {
      throw locationError(40104, `Unknown argument to $graphLookup: ${name}`);
    }
  }
  const { from, as, connectFromField, connectToField, startWith, depthField, maxDepth } = operand;
  if (
    typeof from !== 'string' ||
    typeof as !== 'string' ||
    typeof connectFromField !== 'string' ||
    typeof connectToField !== 'string' ||
    startWith === undefined
  ) {
    throw locationError(
      40105,
      "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
    );
  }
  const search: Search = {
    from,
    connectFrom: checkFieldPath(connectFromField, connectFromField),
    connectTo: connectToField,
    depth: typeof depthField === 'string' ? checkFieldPath(depthField, depthField) : undefined,
    depthMax: maxDepth === undefined ? Number.POSITIVE_INFINITY : depthArgument(maxDepth),
    restriction: restrictionOf(operand['restrictSearchWithMatch'], context),
  };
  const start = compileExpression(startWith, context.environment);
  const target = checkFieldPath(as, as);
  return function* (documents) {
    for (const document of documents) {
      const value = start(document);
      const found = follow(Array.isArray(value) ? value : [value ?? null], search, context);
      const result = cloneShallow(document);
      replacePath(result, target, found);
      yield result;
    }
  };
};

interface Search {
  readonly from: string;
  readonly connectFrom: readonly string[];
  readonly connectTo: string;
  readonly depth: readonly string[] | undefined;
  readonly depthMax: number;
  readonly restriction: Predicate;
}

function depthArgument(value: unknown): number {
  if (numberTypeOf(value) === undefined)
    throw locationError(40100, `maxDepth must be numeric, found type: ${typeNameOf(value)}`);
  const depth = exactLong(value);
  if (depth === undefined)
    throw locationError(40102, `maxDepth could not be represented as a long long: ${String(value)}`);
  if (depth < 0n) throw locationError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  return Number(depth);
}

function restrictionOf(value: unknown, { environment }: PipelineContext): Predicate {
  if (value === undefined) return () => true;
  if (!isDocument(value)) {
    throw locationError(40185, `restrictSearchWithMatch must be an object, found ${typeNameOf(value)}`);
  }
  return compileFilter(value, environment);
}

/** Values are searched for once each, and documents found once each, by `_id`. */
function follow(
  start: readonly unknown[],
  search: Search,
  { environment, readCollection }: PipelineContext,
): Document[] {
  const found = new ValueMap<Document>(environment);
  const searched = new ValueSet(environment);
  let frontier: readonly unknown[] = start;
  for (let depth = 0; depth <= search.depthMax && frontier.length > 0; depth += 1) {
    for (const value of frontier) searched.add(value);
    const reached = equalsAny(search.connectTo, frontier);
    const next = new ValueSet(environment);
    for (const document of readCollection(search.from, reached)) {
      const id = document['_id'] ?? null;
      if (found.has(id) || !search.restriction(document)) continue;
      found.set(id, withDepth(document, search.depth, depth));
      walkPath(document, search.connectFrom, { expandLeaf: false }, (value) => {
        for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
          if (item !== undefined && !searched.has(item)) next.add(item);
        }
        return false;
      });
    }
    frontier = next.values();
  }
  return [...found.entries()].map(({ item }) => item);
}

function withDepth(document: Document, field: readonly string[] | undefined, depth: number): Document {
  if (field === undefined) return document;
  const copy = cloneShallow(document);
  replacePath(copy, field, Long.fromNumber(depth));
  return copy;
}

/**
 * Compiles the `u` of an update statement: a replacement, update operators or a pipeline. The result makes a new
 * document out of an old one; the old one is never changed, as other snapshots may still read it.
 */
import { shellText } from '../../storage/duplicate-key.ts';
import { locationError, MongoError } from '../../errors.ts';
import type { Document } from '../../storage/contract.ts';
import { fieldOrder, orderedNames } from '../../bson/field-order.ts';
import { compileUpdatePipeline } from '../../aggregation/update-pipeline.ts';
import type { ExpressionEnvironment } from '../../aggregation/expression.ts';
import { cloneContainers, isDocument, setField, typeNameOf } from '../bson-value.ts';
import { valuesEqual } from '../comparison.ts';
import type { Predicate } from '../predicate.ts';
import { removed, unchanged } from './operator.ts';
import type { FieldUpdate, UpdateEnvironment } from './operator.ts';
import { readPath, removePath, writePath } from './path-writer.ts';
import { isArrayIndex } from '../path.ts';
import { compileArrayFilters } from './array-filters.ts';
import { concretePaths, isPositional } from './positional-path.ts';
import { updateOperators } from './registry.ts';

export interface UpdateInput extends UpdateEnvironment {
  readonly arrayIndex: number | undefined;
}

export interface CompiledUpdate {
  readonly kind: 'replacement' | 'operators' | 'pipeline';
  apply(document: Document, input: UpdateInput): Document;
}

interface Modification {
  readonly operator: string;
  readonly parts: readonly string[];
  readonly path: string;
  readonly change: FieldUpdate;
}

interface Rename {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export function compileUpdate(
  update: unknown,
  arrayFilters: readonly unknown[],
  environment: ExpressionEnvironment,
): CompiledUpdate {
  if (Array.isArray(update)) {
    if (arrayFilters.length > 0) {
      throw new MongoError('FailedToParse', 'arrayFilters may not be specified for pipeline-style updates');
    }
    const run = compileUpdatePipeline(update, environment);
    return { kind: 'pipeline', apply: (document) => keepId(document, withId(document, run(document))) };
  }
  if (!isDocument(update)) {
    throw new MongoError('FailedToParse', 'Update argument must be either an object or an array');
  }
  const first = Object.keys(update)[0];
  if (first === undefined || !first.startsWith('$')) {
    if (arrayFilters.length > 0) {
      throw new MongoError(
        'FailedToParse',
        'arrayFilters may not be specified for replacement-style updates',
      );
    }
    return compileReplacement(update);
  }
  return compileOperators(update, arrayFilters, environment);
}

function compileReplacement(replacement: Document): CompiledUpdate {
  const operator = Object.keys(replacement).find((name) => name.startsWith('$'));
  if (operator !== undefined) {
    throw new MongoError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${operator}' in '${operator}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  const names = orderedNames(replacement).filter((name) => name !== '_id');
  return {
    kind: 'replacement',
    apply: (document) => {
      const id = replacement['_id'] ?? document['_id'];
      const result: Document = id === undefined ? {} : { _id: id };
      for (const name of names) setField(result, name, replacement[name]);
      if (fieldOrder in replacement) Object.assign(result, { [fieldOrder]: ['_id', ...names] });
      return keepId(document, result);
    },
  };
}

function compileOperators(
  update: Document,
  arrayFilters: readonly unknown[],
  environment: ExpressionEnvironment,
): CompiledUpdate {
  const modifications: Modification[] = [];
  const renames: Rename[] = [];
  for (const [name, fields] of Object.entries(update)) {
    const operator = updateOperators.get(name);
    if (operator === undefined && name !== '$rename') {
      throw new MongoError(
        'FailedToParse',
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDocument(fields)) {
      throw new MongoError(
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeNameOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${shellText(fields)}}`,
      );
    }
    for (const [path, operand] of Object.entries(fields)) {
      const parts = pathParts(path);
      if (operator === undefined) renames.push(compileRename(path, parts, operand));
      else modifications.push({ operator: name, parts, path, change: operator(operand, path) });
    }
  }
  refuseConflicts([
    ...modifications.map(({ path }) => path),
    ...renames.flatMap(({ from, to }) => [from.join('.'), to.join('.')]),
  ]);
  modifications.sort((left, right) => comparePaths(left.parts, right.parts));
  const filters = compileArrayFilters(arrayFilters, modifications, environment);
  return {
    kind: 'operators',
    apply: (document, input) => applyOperators(document, modifications, renames, filters, input),
  };
}

function applyOperators(
  document: Document,
  modifications: readonly Modification[],
  renames: readonly Rename[],
  arrayFilters: ReadonlyMap<string, Predicate>,
  input: UpdateInput,
): Document {
  const result = cloneContainers(document);
  for (const { operator, parts, path, change } of modifications) {
    for (const concrete of concretePaths(result, parts, { arrayIndex: input.arrayIndex, arrayFilters })) {
      if (operator === '$pop') refuseUnviable(result, concrete);
      if (!input.isInsert) refuseDollar(path);
      const value = change(readPath(result, concrete), input, path);
      if (value === removed) removePath(result, concrete);
      else if (value !== unchanged) writePath(result, concrete, cloneContainers(value));
    }
  }
  for (const { from, to } of renames) {
    refuseDollar(to.join('.'));
    refuseUnviable(result, from);
    const value = readPath(result, from);
    if (value === undefined) continue;
    refuseArrays(result, from);
    refuseArrays(result, to);
    removePath(result, from);
    writePath(result, to, value);
  }
  return keepId(document, result);
}

/** Such a field can be made by an insert, but not by a change. @throws MongoError DollarPrefixedFieldName. */
function refuseDollar(path: string): void {
  if (!path.startsWith('$')) return;
  throw new MongoError(
    'DollarPrefixedFieldName',
    `The dollar ($) prefixed field '${path}' in '${path}' is not valid for storage.`,
  );
}

/** @throws MongoError PathNotViable when the path goes through a value that has no fields. */
function refuseUnviable(document: Document, parts: readonly string[]): void {
  for (let length = 1; length < parts.length; length += 1) {
    const value = readPath(document, parts.slice(0, length));
    if (value === undefined) return;
    const isIndexed = Array.isArray(value) && isArrayIndex(parts[length] ?? '');
    if (isDocument(value) || isIndexed) continue;
    throw new MongoError(
      'PathNotViable',
      `Cannot use the part (${parts[length - 1]}) of (${parts.join('.')}) to traverse the element ({${parts[length - 1]}: ${shellText(value)}})`,
    );
  }
}

function refuseArrays(document: Document, parts: readonly string[]): void {
  parts.slice(0, -1).forEach((_, index) => {
    if (Array.isArray(readPath(document, parts.slice(0, index + 1)))) {
      throw new MongoError(
        'BadValue',
        `The source or destination field of $rename cannot be an array element: '${parts.join('.')}'`,
      );
    }
  });
}

function compileRename(path: string, from: readonly string[], operand: unknown): Rename {
  if (typeof operand !== 'string') {
    throw new MongoError(
      'BadValue',
      `The 'to' field for $rename must be a string: ${path}: ${shellText(operand)}`,
    );
  }
  const to = pathParts(operand);
  if (isPositional(from) || isPositional(to)) {
    throw new MongoError(
      'BadValue',
      `The source and destination field for $rename may not be dynamic: ${path}`,
    );
  }
  if (from[0] === '_id' || to[0] === '_id') {
    throw new MongoError(
      'ImmutableField',
      `Performing an update on the path '_id' would modify the immutable field '_id'`,
    );
  }
  if (path === operand) {
    throw new MongoError(
      'BadValue',
      `The source and target field for $rename must differ: ${path}: "${operand}"`,
    );
  }
  return { from, to };
}

function pathParts(path: string): string[] {
  if (path === '') throw new MongoError('EmptyFieldName', 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new MongoError(
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (path.includes('\0')) throw locationError(9867600, 'an update path must not contain a null byte');
  if (parts.filter((part) => part === '$').length > 1) {
    throw new MongoError('BadValue', `Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  if (parts[0] === '$' || parts[0]?.startsWith('$[')) {
    throw new MongoError(
      'BadValue',
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    );
  }
  return parts;
}

function refuseConflicts(paths: readonly string[]): void {
  const sorted = paths.toSorted();
  for (const [index, path] of sorted.entries()) {
    const clash = sorted.slice(index + 1).find((other) => other === path || other.startsWith(`${path}.`));
    if (clash !== undefined) {
      throw new MongoError(
        'ConflictingUpdateOperators',
        `Updating the path '${clash}' would create a conflict at '${path}'`,
      );
    }
  }
}

/** New fields are added in this order, numbers by value, as MongoDB does since 5.0. */
function comparePaths(left: readonly string[], right: readonly string[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left[index] ?? '';
    const b = right[index] ?? '';
    if (a === b) continue;
    const numeric = Number(a) - Number(b);
    if (!Number.isNaN(numeric) && numeric !== 0) return numeric;
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}

/** A pipeline may take `_id` out, or make a document without one: it keeps the one it had. */
function withId(before: Document, after: Document): Document {
  const id = before['_id'];
  if (id === undefined || after['_id'] !== undefined) return after;
  const result: Document = { _id: id };
  for (const name of orderedNames(after)) setField(result, name, after[name]);
  return result;
}

/** @throws MongoError ImmutableField when the update changed `_id`. A document without one (an upsert) takes any. */
function keepId(before: Document, after: Document): Document {
  const id = before['_id'];
  if (id === undefined) return after;
  if (!valuesEqual(id, after['_id'])) {
    throw new MongoError(
      'ImmutableField',
      `Performing an update on the path '_id' would modify the immutable field '_id'`,
    );
  }
  return after;
}

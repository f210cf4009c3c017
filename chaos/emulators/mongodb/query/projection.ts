/**
 * Projections of find and findAndModify: inclusion, exclusion, `$slice`, `$elemMatch`, the positional `$` and computed
 * fields. Fields keep the document's order; an inclusion has `_id` unless it is taken out.
 */
import { locationError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { fieldOrder, orderedNames } from '../bson/field-order.ts';
import { compileExpression } from '../aggregation/expression.ts';
import { isKnownOperator } from '../aggregation/expressions/registry.ts';
import type { Expression, ExpressionEnvironment } from '../aggregation/expression.ts';
import { checkFieldPath } from '../aggregation/expressions/field-path.ts';
import { fieldOf, isDocument, isNumeric, isTruthy, numberOf, setField } from './bson-value.ts';
import { compileFilter } from './matcher.ts';
import type { Predicate } from './predicate.ts';
import { assignPath } from '../aggregation/assign-path.ts';

type Node =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'computed' }
  | { readonly kind: 'slice'; readonly skip: number | undefined; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly test: Predicate }
  | { readonly kind: 'positional' }
  | {
      readonly kind: 'nested';
      readonly children: Map<string, Node>;
      /** A field in it is computed, for which scalars make room. */
      readonly isComputed: boolean;
    };

export interface Projection {
  /** Needs `arrayIndex` of the match, see MatchDetails. */
  readonly isPositional: boolean;
  apply(document: Document, arrayIndex: number | undefined): Document;
}

/** A pipeline's projection has none of the operators that only `find` has. */
export type ProjectionKind = 'find' | 'aggregate';

/** A list of fields may name one twice, which is refused. */
export function compileProjection(
  specification: Document | readonly (readonly [string, unknown])[],
  environment: ExpressionEnvironment,
  kind: ProjectionKind = 'find',
): Projection {
  const compiler = new ProjectionCompiler(environment, kind);
  const fields = isDocument(specification)
    ? orderedNames(specification).map((name): [string, unknown] => [name, specification[name]])
    : specification;
  for (const [name, value] of fields) compiler.add(name, value);
  return compiler.finish();
}

interface Computed {
  readonly parts: readonly string[];
  readonly expression: Expression;
}

class ProjectionCompiler {
  readonly #environment: ExpressionEnvironment;
  readonly #kind: ProjectionKind;
  readonly #root = new Map<string, Node>();
  readonly #computed: Computed[] = [];
  #mode: 'include' | 'exclude' | undefined;
  #id: boolean | undefined;
  #positional = false;
  #hasElemMatch = false;

  constructor(environment: ExpressionEnvironment, kind: ProjectionKind) {
    this.#environment = environment;
    this.#kind = kind;
  }

  add(path: string, value: unknown): void {
    if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
    if (this.#kind === 'find' && path.includes('.$.')) {
      throw locationError(
        31394,
        'As of 4.4, it is illegal to specify positional operator in the middle of a path.',
      );
    }
    if (path.endsWith('.$')) this.#addPositional(path, value);
    else if (typeof value === 'boolean' || isNumeric(value)) this.#flag(path, isTruthy(value));
    else if (isDocument(value)) this.#addDocument(path, value);
    else this.#addComputed(path, value, 31310);
  }

  #addPositional(path: string, value: unknown): void {
    if (this.#kind === 'aggregate') {
      throw locationError(31324, 'Cannot use positional projection in aggregation projection');
    }
    if (isDocument(value))
      throw locationError(31271, 'positional projection cannot be used with an expression or sub object');
    if (typeof value !== 'boolean' && !isNumeric(value)) {
      throw locationError(31308, 'positional projection cannot be used with a literal');
    }
    if (!isTruthy(value)) throw locationError(31395, 'positional projection cannot be used with exclusion');
    if (this.#positional)
      throw locationError(31276, 'Cannot specify more than one positional projection per query.');
    if (this.#hasElemMatch) throw locationError(31256, 'Cannot specify positional operator and $elemMatch.');
    this.#setMode('include', path);
    this.#positional = true;
    this.#place(path.slice(0, -2).split('.'), { kind: 'positional' }, path);
  }

  #addDocument(path: string, value: Document): void {
    const [operator] = Object.keys(value);
    if (operator === undefined) {
      throw locationError(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
    }
    if (!operator.startsWith('$')) {
      for (const name of orderedNames(value)) this.add(`${path}.${name}`, value[name]);
      return;
    }
    if (operator === '$meta') {
      const parts = path.split('.');
      this.#place(parts, { kind: 'computed' }, path);
      this.#computed.push({ parts, expression: compileExpression(value, this.#environment) });
      return;
    }
    if (operator === '$elemMatch') {
      if (this.#kind === 'aggregate')
        throw locationError(31325, 'Cannot use $elemMatch projection in aggregation projection');
      this.#addElemMatch(path, value[operator]);
    } else if (operator === '$slice' && this.#kind === 'find' && isFindSlice(value[operator])) {
      this.#place(path.split('.'), sliceNode(value[operator]), path);
    } else this.#addComputed(path, value, 31252);
  }

  #addComputed(path: string, value: unknown, codeInExclusion: number): void {
    if (this.#mode === 'exclude') {
      throw locationError(
        codeInExclusion,
        `Bad projection specification, cannot use an expression in an exclusion projection: ${path}`,
      );
    }
    refuseUnknown(value);
    this.#setMode('include', path);
    const parts = path.split('.');
    this.#place(parts, { kind: 'computed' }, path);
    if (path === '_id') this.#id = false;
    this.#computed.push({ parts, expression: compileExpression(value, this.#environment) });
  }

  finish(): Projection {
    const mode = this.#mode ?? (this.#id === true || this.#hasElemMatch ? 'include' : 'exclude');
    const root = this.#root;
    if (this.#id === undefined) {
      if (mode === 'include' && !root.has('_id')) root.set('_id', { kind: 'include' });
    } else if (this.#id && mode === 'include') root.set('_id', { kind: 'include' });
    else if (!this.#id && mode === 'exclude') root.set('_id', { kind: 'exclude' });
    const computed = this.#computed;
    return {
      isPositional: this.#positional,
      apply: (document, arrayIndex) => {
        const result = projectDocument(document, root, mode, arrayIndex);
        for (const { parts, expression } of computed) {
          assignPath(result, parts, expression(document));
        }
        return result;
      },
    };
  }

  #flag(path: string, included: boolean): void {
    if (path === '_id') {
      this.#id = included;
      return;
    }
    this.#setMode(included ? 'include' : 'exclude', path);
    this.#place(path.split('.'), { kind: included ? 'include' : 'exclude' }, path);
  }

  #setMode(mode: 'include' | 'exclude', path: string): void {
    if (this.#mode !== undefined && this.#mode !== mode) {
      throw mode === 'include'
        ? locationError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
        : locationError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
    }
    this.#mode = mode;
  }

  #addElemMatch(path: string, operand: unknown): void {
    checkFieldPath(path, path);
    if (path.includes('.')) throw locationError(31275, 'Cannot use $elemMatch projection on a nested field.');
    if (!isDocument(operand)) throw locationError(31274, `elemMatch: Invalid argument, object required`);
    if (this.#positional) throw locationError(31255, 'Cannot specify positional operator and $elemMatch.');
    this.#hasElemMatch = true;
    const test = compileFilter({ item: { $elemMatch: operand } }, this.#environment);
    this.#place([path], { kind: 'elemMatch', test: (item) => test({ item: [item] }) }, path);
  }

  #place(parts: readonly string[], node: Node, path: string): void {
    checkFieldPath(path.endsWith('.$') ? path.slice(0, -2) : path, path);
    let level = this.#root;
    parts.forEach((part, index) => {
      const existing = level.get(part);
      if (index === parts.length - 1) {
        if (existing !== undefined) throw locationError(31250, `Path collision at ${path}`);
        level.set(part, node);
      } else if (existing === undefined) {
        const children = new Map<string, Node>();
        level.set(part, { kind: 'nested', children, isComputed: node.kind === 'computed' });
        level = children;
      } else if (existing.kind === 'nested') level = existing.children;
      else {
        throw locationError(
          31249,
          `Path collision at ${path} remaining portion ${parts.slice(index + 1).join('.')}`,
        );
      }
    });
  }
}

/** @throws MongoError 31325 for an operator that does not exist, where it stands for the field. */
function refuseUnknown(value: unknown): void {
  const [name, ...others] = isDocument(value) ? Object.keys(value) : [];
  if (name === undefined || others.length > 0 || !name.startsWith('$') || isKnownOperator(name)) return;
  throw locationError(31325, `Invalid $project :: caused by :: Unknown expression ${name}`);
}

/** `find` has its own `$slice` of a number or two; with an array first it is the expression. */
function isFindSlice(operand: unknown): boolean {
  return (
    !Array.isArray(operand) ||
    operand.length < 2 ||
    (operand.length === 2 && numberOf(operand[0]) !== undefined)
  );
}

function sliceNode(operand: unknown): Node {
  if (Array.isArray(operand)) {
    if (operand.length < 2) {
      throw locationError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax');
    }
    const skip = numberOf(operand[0]);
    const limit = numberOf(operand[1]);
    if (operand.length !== 2 || skip === undefined || limit === undefined || Math.trunc(limit) <= 0) {
      throw locationError(28724, 'First argument to $slice must be an array, the second a positive number');
    }
    return { kind: 'slice', skip: Math.trunc(skip), limit: Math.trunc(limit) };
  }
  const limit = numberOf(operand);
  if (limit === undefined)
    throw locationError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax');
  return { kind: 'slice', skip: undefined, limit };
}

function sliced(array: readonly unknown[], skip: number | undefined, limit: number): unknown[] {
  if (skip === undefined) return limit < 0 ? array.slice(limit) : array.slice(0, limit);
  const start = skip < 0 ? Math.max(array.length + skip, 0) : skip;
  return array.slice(start, start + limit);
}

function projectDocument(
  document: Document,
  nodes: ReadonlyMap<string, Node>,
  mode: 'include' | 'exclude',
  arrayIndex: number | undefined,
): Document {
  const result: Document = {};
  for (const name of orderedNames(document)) {
    const projected = projectField(fieldOf(document, name), nodes.get(name), mode, arrayIndex);
    if (projected !== undefined) setField(result, name, projected);
  }
  if (fieldOrder in document) Object.assign(result, { [fieldOrder]: document[fieldOrder] });
  return result;
}

/** The projected value, undefined when the field goes away. */
function projectField(
  value: unknown,
  node: Node | undefined,
  mode: 'include' | 'exclude',
  arrayIndex: number | undefined,
): unknown {
  switch (node?.kind) {
    case undefined:
      return mode === 'exclude' ? value : undefined;
    case 'include':
      return value;
    case 'exclude':
    case 'computed':
      return undefined;
    case 'slice':
      return Array.isArray(value) ? sliced(value, node.skip, node.limit) : value;
    case 'elemMatch': {
      if (!Array.isArray(value)) return undefined;
      const index = value.findIndex((item: unknown) => node.test(item));
      return index === -1 ? undefined : [value[index] as unknown];
    }
    case 'positional': {
      if (!Array.isArray(value)) return value;
      if (arrayIndex === undefined) {
        throw locationError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      return value.slice(arrayIndex, arrayIndex + 1);
    }
    case 'nested':
      return projectNested(value, node, mode, arrayIndex);
  }
}

function projectNested(
  value: unknown,
  node: Extract<Node, { kind: 'nested' }>,
  mode: 'include' | 'exclude',
  arrayIndex: number | undefined,
): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value as readonly unknown[]) {
      const projected = projectNested(item, node, mode, arrayIndex);
      if (projected !== undefined) items.push(projected);
    }
    return items;
  }
  if (isDocument(value)) return projectDocument(value, node.children, mode, arrayIndex);
  if (mode === 'exclude') return value;
  return node.isComputed ? {} : undefined;
}

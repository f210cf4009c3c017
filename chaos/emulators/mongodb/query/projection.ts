/**
 * Projections of find and findAndModify: inclusion, exclusion, `$slice`, `$elemMatch`, the positional `$` and computed
 * fields. Fields keep the document's order; an inclusion has `_id` unless it is taken out.
 */
import { locationError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { fieldOrder, orderedNames } from '../bson/field-order.ts';
import { compileExpression } from '../aggregation/expression.ts';
import type { Expression, ExpressionEnvironment } from '../aggregation/expression.ts';
import { fieldOf, isDocument, isNumeric, isTruthy, numberOf, setField } from './bson-value.ts';
import { compileFilter } from './matcher.ts';
import type { Predicate } from './matcher.ts';
import { writePath } from './update/path-writer.ts';

type Node =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'slice'; readonly skip: number | undefined; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly test: Predicate }
  | { readonly kind: 'positional' }
  | { readonly kind: 'nested'; readonly children: Map<string, Node> };

export interface Projection {
  /** Needs `arrayIndex` of the match, see MatchDetails. */
  readonly isPositional: boolean;
  apply(document: Document, arrayIndex: number | undefined): Document;
}

export function compileProjection(specification: Document, environment: ExpressionEnvironment): Projection {
  const compiler = new ProjectionCompiler(environment);
  for (const name of orderedNames(specification)) compiler.add(name, specification[name]);
  return compiler.finish();
}

class ProjectionCompiler {
  readonly #environment: ExpressionEnvironment;
  readonly #root = new Map<string, Node>();
  readonly #computed: { readonly parts: readonly string[]; readonly expression: Expression }[] = [];
  #mode: 'include' | 'exclude' | undefined;
  #id: boolean | undefined;
  #positional = false;

  constructor(environment: ExpressionEnvironment) {
    this.#environment = environment;
  }

  add(path: string, value: unknown): void {
    if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
    if (path.endsWith('.$')) {
      if (this.#positional)
        throw locationError(31276, 'Cannot specify more than one positional projection per query.');
      this.#setMode('include', path);
      this.#positional = true;
      this.#place(path.slice(0, -2).split('.'), { kind: 'positional' }, path);
      return;
    }
    if (typeof value === 'boolean' || isNumeric(value)) {
      this.#flag(path, isTruthy(value));
      return;
    }
    if (isDocument(value)) {
      const operator = Object.keys(value)[0];
      if (operator === '$slice') {
        this.#place(path.split('.'), sliceNode(value['$slice']), path);
        return;
      }
      if (operator === '$elemMatch') {
        this.#addElemMatch(path, value['$elemMatch']);
        return;
      }
      if (operator === '$meta') {
        this.#computed.push({
          parts: path.split('.'),
          expression: compileExpression(value, this.#environment),
        });
        return;
      }
      if (operator !== undefined && !operator.startsWith('$')) {
        for (const name of orderedNames(value)) this.add(`${path}.${name}`, value[name]);
        return;
      }
      if (operator === undefined)
        throw locationError(
          51270,
          'An empty sub-projection is not a valid value. Found empty object at path',
        );
    }
    this.#setMode('include', path);
    this.#computed.push({ parts: path.split('.'), expression: compileExpression(value, this.#environment) });
  }

  finish(): Projection {
    const mode = this.#mode ?? (this.#id === true ? 'include' : 'exclude');
    const root = this.#root;
    if (this.#id === undefined) {
      if (mode === 'include') root.set('_id', { kind: 'include' });
    } else if (this.#id && mode === 'include') root.set('_id', { kind: 'include' });
    else if (!this.#id && mode === 'exclude') root.set('_id', { kind: 'exclude' });
    const computed = this.#computed;
    return {
      isPositional: this.#positional,
      apply: (document, arrayIndex) => {
        const result = projectDocument(document, root, mode, arrayIndex);
        for (const { parts, expression } of computed) {
          const value = expression(document);
          if (value !== undefined) writePath(result, parts, value);
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
    if (path.includes('.')) throw locationError(31275, 'Cannot use $elemMatch projection on a nested field.');
    if (!isDocument(operand)) throw locationError(31274, `elemMatch: Invalid argument, object required`);
    this.#setMode('include', path);
    const test = compileFilter({ item: { $elemMatch: operand } }, this.#environment);
    this.#place([path], { kind: 'elemMatch', test: (item) => test({ item: [item] }) }, path);
  }

  #place(parts: readonly string[], node: Node, path: string): void {
    let level = this.#root;
    parts.forEach((part, index) => {
      if (part === '') throw locationError(40353, "FieldPath must not end with a '.'.");
      if (part.startsWith('$'))
        throw locationError(
          16410,
          `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
        );
      const existing = level.get(part);
      const isLast = index === parts.length - 1;
      if (isLast) {
        if (existing !== undefined) throw locationError(31250, `Path collision at ${path}`);
        level.set(part, node);
      } else if (existing === undefined) {
        const children = new Map<string, Node>();
        level.set(part, { kind: 'nested', children });
        level = children;
      } else if (existing.kind === 'nested') level = existing.children;
      else
        throw locationError(
          31249,
          `Path collision at ${path} remaining portion ${parts.slice(index + 1).join('.')}`,
        );
    });
  }
}

function sliceNode(operand: unknown): Node {
  if (Array.isArray(operand)) {
    const skip = numberOf(operand[0]);
    const limit = numberOf(operand[1]);
    if (operand.length !== 2 || skip === undefined || limit === undefined || limit <= 0) {
      throw locationError(28724, 'First argument to $slice must be an array, the second a positive number');
    }
    return { kind: 'slice', skip, limit };
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
      return projectNested(value, node.children, mode, arrayIndex);
  }
}

function projectNested(
  value: unknown,
  children: ReadonlyMap<string, Node>,
  mode: 'include' | 'exclude',
  arrayIndex: number | undefined,
): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value as readonly unknown[]) {
      const projected = projectNested(item, children, mode, arrayIndex);
      if (projected !== undefined) items.push(projected);
    }
    return items;
  }
  if (!isDocument(value)) return mode === 'exclude' ? value : undefined;
  return projectDocument(value, children, mode, arrayIndex);
}

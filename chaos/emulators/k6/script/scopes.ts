/**
 * Which declaration every name in a file refers to (ECMA-262, 8.2 and 10.2.11). Names without one are globals.
 */
import type { AnyNode, Identifier, Pattern, Program } from 'acorn';
import { childrenOf, isFunction } from './syntax.ts';
import type { FunctionNode } from './syntax.ts';

export type BindingKind = 'catch' | 'class' | 'const' | 'function' | 'import' | 'let' | 'param' | 'var';

export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  readonly references: Reference[];
}

export interface Reference {
  readonly node: Identifier;
  readonly parents: Ancestry;
  /** Undefined for a global. */
  readonly binding: Binding | undefined;
}

/** The nodes around a node, from the nearest outwards. */
export interface Ancestry {
  readonly node: AnyNode;
  readonly outer: Ancestry | undefined;
}

export interface ScopeAnalysis {
  /** By the name in a function declaration, which is no reference. */
  readonly declarations: ReadonlyMap<Identifier, Binding>;
  readonly moduleBindings: ReadonlyMap<string, Binding>;
  readonly references: readonly Reference[];
  readonly globals: readonly Reference[];
}

class Scope {
  readonly bindings = new Map<string, Binding>();
  readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  declare(name: string, kind: BindingKind): void {
    if (!this.bindings.has(name)) this.bindings.set(name, { kind, name, references: [] });
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.find(name);
  }
}

export function analyzeScopes(program: Program): ScopeAnalysis {
  const resolver = new Resolver();
  const scope = new Scope();
  declareVars(program, scope);
  declareLexical(program.body, scope);
  for (const statement of program.body) resolver.visit(statement, scope, { node: program, outer: undefined });
  return {
    declarations: resolver.declarations,
    globals: resolver.references.filter(({ binding }) => binding === undefined),
    moduleBindings: scope.bindings,
    references: resolver.references,
  };
}

class Resolver {
  readonly declarations = new Map<Identifier, Binding>();
  readonly references: Reference[] = [];

  visit(node: AnyNode, scope: Scope, parents: Ancestry): void {
    if (isFunction(node)) return this.#visitFunction(node, scope, parents);
    const inner: Ancestry = { node, outer: parents };
    switch (node.type) {
      case 'Identifier':
        return this.#refer(node, scope, parents);
      case 'BlockStatement':
      case 'StaticBlock':
        return this.#visitBlock(node.body, scope, inner, node.type === 'StaticBlock' ? node : undefined);
      case 'SwitchStatement': {
        this.visit(node.discriminant, scope, inner);
        const cases = new Scope(scope);
        declareLexical(
          node.cases.flatMap(({ consequent }) => consequent),
          cases,
        );
        for (const one of node.cases) this.#visitChildren(one, cases, { node: one, outer: inner });
        return undefined;
      }
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'ForStatement': {
        const loop = new Scope(scope);
        const head = node.type === 'ForStatement' ? node.init : node.left;
        if (head?.type === 'VariableDeclaration') declareLexical([head], loop);
        return this.#visitChildren(node, loop, inner);
      }
      case 'CatchClause': {
        const caught = new Scope(scope);
        if (node.param !== null && node.param !== undefined) declarePattern(node.param, 'catch', caught);
        return this.#visitChildren(node, caught, inner);
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const named = new Scope(scope);
        if (node.id !== null && node.id !== undefined) named.declare(node.id.name, 'class');
        return this.#visitChildren(node, named, inner);
      }
      case 'MemberExpression':
        this.visit(node.object, scope, inner);
        if (node.computed) this.visit(node.property, scope, inner);
        return undefined;
      case 'MethodDefinition':
      case 'Property':
      case 'PropertyDefinition':
        if (node.computed) this.visit(node.key, scope, inner);
        if (node.value !== null && node.value !== undefined) this.visit(node.value, scope, inner);
        return undefined;
      case 'LabeledStatement':
        return this.visit(node.body, scope, inner);
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ExportAllDeclaration':
      case 'ImportDeclaration':
      case 'MetaProperty':
        return undefined;
      case 'ExportNamedDeclaration':
        if (node.declaration !== null && node.declaration !== undefined) {
          this.visit(node.declaration, scope, inner);
        } else if (node.source === null || node.source === undefined) {
          for (const { local } of node.specifiers) {
            if (local.type === 'Identifier') this.#refer(local, scope, inner);
          }
        }
        return undefined;
      default:
        return this.#visitChildren(node, scope, inner);
    }
  }

  #visitChildren(node: AnyNode, scope: Scope, parents: Ancestry): void {
    for (const child of childrenOf(node)) this.visit(child, scope, parents);
  }

  #visitBlock(
    body: readonly AnyNode[],
    scope: Scope,
    parents: Ancestry,
    varScope: AnyNode | undefined,
  ): void {
    const block = new Scope(scope);
    if (varScope !== undefined) declareVars(varScope, block);
    declareLexical(body, block);
    for (const statement of body) this.visit(statement, block, parents);
  }

  #visitFunction(node: FunctionNode, scope: Scope, parents: Ancestry): void {
    const inner: Ancestry = { node, outer: parents };
    const declared =
      node.type === 'FunctionDeclaration' && node.id !== null ? scope.find(node.id.name) : undefined;
    if (node.id !== null && node.id !== undefined && declared !== undefined)
      this.declarations.set(node.id, declared);
    let outer = scope;
    if (node.type === 'FunctionExpression' && node.id !== null && node.id !== undefined) {
      outer = new Scope(scope);
      outer.declare(node.id.name, 'function');
    }
    const own = new Scope(outer);
    if (node.type !== 'ArrowFunctionExpression') own.declare('arguments', 'param');
    for (const param of node.params) declarePattern(param, 'param', own);
    for (const param of node.params) this.visit(param, own, inner);
    if (node.body.type !== 'BlockStatement') return this.visit(node.body, own, inner);
    declareVars(node.body, own);
    declareLexical(node.body.body, own);
    const body: Ancestry = { node: node.body, outer: inner };
    for (const statement of node.body.body) this.visit(statement, own, body);
    return undefined;
  }

  #refer(node: Identifier, scope: Scope, parents: Ancestry): void {
    const reference: Reference = { binding: scope.find(node.name), node, parents };
    reference.binding?.references.push(reference);
    this.references.push(reference);
  }
}

/** `var` belongs to the function or module around it, however deep it stands in blocks. */
function declareVars(node: AnyNode, scope: Scope): void {
  for (const child of childrenOf(node)) {
    if (isFunction(child) || child.type === 'StaticBlock') continue;
    if (child.type === 'VariableDeclaration' && child.kind === 'var') {
      for (const { id } of child.declarations) declarePattern(id, 'var', scope);
    }
    declareVars(child, scope);
  }
}

function declareLexical(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) declareStatement(statement, scope);
}

function declareStatement(statement: AnyNode, scope: Scope): void {
  switch (statement.type) {
    case 'VariableDeclaration':
      if (statement.kind !== 'var') {
        const kind = statement.kind === 'let' ? 'let' : 'const';
        for (const { id } of statement.declarations) declarePattern(id, kind, scope);
      }
      break;
    case 'ClassDeclaration':
      if (statement.id !== null) scope.declare(statement.id.name, 'class');
      break;
    case 'FunctionDeclaration':
      if (statement.id !== null) scope.declare(statement.id.name, 'function');
      break;
    case 'LabeledStatement':
      declareStatement(statement.body, scope);
      break;
    case 'ExportDefaultDeclaration':
    case 'ExportNamedDeclaration':
      if (statement.declaration !== null && statement.declaration !== undefined) {
        declareStatement(statement.declaration, scope);
      }
      break;
    case 'ImportDeclaration':
      for (const { local } of statement.specifiers) scope.declare(local.name, 'import');
      break;
    default:
  }
}

function declarePattern(pattern: Pattern, kind: BindingKind, scope: Scope): void {
  for (const name of namesIn(pattern)) scope.declare(name, kind);
}

export function* namesIn(pattern: Pattern): Generator<string> {
  switch (pattern.type) {
    case 'Identifier':
      yield pattern.name;
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element !== null) yield* namesIn(element);
      break;
    case 'AssignmentPattern':
      yield* namesIn(pattern.left);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        yield* namesIn(property.type === 'RestElement' ? property.argument : property.value);
      }
      break;
    case 'RestElement':
      yield* namesIn(pattern.argument);
      break;
    default:
  }
}

/** What one file says of its functions: which names are functions for good, and what it exports. */
import type { AnyNode, Identifier } from 'acorn';
import type { Binding, Reference } from '../scopes.ts';
import { childrenOf, isFunction } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import type { FunctionModel, Obstacle, SourceFile } from './program-model.ts';

export type ImportedFrom = { readonly module: string; readonly name: string };

export class FileModel {
  readonly file: SourceFile;
  readonly functions = new Map<FunctionNode, FunctionModel>();
  readonly topLevel: FunctionModel;
  readonly #references = new Map<AnyNode, Reference>();
  readonly #inits = new Map<Binding, AnyNode>();
  readonly #declaredTwice = new Set<Binding>();
  readonly #imports = new Map<Binding, ImportedFrom>();
  /** Exported name to a local one, or to where it comes from. */
  readonly exports = new Map<string, { readonly local: string } | ImportedFrom>();
  readonly starExports: string[] = [];

  constructor(file: SourceFile) {
    this.file = file;
    this.topLevel = newFunction(undefined, file, undefined);
    for (const reference of file.scopes.references) this.#references.set(reference.node, reference);
    this.#collect(file.parsed.program, undefined);
    for (const statement of file.parsed.program.body) this.#takeDeclaration(statement);
  }

  referenceOf(node: AnyNode): Reference | undefined {
    return this.#references.get(node);
  }

  importOf({ binding }: Reference): ImportedFrom | undefined {
    return binding === undefined ? undefined : this.#imports.get(binding);
  }

  /** What a name stands for as long as nothing is assigned to it. */
  initOf({ binding }: Reference): AnyNode | undefined {
    return binding === undefined ? undefined : this.#lasting(binding);
  }

  functionOf(node: AnyNode | undefined): FunctionModel | undefined {
    if (node === undefined) return undefined;
    if (isFunction(node)) return this.functions.get(node);
    const reference = node.type === 'Identifier' ? this.referenceOf(node) : undefined;
    return reference === undefined ? undefined : this.functionOf(this.initOf(reference));
  }

  /** The function that a name of the top level stands for. */
  functionNamed(local: string): FunctionModel | undefined {
    const binding = this.file.scopes.moduleBindings.get(local);
    return binding === undefined ? undefined : this.functionOf(this.#lasting(binding));
  }

  importNamed(local: string): ImportedFrom | undefined {
    const binding = this.file.scopes.moduleBindings.get(local);
    return binding === undefined ? undefined : this.#imports.get(binding);
  }

  /** What a binding holds for good. */
  #lasting(binding: Binding): AnyNode | undefined {
    if (binding.kind === 'param' || this.#declaredTwice.has(binding) || binding.references.some(isAssigned)) {
      return undefined;
    }
    return this.#inits.get(binding);
  }

  #collect(node: AnyNode, parent: AnyNode | undefined): void {
    if (isFunction(node)) this.functions.set(node, newFunction(node, this.file, obstacleOf(node, parent)));
    if (node.type === 'FunctionDeclaration' && node.id !== null) this.#setInit(node.id, node);
    if (
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.init !== null &&
      node.init !== undefined
    ) {
      this.#setInit(node.id, node.init);
    }
    for (const child of childrenOf(node)) this.#collect(child, node);
  }

  #setInit(id: Identifier, init: AnyNode): void {
    const binding = this.#references.get(id)?.binding ?? this.#bindingDeclaredAs(id, init);
    if (binding === undefined) return;
    if (this.#inits.has(binding)) this.#declaredTwice.add(binding);
    this.#inits.set(binding, init);
  }

  /** The name of a function declaration is no reference; its uses are. */
  #bindingDeclaredAs(id: Identifier, init: AnyNode): Binding | undefined {
    if (init.type !== 'FunctionDeclaration') return undefined;
    return this.file.scopes.declarations.get(id);
  }

  #takeDeclaration(statement: AnyNode): void {
    switch (statement.type) {
      case 'ImportDeclaration': {
        const module = this.file.target(String(statement.source.value));
        for (const specifier of statement.specifiers) {
          const binding = this.file.scopes.moduleBindings.get(specifier.local.name);
          if (binding !== undefined) this.#imports.set(binding, { module, name: importedName(specifier) });
        }
        break;
      }
      case 'ExportAllDeclaration':
        this.starExports.push(this.file.target(String(statement.source.value)));
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        if (declaration.type === 'Identifier') this.exports.set('default', { local: declaration.name });
        else if ('id' in declaration && declaration.id?.type === 'Identifier') {
          this.exports.set('default', { local: declaration.id.name });
        }
        break;
      }
      case 'ExportNamedDeclaration': {
        const { declaration, source, specifiers } = statement;
        if (declaration?.type === 'FunctionDeclaration')
          this.exports.set(declaration.id.name, { local: declaration.id.name });
        if (declaration?.type === 'VariableDeclaration') {
          for (const { id } of declaration.declarations) {
            if (id.type === 'Identifier') this.exports.set(id.name, { local: id.name });
          }
        }
        for (const { exported, local } of specifiers) {
          const from =
            source === null || source === undefined ? undefined : this.file.target(String(source.value));
          const name = textOf(local);
          this.exports.set(textOf(exported), from === undefined ? { local: name } : { module: from, name });
        }
        break;
      }
      default:
    }
  }
}

function textOf(node: { type: string; name?: string; value?: unknown }): string {
  return node.name ?? String(node.value);
}

function importedName(specifier: {
  type: string;
  imported?: { type: string; name?: string; value?: unknown };
}): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return specifier.imported === undefined ? '*' : textOf(specifier.imported);
}

function newFunction(
  node: FunctionNode | undefined,
  file: SourceFile,
  obstacle: Obstacle | undefined,
): FunctionModel {
  return {
    blocks: false,
    calls: [],
    file,
    isAsync: node?.async === true,
    node,
    obstacle,
    propertyNames: new Set(),
    suspends: false,
  };
}

function obstacleOf(node: FunctionNode, parent: AnyNode | undefined): Obstacle | undefined {
  if (node.generator) return 'a generator';
  if (parent?.type === 'MethodDefinition' && parent.kind === 'constructor') return 'a constructor';
  const isAccessor =
    (parent?.type === 'MethodDefinition' || parent?.type === 'Property') &&
    (parent.kind === 'get' || parent.kind === 'set');
  if (isAccessor) return 'a getter or setter';
  if (usesSuper(node)) return 'a function with super or new.target';
  return hasVarLikeParameter(node) ? 'a function with a var named like a parameter' : undefined;
}

/** Arrow functions have those of the function around them. */
function usesSuper(node: FunctionNode): boolean {
  const within = (inner: AnyNode): boolean => {
    if (inner.type === 'Super' || (inner.type === 'MetaProperty' && inner.meta.name === 'new')) return true;
    if (isFunction(inner) && inner.type !== 'ArrowFunctionExpression') return false;
    return [...childrenOf(inner)].some(within);
  };
  return within(node.body) || node.params.some(within);
}

/** Moved into a function of its own the `var` would be another variable than the parameter. */
function hasVarLikeParameter(node: FunctionNode): boolean {
  const names = new Set<string>();
  const collect = (inner: AnyNode): void => {
    if (inner.type === 'Identifier') names.add(inner.name);
    for (const child of childrenOf(inner)) collect(child);
  };
  for (const param of node.params) collect(param);
  if (names.size === 0) return false;
  const declares = (inner: AnyNode): boolean => {
    if (isFunction(inner))
      return inner.type === 'FunctionDeclaration' && inner.id !== null && names.has(inner.id.name);
    if (inner.type === 'VariableDeclaration' && inner.kind === 'var') {
      return (
        inner.declarations.some(({ id }) => id.type !== 'Identifier' || names.has(id.name)) ||
        [...childrenOf(inner)].some(declares)
      );
    }
    return [...childrenOf(inner)].some(declares);
  };
  return [...childrenOf(node.body)].some(declares);
}

/** Something else may be under the name later. */
function isAssigned({ node, parents }: Reference): boolean {
  const parent = parents.node;
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node;
    case 'ArrayPattern':
    case 'RestElement':
    case 'UpdateExpression':
      return true;
    case 'Property':
      return parents.outer?.node.type === 'ObjectPattern';
    default:
      return false;
  }
}

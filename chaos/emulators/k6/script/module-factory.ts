/**
 * Rewrites an ECMAScript module into the function that makes an instance of it. Exports become getters, hence they stay live;
 * a name that is imported becomes a property of the module it comes from.
 */
import type { AnyNode, ExportDefaultDeclaration, ExportNamedDeclaration, ImportDeclaration } from 'acorn';
import type { Edits } from './edits.ts';
import type { EsModuleCode, ModuleImport, ReExport } from './module-code.ts';
import { namesIn } from './scopes.ts';
import type { Ancestry, Reference, ScopeAnalysis } from './scopes.ts';
import { walk } from './syntax.ts';
import { globalsOfVu } from './own-realm.ts';
import type { ReadSource } from './read-source.ts';

const defaultVariable = '$k6default';

type Rewritten = Pick<EsModuleCode, 'code' | 'exports' | 'imports' | 'isAsync' | 'reExports' | 'starExports'>;

interface ImportedName {
  readonly from: number;
  /** `*` for the module itself. */
  readonly imported: string;
}

/** In TypeScript an import that is used only as a type is none. */
export function rewriteModule(
  { isTypeScript, parsed, scopes }: ReadSource,
  edits: Edits,
  prelude: string,
): Rewritten {
  const { program, waitsAtTopLevel } = parsed;
  walk(program, (node) => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import')
      edits.replace(node.start, node.end, '$k6.meta');
  });
  const rewriter = new ModuleRewriter(edits, scopes, isTypeScript);
  for (const statement of program.body) rewriter.take(statement);
  return rewriter.finish(waitsAtTopLevel, prelude);
}

class ModuleRewriter {
  readonly #edits: Edits;
  readonly #scopes: ScopeAnalysis;
  readonly #isTypeScript: boolean;
  readonly #imports: { specifier: string; names: Set<string> }[] = [];
  readonly #imported = new Map<string, ImportedName>();
  /** Exported name to the expression that gives it. */
  readonly #exports = new Map<string, string>();
  readonly #reExports: ReExport[] = [];
  readonly #starExports: number[] = [];
  #defaultName = '';

  constructor(edits: Edits, scopes: ScopeAnalysis, isTypeScript: boolean) {
    this.#edits = edits;
    this.#scopes = scopes;
    this.#isTypeScript = isTypeScript;
  }

  take(statement: AnyNode): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        this.#takeImport(statement);
        break;
      case 'ExportAllDeclaration': {
        const from = this.#import(String(statement.source.value));
        if (statement.exported === null || statement.exported === undefined) this.#starExports.push(from);
        else this.#exports.set(nameOf(statement.exported), moduleVariable(from));
        this.#edits.remove(statement.start, statement.end);
        break;
      }
      case 'ExportDefaultDeclaration':
        this.#takeDefault(statement);
        break;
      case 'ExportNamedDeclaration':
        this.#takeNamedExport(statement);
        break;
      default:
    }
  }

  /** What is each VU's own is found by way of the VU; in a realm of its own that is the global object. */
  #replaceGlobals(): void {
    for (const { node, parents } of this.#scopes.globals) {
      const { node: parent } = parents;
      if (globalsOfVu.has(node.name)) {
        const isShorthand = parent.type === 'Property' && parent.shorthand;
        this.#edits.replace(
          node.start,
          node.end,
          `${isShorthand ? `${node.name}: ` : ''}$k6.globals.${node.name}`,
        );
      } else if (node.name === 'Math' && isRandom(parent)) {
        this.#edits.replace(parent.start, parent.end, '$k6.random');
      }
    }
  }

  finish(isAsync: boolean, prelude: string): Rewritten {
    for (const reference of this.#scopes.references) {
      const imported = this.#imported.get(reference.node.name);
      if (imported !== undefined && reference.binding?.kind === 'import') this.#replace(reference, imported);
    }
    this.#replaceGlobals();
    const getters = [...this.#exports].map(([name, value]) => `${JSON.stringify(name)}: () => ${value}`);
    const modules = this.#imports.map((_, index) => moduleVariable(index)).join(', ');
    const { source } = this.#edits;
    // It may stand only at the very beginning of a file.
    if (source.startsWith('#!')) this.#edits.remove(0, source.indexOf('\n'));
    const head =
      `(${isAsync ? 'async ' : ''}function ($k6) { "use strict"; ${prelude}const [${modules}] = $k6.modules; ` +
      `$k6.exports({ ${getters.join(', ')} }); ${this.#defaultName}`;
    return {
      code: `${head}${this.#edits.apply()}\n})`,
      exports: [...this.#exports.keys()],
      imports: this.#imports.map(({ names, specifier }): ModuleImport => ({ names: [...names], specifier })),
      isAsync,
      reExports: this.#reExports,
      starExports: this.#starExports,
    };
  }

  #import(specifier: string): number {
    const found = this.#imports.findIndex((one) => one.specifier === specifier);
    return found >= 0 ? found : this.#imports.push({ names: new Set(), specifier }) - 1;
  }

  #takeImport({ end, source, specifiers, start }: ImportDeclaration): void {
    const used = specifiers.filter(({ local }) => !this.#isTypeOnly(local.name));
    // An import whose names are all types goes away as a whole; one without names is there for what it does.
    if (used.length > 0 || specifiers.length === 0) {
      const from = this.#import(String(source.value));
      for (const specifier of used) {
        const imported = importedNameOf(specifier);
        this.#imported.set(specifier.local.name, { from, imported });
        if (imported !== '*') this.#imports[from]?.names.add(imported);
      }
    }
    this.#edits.remove(start, end);
  }

  #isTypeOnly(local: string): boolean {
    return this.#isTypeScript && this.#scopes.moduleBindings.get(local)?.references.length === 0;
  }

  #takeDefault(statement: ExportDefaultDeclaration): void {
    const { declaration, end, start } = statement;
    const keywords =
      /^export(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*default/.exec(this.#edits.source.slice(start))?.[0] ?? '';
    const bodyStart = start + keywords.length;
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      if (declaration.id !== null) {
        this.#edits.remove(start, bodyStart);
        this.#exports.set('default', declaration.id.name);
        return;
      }
      this.#exports.set('default', defaultVariable);
      if (declaration.type === 'FunctionDeclaration') {
        const nameAt = this.#edits.source.indexOf('(', declaration.start);
        this.#edits.remove(start, bodyStart);
        this.#edits.insert(nameAt, ` ${defaultVariable}`);
        this.#defaultName = `$k6.name(${defaultVariable}); `;
        return;
      }
    }
    this.#exports.set('default', defaultVariable);
    const semicolon = this.#edits.source[end - 1] === ';' ? 1 : 0;
    this.#edits.replace(start, bodyStart, `const ${defaultVariable} = { default:${lineBreaksOf(keywords)}`);
    this.#edits.insert(end - semicolon, ' }.default');
    if (semicolon === 0) this.#edits.insert(end, ';');
  }

  #takeNamedExport({ declaration, end, source, specifiers, start }: ExportNamedDeclaration): void {
    if (declaration !== null && declaration !== undefined) {
      this.#edits.remove(start, declaration.start);
      if (declaration.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations) {
          for (const name of namesIn(id)) this.#exports.set(name, name);
        }
      } else {
        this.#exports.set(declaration.id.name, declaration.id.name);
      }
      return;
    }
    this.#edits.remove(start, end);
    const from = source === null || source === undefined ? undefined : this.#import(String(source.value));
    for (const { exported, local } of specifiers) {
      if (from === undefined) this.#exportLocal(nameOf(local), nameOf(exported));
      else this.#reExports.push({ exported: nameOf(exported), from, imported: nameOf(local) });
    }
  }

  #exportLocal(local: string, exported: string): void {
    const binding = this.#scopes.moduleBindings.get(local);
    if (binding?.kind === 'import') {
      const imported = this.#imported.get(local);
      if (imported?.imported === '*') this.#exports.set(exported, moduleVariable(imported.from));
      else if (imported !== undefined) this.#reExports.push({ exported, ...imported });
      return;
    }
    // A type is exported by its name, which means nothing once types are gone.
    if (binding === undefined && this.#isTypeScript) return;
    this.#exports.set(exported, local);
  }

  #replace({ node, parents }: Reference, { from, imported }: ImportedName): void {
    const parent = parents.node;
    if (parent.type === 'ExportNamedDeclaration') return;
    const property = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(imported)
      ? `.${imported}`
      : `[${JSON.stringify(imported)}]`;
    const value = imported === '*' ? moduleVariable(from) : `${moduleVariable(from)}${property}`;
    const isShorthand = parent.type === 'Property' && parent.shorthand;
    if (isShorthand) this.#edits.replace(node.start, node.end, `${node.name}: ${value}`);
    else if (isCallee(node, parent) && imported !== '*') {
      // Called as a property it would get the module as `this`.
      if (beginsStatement(node, parents)) this.#edits.guard(node.start);
      this.#edits.replace(node.start, node.end, `(0, ${value})`);
    } else this.#edits.replace(node.start, node.end, value);
  }
}

function isRandom(node: AnyNode): boolean {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.property.type === 'Identifier' &&
    node.property.name === 'random'
  );
}

function moduleVariable(index: number): string {
  return `$k6m${index}`;
}

function isCallee(node: AnyNode, parent: AnyNode): boolean {
  return (
    (parent.type === 'CallExpression' && parent.callee === node) ||
    (parent.type === 'TaggedTemplateExpression' && parent.tag === node)
  );
}

/** A parenthesis there would continue the line before when that ends without a semicolon. */
function beginsStatement(node: AnyNode, parents: Ancestry): boolean {
  for (
    let at: Ancestry | undefined = parents;
    at !== undefined && at.node.start === node.start;
    at = at.outer
  ) {
    if (at.node.type === 'ExpressionStatement') return statementLists.has(at.outer?.node.type ?? '');
  }
  return false;
}

const statementLists: ReadonlySet<string> = new Set([
  'BlockStatement',
  'Program',
  'StaticBlock',
  'SwitchCase',
]);

function importedNameOf(specifier: ImportDeclaration['specifiers'][number]): string {
  switch (specifier.type) {
    case 'ImportDefaultSpecifier':
      return 'default';
    case 'ImportNamespaceSpecifier':
      return '*';
    case 'ImportSpecifier':
      return nameOf(specifier.imported);
  }
}

function nameOf(node: { type: 'Identifier'; name: string } | { type: string; value?: unknown }): string {
  return 'name' in node ? node.name : String(node.value);
}

function lineBreaksOf(text: string): string {
  return text.replaceAll(/[^\n]+/g, '');
}

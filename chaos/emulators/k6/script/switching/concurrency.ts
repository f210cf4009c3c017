/**
 * Whether a script has more than one thing under way at a time. If so its VUs cannot be switched at calls that block: such a call
 * holds up all else of its VU, and nothing but a thread that stands still does that.
 */
import type { AnyNode } from 'acorn';
import { childrenOf, isFunction } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import type { SourceFile } from './program-model.ts';

const concurrentGlobals: ReadonlySet<string> = new Set(['Promise', 'crypto', 'setInterval', 'setTimeout']);
const sequentialModules: ReadonlySet<string> = new Set([
  'k6',
  'k6/crypto',
  'k6/data',
  'k6/encoding',
  'k6/execution',
  'k6/html',
  'k6/http',
  'k6/metrics',
  'k6/net/grpc',
  'k6/ws',
]);
const promiseMethods: ReadonlySet<string> = new Set([
  'asyncInvoke',
  'asyncRequest',
  'catch',
  'finally',
  'then',
]);

/** In words, the first thing found; undefined when the script does one thing after the other. */
export function concurrencyOf(files: readonly SourceFile[], entry: string): string | undefined {
  for (const file of files) {
    const found = inFile(file, file.url === entry);
    if (found !== undefined) return `${found.what} (${file.url}:${found.node.loc?.start.line ?? 0})`;
  }
  return undefined;
}

interface Found {
  readonly what: string;
  readonly node: AnyNode;
}

function inFile({ parsed, scopes, target }: SourceFile, isEntry: boolean): Found | undefined {
  const global = scopes.globals.find(({ node }) => concurrentGlobals.has(node.name));
  if (global !== undefined) return { node: global.node, what: `${global.node.name} beside calls that block` };
  for (const statement of parsed.program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const module = target(String(statement.source.value));
    if (/^k6(?:\/|$)/.test(module) && !sequentialModules.has(module)) {
      return { node: statement, what: `${module} beside calls that block` };
    }
  }
  const exported = isEntry ? exportedFunctions(parsed.program) : new Set<FunctionNode>();
  return search(parsed.program, undefined, exported);
}

function search(
  node: AnyNode,
  parent: AnyNode | undefined,
  exported: ReadonlySet<FunctionNode>,
): Found | undefined {
  if (isFunction(node) && node.async && !exported.has(node)) {
    return { node, what: 'an async function beside calls that block' };
  }
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    parent?.type !== 'AwaitExpression'
  ) {
    const { property } = node.callee;
    if (property.type === 'Identifier' && promiseMethods.has(property.name)) {
      return { node, what: `${property.name}() beside calls that block` };
    }
  }
  for (const child of childrenOf(node)) {
    const found = search(child, node, exported);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Called by the runtime alone, which waits for them. */
function exportedFunctions(program: SourceFile['parsed']['program']): Set<FunctionNode> {
  const found = new Set<FunctionNode>();
  const add = (node: AnyNode | null | undefined): void => {
    if (node !== null && node !== undefined && isFunction(node)) found.add(node);
  };
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') add(statement.declaration);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    add(statement.declaration);
    if (statement.declaration?.type === 'VariableDeclaration') {
      for (const { init } of statement.declaration.declarations) add(init);
    }
  }
  return found;
}

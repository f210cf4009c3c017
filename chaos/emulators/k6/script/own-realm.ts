/**
 * Whether a module needs a realm of its own. VUs may share one whose built-in objects are frozen: then none can leave anything in
 * it for another, and a script that does not try cannot tell. One that may change a built-in object, or that hands one to code
 * which might, gets its own.
 */
import type { AnyNode } from 'acorn';
import type { Ancestry, Reference } from './scopes.ts';
import type { ReadSource } from './read-source.ts';
import { walk } from './syntax.ts';

/** Globals that are each VU's own in a shared realm too. */
export const globalsOfVu: ReadonlySet<string> = new Set([
  'TextDecoder',
  'TextEncoder',
  '__ENV',
  '__ITER',
  '__VU',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'open',
  'require',
  'setInterval',
  'setTimeout',
]);

/** By these a script reaches objects of the realm, or code that no rewriting sees. */
const revealingGlobals: ReadonlySet<string> = new Set([
  'Function',
  'Proxy',
  'Reflect',
  'eval',
  'exports',
  'global',
  'globalThis',
  'module',
  'self',
  'window',
]);

const revealingProperties: ReadonlySet<string> = new Set([
  '__defineGetter__',
  '__defineSetter__',
  '__proto__',
  'defineProperties',
  'getPrototypeOf',
  'setPrototypeOf',
]);

/** Methods that call a function on each element and do nothing else with it. */
const callbackMethods: ReadonlySet<string> = new Set([
  'every',
  'filter',
  'find',
  'flatMap',
  'from',
  'map',
  'some',
]);
const converters: ReadonlySet<string> = new Set(['BigInt', 'Boolean', 'Number', 'String']);
const constants: ReadonlySet<string> = new Set(['Infinity', 'NaN', 'undefined']);

/** In words, the first reason for a realm of its own; undefined when there is none. */
export function needOfOwnRealm({ parsed, scopes, url }: ReadSource): string | undefined {
  if (parsed.kind === 'common-js') return `${url} is CommonJS`;
  const reference = scopes.globals.find(mayReveal);
  if (reference !== undefined) return place(url, reference.node, reference.node.name);
  let found: string | undefined;
  walk(parsed.program, (node) => {
    if (found !== undefined) return 'skip';
    const name = revealedBy(node);
    if (name !== undefined) found = place(url, node, name);
    return undefined;
  });
  return found;
}

function place(url: string, node: AnyNode, what: string): string {
  return `${what} in ${url}:${node.loc?.start.line ?? 0}`;
}

function revealedBy(node: AnyNode): string | undefined {
  if (node.type === 'MemberExpression' || node.type === 'Property') {
    const key = node.type === 'MemberExpression' ? node.property : node.key;
    const name = node.computed ? literalOf(key) : nameOf(key);
    if (name !== undefined && revealingProperties.has(name)) return name;
  }
  return undefined;
}

function nameOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' ? node.name : literalOf(node);
}

function literalOf(node: AnyNode): string | undefined {
  return node.type === 'Literal' ? String(node.value) : undefined;
}

/** Anything but calling a global, making one of it or reading of it may hand it on. */
function mayReveal({ node, parents }: Reference): boolean {
  if (revealingGlobals.has(node.name)) return true;
  const isAssigned = isTarget(node, parents);
  if (constants.has(node.name) || globalsOfVu.has(node.name)) return isAssigned;
  const { node: parent } = parents;
  switch (parent.type) {
    case 'BinaryExpression':
      return parent.operator !== 'instanceof' || parent.right !== node;
    case 'CallExpression':
      if (parent.callee === node) return false;
      return !(converters.has(node.name) && isCallback(parent.callee));
    case 'ClassDeclaration':
    case 'ClassExpression':
      return parent.superClass !== node;
    case 'MemberExpression':
      return parent.object !== node || isUsedUp(parent, parents) === false;
    case 'NewExpression':
      return parent.callee !== node;
    case 'UnaryExpression':
      return parent.operator !== 'typeof';
    default:
      return true;
  }
}

/** `Math.max(…)` and `Number.MAX_VALUE`: a member that is called or is a number, of a name that stands there. */
function isUsedUp(member: Extract<AnyNode, { type: 'MemberExpression' }>, parents: Ancestry): boolean {
  if (member.computed || member.property.type !== 'Identifier') return false;
  const { name } = member.property;
  if (name === 'prototype' || name === 'constructor') return false;
  const around = parents.outer?.node;
  if (around?.type === 'CallExpression' && around.callee === member) return true;
  if (around?.type === 'NewExpression' && around.callee === member) return true;
  if (around?.type === 'AssignmentExpression' && around.left === member) return false;
  return (
    /^[A-Z][A-Z0-9_]*$/.test(name) || (member.object.type === 'Identifier' && member.object.name === 'Symbol')
  );
}

function isCallback(callee: AnyNode): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return false;
  return callbackMethods.has(callee.property.name);
}

function isTarget(node: AnyNode, { node: parent }: Ancestry): boolean {
  return (
    (parent.type === 'AssignmentExpression' && parent.left === node) ||
    parent.type === 'UpdateExpression' ||
    (parent.type === 'MemberExpression' && parent.object === node && isRevealingMember(parent))
  );
}

function isRevealingMember(member: Extract<AnyNode, { type: 'MemberExpression' }>): boolean {
  return member.property.type === 'Identifier' && ['constructor', 'prototype'].includes(member.property.name);
}

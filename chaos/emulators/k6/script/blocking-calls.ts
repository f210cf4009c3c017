/**
 * Whether a module may make a call that blocks. It is a `no` only when every use of what can block is seen and is none; whatever
 * hands such a function on counts as a call.
 */
import type { Program } from 'acorn';
import type { Reference, ScopeAnalysis } from './scopes.ts';
import { walk } from './syntax.ts';

/** Of each module of k6 what blocks. */
export const blockingNames: Readonly<Record<string, ReadonlySet<string>>> = {
  k6: new Set(['sleep']),
  'k6/http': new Set(['batch', 'del', 'get', 'head', 'options', 'patch', 'post', 'put', 'request']),
  'k6/net/grpc': new Set(['Client']),
  'k6/ws': new Set(['connect']),
};

/** Methods of responses. */
const blockingMethods: ReadonlySet<string> = new Set(['clickLink', 'submitForm']);

export function moduleMayBlock(program: Program, scopes: ScopeAnalysis): boolean {
  if (callsMethod(program)) return true;
  return program.body.some((statement) => {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        return String(statement.source.value) in blockingNames;
      case 'ExportNamedDeclaration':
        return (
          statement.source !== null &&
          statement.source !== undefined &&
          String(statement.source.value) in blockingNames
        );
      case 'ImportDeclaration': {
        const names = blockingNames[String(statement.source.value)];
        if (names === undefined) return false;
        return statement.specifiers.some((specifier) => {
          const references = scopes.moduleBindings.get(specifier.local.name)?.references ?? [];
          if (specifier.type !== 'ImportSpecifier') return references.some((one) => mayTake(one, names));
          const imported =
            specifier.imported.type === 'Identifier'
              ? specifier.imported.name
              : String(specifier.imported.value);
          if (imported === 'default') return references.some((one) => mayTake(one, names));
          return names.has(imported) && references.length > 0;
        });
      }
      default:
        return false;
    }
  });
}

/** Of CommonJS nothing is sure but that a file which requires no such module cannot block. */
export function commonJsMayBlock(program: Program, requires: readonly string[]): boolean {
  if (callsMethod(program) || requires.some((name) => name in blockingNames)) return true;
  let requiresUnknown = false;
  walk(program, (node) => {
    if (node.type !== 'Identifier' || node.name !== 'require') return;
    requiresUnknown = true;
  });
  return requiresUnknown && requires.length === 0;
}

/** Anything but reading another member by its name may take a blocking one. */
function mayTake({ node, parents }: Reference, names: ReadonlySet<string>): boolean {
  const parent = parents.node;
  if (parent.type !== 'MemberExpression' || parent.object !== node || parent.computed) return true;
  return (
    parent.property.type !== 'Identifier' ||
    names.has(parent.property.name) ||
    parent.property.name === 'default'
  );
}

function callsMethod(program: Program): boolean {
  let found = false;
  walk(program, (node) => {
    found ||=
      node.type === 'MemberExpression' &&
      node.property.type === 'Identifier' &&
      blockingMethods.has(node.property.name);
  });
  return found;
}

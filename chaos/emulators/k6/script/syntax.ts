/** Parses scripts into ESTree nodes. What k6's own engine has no syntax for is refused here, with the line it stands in. */
import { parse } from 'acorn';
import type { AnyNode, Program } from 'acorn';
import { messageOf } from '../errors.ts';

export type SourceKind = 'common-js' | 'module';

export interface ParsedSource {
  readonly kind: SourceKind;
  readonly program: Program;
  /** The module waits for something while it is loaded. */
  readonly waitsAtTopLevel: boolean;
}

/**
 * A file is a module when it parses as one and has an import, an export or a top-level await; anything else is CommonJS, as
 * in k6. Throws a `SyntaxError` that names file and line.
 */
export function parseSource(text: string, url: string): ParsedSource {
  try {
    const program = parse(text, {
      allowHashBang: true,
      ecmaVersion: 'latest',
      locations: true,
      sourceType: 'module',
    });
    const waitsAtTopLevel = hasTopLevelAwait(program);
    if (waitsAtTopLevel || program.body.some(({ type }) => moduleDeclarations.has(type))) {
      refuseWhatK6Refuses(program, url);
      return { kind: 'module', program, waitsAtTopLevel };
    }
  } catch (error) {
    return parseCommonJs(text, url, error);
  }
  return parseCommonJs(text, url, undefined);
}

const moduleDeclarations: ReadonlySet<string> = new Set([
  'ExportAllDeclaration',
  'ExportDefaultDeclaration',
  'ExportNamedDeclaration',
  'ImportDeclaration',
]);

function parseCommonJs(text: string, url: string, moduleError: unknown): ParsedSource {
  try {
    const program = parse(text, {
      allowHashBang: true,
      allowReturnOutsideFunction: true,
      ecmaVersion: 'latest',
      locations: true,
      sourceType: 'script',
    });
    refuseWhatK6Refuses(program, url);
    return { kind: 'common-js', program, waitsAtTopLevel: false };
  } catch (error) {
    throw syntaxError(url, moduleError ?? error);
  }
}

/** acorn ends its messages with `(line:column)`. */
function syntaxError(url: string, error: unknown): SyntaxError {
  const message = messageOf(error);
  const place = / \((\d+):(\d+)\)$/.exec(message);
  const where = place === null ? url : `${url}:${place[1]}:${Number(place[2]) + 1}`;
  return new SyntaxError(`${where}: ${message.replace(/ \(\d+:\d+\)$/, '')}`, { cause: error });
}

function refuseWhatK6Refuses(program: Program, url: string): void {
  walk(program, (node) => {
    const refusal = refusalOf(node);
    if (refusal === undefined) return;
    const line = node.loc?.start.line ?? 0;
    throw new SyntaxError(`${url}:${line}: ${refusal}`);
  });
}

function refusalOf(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node.async && node.generator ? 'async generators are not supported by k6' : undefined;
    case 'ForOfStatement':
      return node.await ? 'for await is not supported by k6' : undefined;
    case 'ImportExpression':
      return 'dynamic import() is not supported by k6: import at the top of the file';
    default:
      return undefined;
  }
}

function hasTopLevelAwait(program: Program): boolean {
  let found = false;
  walk(program, (node) => {
    if (isFunction(node)) return 'skip';
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
    return undefined;
  });
  return found;
}

export type FunctionNode = Extract<
  AnyNode,
  { type: 'ArrowFunctionExpression' | 'FunctionDeclaration' | 'FunctionExpression' }
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression'
  );
}

/** The nodes directly below `node`, in the order of the source. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc') continue;
    if (Array.isArray(value)) {
      for (const element of value) if (isNode(element)) yield element;
    } else if (isNode(value)) {
      yield value;
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Visits `node` and all below it; what is below a node for which `visit` says `skip` is left out. */
export function walk(node: AnyNode, visit: (node: AnyNode) => 'skip' | undefined | void): void {
  if (visit(node) === 'skip') return;
  for (const child of childrenOf(node)) walk(child, visit);
}

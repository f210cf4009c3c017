/**
 * Makes a module of a program into a function that is called once for each simulated process: V8 compiles a file once, however often processes
 * are started, and each gets its own instance with its own clock, network and randomness. Names of globals that touch the outside are
 * parameters of a function around it, so that the file itself stays as it was written.
 */
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { type AnyNode, parse, type Program } from 'acorn';
import { CodeCache } from '../../emulators/k6/script/code-cache.ts';
import { Edits } from '../../emulators/k6/script/edits.ts';
import type { EsModuleCode } from '../../emulators/k6/script/module-code.ts';
import { rewriteModule } from '../../emulators/k6/script/module-factory.ts';
import { analyzeScopes } from '../../emulators/k6/script/scopes.ts';
import { isFunction, walk } from '../../emulators/k6/script/syntax.ts';
import { cacheFolder } from '../../setup/own-files.mjs';

/** Globals that each simulated process has of its own. `console`, `crypto` and timers of ECMAScript modules are found through `$k6.globals`. */
export const ownGlobals = [
  'AbortSignal',
  'Date',
  'Math',
  'WebSocket',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'global',
  'globalThis',
  'performance',
  'process',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;

type Rewritten = Pick<
  EsModuleCode,
  'code' | 'exports' | 'imports' | 'isAsync' | 'reExports' | 'starExports'
> & { readonly isTypeScript: boolean };

export type CompiledModule =
  | { readonly kind: 'common-js'; readonly factory: Script }
  | { readonly kind: 'module'; readonly factory: Script; readonly rewritten: Rewritten }
  | { readonly kind: 'json'; readonly text: string };

export type ModuleFormat = CompiledModule['kind'];

const cache = new CodeCache(join(cacheFolder, 'simulate'));
const compiled = new Map<string, CompiledModule>();
/** Changes when what is kept of a module does. */
const version = '1';

/** Throws a SyntaxError that names the file. */
export function compileModule(text: string, path: string, format: ModuleFormat): CompiledModule {
  const key = `${path}\0${createHash('sha256').update(text).digest('base64')}`;
  let found = compiled.get(key);
  if (found === undefined) {
    found = compile(text, path, format);
    compiled.set(key, found);
  }
  return found;
}

function compile(text: string, path: string, format: ModuleFormat): CompiledModule {
  if (format === 'json') return { kind: 'json', text };
  const parameters = ownGlobals.join(', ');
  if (format === 'common-js') {
    const body = /\bimport\s*\(/.test(text) ? withOwnImports(text, path) : text.replace(/^#!.*/, '');
    const code = `(function (${parameters}) { return (function (exports, require, module, __filename, __dirname, $import) {${body}\n}); })`;
    return { kind: 'common-js', factory: new Script(code, { filename: path }) };
  }
  const rewritten = cache.keep([version, path, text], () => rewrite(text, path));
  const code = `(function (${parameters}) { return ${rewritten.code}; })`;
  return { kind: 'module', factory: new Script(code, { filename: path }), rewritten };
}

function rewrite(text: string, path: string): Rewritten {
  const isTypeScript = /\.[cm]?ts$/.test(path);
  const javaScript = isTypeScript ? stripTypeScriptTypes(text) : text;
  const program = parsed(javaScript, path, 'module');
  const edits = new Edits(javaScript);
  walk(program, (node) => {
    if (node.type === 'ImportExpression')
      edits.replace(node.start, node.start + importLength, '$k6.meta.own');
  });
  const source = {
    url: path,
    javaScript,
    isTypeScript,
    sourceMap: undefined,
    parsed: { kind: 'module' as const, program, waitsAtTopLevel: waitsAtTopLevel(program) },
    scopes: analyzeScopes(program),
  };
  return { ...rewriteModule(source, edits, ''), isTypeScript };
}

const importLength = 'import'.length;

function withOwnImports(text: string, path: string): string {
  const program = parsed(text, path, 'script');
  const edits = new Edits(text);
  walk(program, (node) => {
    if (node.type === 'ImportExpression') edits.replace(node.start, node.start + importLength, '$import');
  });
  return edits.apply().replace(/^#!.*/, '');
}

function parsed(text: string, path: string, sourceType: 'module' | 'script'): Program {
  try {
    return parse(text, {
      allowHashBang: true,
      allowReturnOutsideFunction: sourceType === 'script',
      ecmaVersion: 'latest',
      locations: true,
      sourceType,
    });
  } catch (error) {
    throw new SyntaxError(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function waitsAtTopLevel(program: Program): boolean {
  let found = false;
  walk(program, (node: AnyNode) => {
    if (isFunction(node)) return 'skip';
    found ||=
      node.type === 'AwaitExpression' ||
      (node.type === 'ForOfStatement' && node.await) ||
      (node.type === 'VariableDeclaration' && (node.kind as string) === 'await using');
    return undefined;
  });
  return found;
}

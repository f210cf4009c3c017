/**
 * Gives each VU its own instance of the script and of all it imports, and answers imports of `k6` modules.
 *
 * An instance is named by an import attribute that only these hooks see. The URL stays that of the file, hence V8
 * compiles each file once for all VUs, and stack traces show plain paths. VUs are loaded one after the other; while
 * one is, `loadingInstance` says which. Types are stripped once a file.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import type { LoadHookContext, ResolveHookContext } from 'node:module';
import { fileURLToPath, pathToFileURL, URL } from 'node:url';
import { messageOf, RunError } from '../errors.ts';
import type { ScriptModule } from './script-module.ts';

const apiScheme = 'k6-builtin:';
const instanceMark = 'vu-instance-';

export interface ScriptLoader extends Disposable {
  /** Runs the script's top-level code once more and gives the exports. One at a time. */
  instantiate(): Promise<ScriptModule>;
}

/** `apis` are the modules that scripts may import by a bare name, each with its exports. */
export function createScriptLoader(
  scriptPath: string,
  apis: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): ScriptLoader {
  const scriptUrl = pathToFileURL(scriptPath).href;
  const sources = new Map<string, string>();
  let instances = 0;
  let loadingInstance: string | undefined;
  const slot = Symbol.for('redcliff.k6.apis');
  Object.defineProperty(globalThis, slot, { configurable: true, value: apis });

  const resolve = (specifier: string, context: ResolveHookContext) => {
    if (specifier in apis) return { format: 'module', shortCircuit: true, url: `${apiScheme}${specifier}` };
    if (!isPath(specifier)) throw unknownModule(specifier, apis);
    const parent = context.parentURL ?? scriptUrl;
    return {
      format: 'module',
      importAttributes: { type: `${instanceMark}${loadingInstance ?? 'late'}` },
      shortCircuit: true,
      url: new URL(specifier, parent).href,
    };
  };

  const load = (url: string) => {
    const path = fileURLToPath(url);
    let source = sources.get(path);
    if (source === undefined) {
      source = readScript(path);
      sources.set(path, source);
    }
    return { format: 'module', shortCircuit: true, source };
  };

  const hooks = registerHooks({
    load: (url, context, next) => {
      if (url.startsWith(apiScheme)) return loadApi(url.slice(apiScheme.length), apis);
      return isInstance(context) ? load(url) : next(url, context);
    },
    resolve: (specifier, context, next) => {
      const fromScript = sources.has(pathOf(context.parentURL));
      const isEntry = loadingInstance !== undefined && specifier === scriptUrl;
      return isEntry || fromScript ? resolve(specifier, context) : next(specifier, context);
    },
  });

  return {
    [Symbol.dispose]: () => hooks.deregister(),
    instantiate: async () => {
      instances += 1;
      loadingInstance = String(instances);
      try {
        const exports: unknown = await import(scriptUrl);
        return exports as ScriptModule;
      } finally {
        loadingInstance = undefined;
      }
    },
  };
}

function isInstance(context: LoadHookContext): boolean {
  return context.importAttributes['type']?.startsWith(instanceMark) === true;
}

function pathOf(url: string | undefined): string {
  return url?.startsWith('file:') === true ? fileURLToPath(url) : '';
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}\/|file:)/.test(specifier);
}

function unknownModule(specifier: string, apis: Readonly<Record<string, unknown>>): RunError {
  const hint = `a script may import ${Object.keys(apis).toSorted().join(', ')} and files by relative path`;
  if (specifier.startsWith('k6')) {
    return new RunError(
      'script-exception',
      `module '${specifier}' is not supported by the built-in runtime: ${hint}`,
    );
  }
  return new RunError('script-exception', `module '${specifier}' cannot be found: ${hint}`);
}

function readScript(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (!/\.[cm]?ts$/.test(path)) return text;
  try {
    return stripTypeScriptTypes(text);
  } catch (error) {
    if (!hasCode(error, 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')) {
      throw new SyntaxError(`${path}: ${messageOf(error)}`, { cause: error });
    }
    return stripTypeScriptTypes(text, { mode: 'transform' });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A module of a few lines that hands out what the runtime put into its slot. */
function loadApi(name: string, apis: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const names = Object.keys(apis[name] ?? {}).filter((key) => key !== 'default');
  const lines = [
    `const api = globalThis[Symbol.for('redcliff.k6.apis')][${JSON.stringify(name)}];`,
    `export default api.default ?? api;`,
    ...names.map(
      (key, index) => `const name${index} = api[${JSON.stringify(key)}]; export { name${index} as ${key} };`,
    ),
  ];
  return { format: 'module' as const, shortCircuit: true, source: lines.join('\n') };
}

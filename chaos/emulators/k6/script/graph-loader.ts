/** Loads a script and all that it imports. */
import type { ModuleCode } from './module-code.ts';
import { ScriptGraph } from './script-graph.ts';
import type { GraphModule } from './script-graph.ts';
import type { SourceStore } from './source-store.ts';
import { isRemote, resolveSpecifier, unresolvable } from './specifier.ts';

export interface GraphLoaderParts {
  readonly sources: SourceStore;
  prepare(text: string, url: string): ModuleCode;
  /** Of k6, like `k6/http`; the names that are there. */
  readonly builtins: ReadonlySet<string>;
}

export class GraphLoader {
  readonly #parts: GraphLoaderParts;
  readonly #texts = new Map<string, string>();

  constructor(parts: GraphLoaderParts) {
    this.#parts = parts;
  }

  /** Throws a `RunError` when something is missing and a `SyntaxError` when it is no script. */
  async load(entryUrl: string, entryText: string): Promise<ScriptGraph> {
    const modules = new Map<string, GraphModule>();
    const unknown = new Set<string>();
    const add = async (url: string, text: string): Promise<void> => {
      const module = this.#makeModule(url, text, unknown);
      modules.set(url, module);
      const read = async (target: string, isRequired: boolean): Promise<void> => {
        if (modules.has(target) || isNameOfK6(target)) return;
        let source: string;
        try {
          source = await this.#parts.sources.read(target);
        } catch (error) {
          // What cannot be required may never be asked for.
          if (isRequired && !isRemote(target)) return;
          throw error;
        }
        await add(target, source);
      };
      // One after the other, so that errors and downloads come in the order of the source.
      // oxlint-disable-next-line no-await-in-loop
      for (const target of module.targets) await read(target, false);
      // oxlint-disable-next-line no-await-in-loop
      for (const target of requiredBy(module)) await read(target, true);
    };
    await add(entryUrl, entryText);
    if (unknown.size > 0) throw unknownModules(unknown, this.#parts.builtins);
    return new ScriptGraph(entryUrl, modules.values());
  }

  /** Of a module that was loaded. */
  textOf(url: string): string {
    return this.#texts.get(url) ?? '';
  }

  /** The module that `require` names, added to the graph when it is new. */
  require(graph: ScriptGraph, specifier: string, parentUrl: string): string {
    if (specifier === '') throw unresolvable("require() can't be used with an empty specifier");
    if (isNameOfK6(specifier)) {
      if (this.#parts.builtins.has(specifier)) return specifier;
      throw unknownModules(new Set([specifier]), this.#parts.builtins);
    }
    const url = resolveSpecifier(specifier, parentUrl);
    const unknown = new Set<string>();
    const add = (target: string): void => {
      if (graph.find(target) !== undefined || isNameOfK6(target)) return;
      const module = this.#makeModule(target, this.#parts.sources.readNow(target), unknown);
      graph.add(module);
      for (const inner of module.targets) add(inner);
    };
    add(url);
    if (unknown.size > 0) throw unknownModules(unknown, this.#parts.builtins);
    return url;
  }

  #makeModule(url: string, text: string, unknown: Set<string>): GraphModule {
    const code = this.#parts.prepare(text, url);
    this.#texts.set(url, text);
    const imports = code.kind === 'module' ? code.imports : [];
    return {
      code,
      targets: imports.map(({ specifier }) => {
        if (!isNameOfK6(specifier)) return resolveSpecifier(specifier, url);
        if (!this.#parts.builtins.has(specifier)) unknown.add(specifier);
        return specifier;
      }),
      url,
    };
  }
}

/** What a CommonJS file requires by a literal name. */
function requiredBy({ code, url }: GraphModule): string[] {
  if (code.kind === 'module') return [];
  const paths = code.requires.filter((specifier) => /^(?:\.|\/|[a-z]+:\/\/)/.test(specifier));
  return paths.map((specifier) => resolveSpecifier(specifier, url));
}

function isNameOfK6(specifier: string): boolean {
  return specifier === 'k6' || specifier.startsWith('k6/');
}

function unknownModules(names: ReadonlySet<string>, known: ReadonlySet<string>): Error {
  const [first = ''] = names;
  const why = refusals.get(first) ?? refusals.get(first.split('/').slice(0, 2).join('/'));
  const list = [...names].map((name) => `'${name}'`).join(', ');
  return unresolvable(
    `the module${names.size > 1 ? 's' : ''} ${list} ${names.size > 1 ? 'are' : 'is'} not supported by the built-in runtime: ` +
      (why ?? `a script may import ${[...known].toSorted().join(', ')}, files and URLs`),
  );
}

/** By the name of a module, or by the part that all names of a kind begin with. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['k6/crypto/x509', 'it reads certificates, which only k6 itself does: run the script with --k6 PATH'],
  [
    'k6/experimental/browser',
    'k6 2 has removed it as well: k6/browser took its place, which only k6 itself has',
  ],
  ['k6/experimental/grpc', 'k6 2 has removed it as well: import k6/net/grpc instead'],
  [
    'k6/experimental/redis',
    'k6 2 has removed it as well: k6/x/redis took its place, an extension that a k6 given by --k6 PATH loads',
  ],
  [
    'k6/experimental/tracing',
    'k6 2 has removed it as well: import https://jslib.k6.io/http-instrumentation-tempo/1.0.1/index.js instead',
  ],
  ['k6/browser', 'it drives a browser, which only k6 itself does: run the script with --k6 PATH'],
  [
    'k6/x',
    'extensions are Go code that is compiled into k6: run the script with a k6 that has them, by --k6 PATH',
  ],
]);

/** Loads a script and all that it imports. */
import type { ModuleCode } from './module-code.ts';
import { ScriptGraph } from './script-graph.ts';
import type { GraphModule } from './script-graph.ts';
import type { SourceStore } from './source-store.ts';
import { resolveSpecifier, unresolvable } from './specifier.ts';

export interface GraphLoaderParts {
  readonly sources: SourceStore;
  prepare(text: string, url: string): ModuleCode;
  /** Of k6, like `k6/http`; the names that are there. */
  readonly builtins: ReadonlySet<string>;
}

export class GraphLoader {
  readonly #parts: GraphLoaderParts;

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
      const wanted = [...module.targets, ...this.#requiredBy(module)];
      for (const target of wanted) {
        if (modules.has(target) || this.#isBuiltin(target)) continue;
        // One after the other, so that errors and downloads come in the order of the source.
        // oxlint-disable-next-line no-await-in-loop
        await add(target, await this.#parts.sources.read(target));
      }
    };
    await add(entryUrl, entryText);
    if (unknown.size > 0) throw unknownModules(unknown, this.#parts.builtins);
    return new ScriptGraph(entryUrl, modules.values());
  }

  /** The module that `require` names, added to the graph when it is new. */
  require(graph: ScriptGraph, specifier: string, parentUrl: string): string {
    if (specifier === '') throw unresolvable("require() can't be used with an empty specifier");
    if (isNameOfK6(specifier)) {
      if (this.#isBuiltin(specifier)) return specifier;
      throw unknownModules(new Set([specifier]), this.#parts.builtins);
    }
    const url = resolveSpecifier(specifier, parentUrl);
    const unknown = new Set<string>();
    const add = (target: string): void => {
      if (graph.find(target) !== undefined || this.#isBuiltin(target)) return;
      const module = this.#makeModule(target, this.#parts.sources.readNow(target), unknown);
      graph.add(module);
      for (const inner of module.targets) add(inner);
    };
    add(url);
    if (unknown.size > 0) throw unknownModules(unknown, this.#parts.builtins);
    return url;
  }

  #isBuiltin(target: string): boolean {
    return isNameOfK6(target);
  }

  #makeModule(url: string, text: string, unknown: Set<string>): GraphModule {
    const code = this.#parts.prepare(text, url);
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

  /** What a CommonJS file requires by a literal name is there when it asks; what cannot be found is its business. */
  #requiredBy({ code, url }: GraphModule): string[] {
    if (code.kind === 'module') return [];
    return code.requires.flatMap((specifier) => {
      if (isNameOfK6(specifier) || !/^(?:\.|\/|[a-z]+:\/\/)/.test(specifier)) return [];
      const target = resolveSpecifier(specifier, url);
      return target.startsWith('http') ? [target] : [];
    });
  }
}

function isNameOfK6(specifier: string): boolean {
  return specifier === 'k6' || specifier.startsWith('k6/');
}

function unknownModules(names: ReadonlySet<string>, known: ReadonlySet<string>): Error {
  const [first = ''] = names;
  const why = refusals.get(first.split('/').slice(0, 2).join('/'));
  const list = [...names].map((name) => `'${name}'`).join(', ');
  return unresolvable(
    `the module${names.size > 1 ? 's' : ''} ${list} ${names.size > 1 ? 'are' : 'is'} not supported by the built-in runtime: ` +
      (why ?? `a script may import ${[...known].toSorted().join(', ')}, files and URLs`),
  );
}

const refusals: ReadonlyMap<string, string> = new Map([
  ['k6/browser', 'it drives a browser, which only k6 itself does: run the script with --k6 PATH'],
  ['k6/x', 'extensions are Go code that is compiled into k6: run the script with a k6 that has them, by --k6 PATH'],
]);

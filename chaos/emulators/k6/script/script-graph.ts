/** A script with all that it imports, as code: made once, and instantiated by every VU. */
import { Script } from 'node:vm';
import type { ModuleCode } from './module-code.ts';

export interface GraphModule {
  readonly url: string;
  readonly code: ModuleCode;
  /** For each import the URL of a module of the graph, or the name of a module of k6. */
  readonly targets: readonly string[];
}

export class ScriptGraph {
  readonly entry: string;
  readonly #modules: Map<string, GraphModule>;
  readonly #compiled = new Map<string, Script>();
  readonly #orders = new Map<string, readonly GraphModule[]>();

  constructor(entry: string, modules: Iterable<GraphModule>) {
    this.entry = entry;
    this.#modules = new Map([...modules].map((module) => [module.url, module]));
  }

  get modules(): IterableIterator<GraphModule> {
    return this.#modules.values();
  }

  /** The same modules with other code. */
  withCodes(codes: Readonly<Record<string, ModuleCode>>): ScriptGraph {
    return new ScriptGraph(
      this.entry,
      [...this.#modules.values()].map((module) => ({ ...module, code: codes[module.url] ?? module.code })),
    );
  }

  /** Why VUs cannot share a realm; undefined when they can. */
  get ownRealm(): string | undefined {
    return [...this.#modules.values()]
      .map(({ code }) => code.ownRealm)
      .find((reason) => reason !== undefined);
  }

  /** Some module may make calls that block. */
  get mayBlock(): boolean {
    return [...this.#modules.values()].some(({ code }) => code.mayBlock);
  }

  /** Undefined for a name that stands for a module of k6. */
  find(url: string): GraphModule | undefined {
    return this.#modules.get(url);
  }

  add(module: GraphModule): void {
    this.#modules.set(module.url, module);
  }

  /** V8 shares what it compiles among all contexts that run the script. */
  compiled({ code, url }: GraphModule): Script {
    let script = this.#compiled.get(url);
    if (script === undefined) {
      script = new Script(code.code, { filename: url });
      this.#compiled.set(url, script);
    }
    return script;
  }

  /** `url` and all it imports, each behind those it needs. */
  evaluationOrder(url: string): readonly GraphModule[] {
    let order = this.#orders.get(url);
    if (order === undefined) {
      order = this.#inOrder(url, new Set());
      this.#orders.set(url, order);
    }
    return order;
  }

  #inOrder(url: string, seen: Set<string>): GraphModule[] {
    const module = this.#modules.get(url);
    if (module === undefined || seen.has(url)) return [];
    seen.add(url);
    return [...module.targets.flatMap((target) => this.#inOrder(target, seen)), module];
  }
}

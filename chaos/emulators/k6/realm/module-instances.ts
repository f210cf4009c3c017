/** Instances of modules in one realm: each module is evaluated once, behind those it imports. */
import { Script } from 'node:vm';
import type { EsModuleCode, ReExport } from '../script/module-code.ts';
import type { GraphModule, ScriptGraph } from '../script/script-graph.ts';
import type { Realm } from './realm.ts';

/** What a module gives to others; without a prototype, hence of no realm. */
export type Namespace = Readonly<Record<string, unknown>>;

export interface InstanceHost {
  /** The exports of a module of k6. */
  builtin(name: string): Namespace;
  /** As `require` in the module at `url`. */
  require(specifier: string, url: string): unknown;
  /** As `import.meta.resolve` in the module at `url`. */
  resolve(specifier: string, url: string): string;
  /** What is each VU's own of the globals. */
  readonly globals: object | undefined;
  /** As `Math.random`. */
  readonly random: () => number;
  /** For code that was rewritten to wait. */
  readonly switching: object | undefined;
  /** Called when the top-level code of a module begins, and with the one before when it ends. */
  loading(url: string): string;
}

interface Instance {
  readonly module: GraphModule;
  readonly namespace: Record<string, unknown>;
  /** What a CommonJS module has as `module`. */
  commonJs: { exports: unknown } | undefined;
  state: 'evaluated' | 'evaluating' | 'new';
}

const emptyModule = new Script('({ exports: {} })');

type Factory = (this: unknown, ...args: unknown[]) => unknown;

export class ModuleInstances {
  readonly #graph: ScriptGraph;
  readonly #realm: Realm;
  readonly #host: InstanceHost;
  readonly #instances = new Map<string, Instance>();

  constructor(graph: ScriptGraph, realm: Realm, host: InstanceHost) {
    this.#graph = graph;
    this.#realm = realm;
    this.#host = host;
  }

  /** Evaluates a module and all it needs. */
  async evaluate(url: string): Promise<Namespace> {
    for (const module of this.#graph.evaluationOrder(url)) {
      const waiting = this.#run(module);
      // Modules are evaluated one behind the other.
      // oxlint-disable-next-line no-await-in-loop
      if (waiting !== undefined) await waiting;
    }
    return this.#instance(url).namespace;
  }

  /** As `evaluate`, for code that cannot wait. */
  evaluateNow(url: string): Namespace {
    for (const module of this.#graph.evaluationOrder(url)) {
      if (module.code.kind === 'module' && module.code.isAsync && this.#stateOf(module.url) === 'new') {
        throw new SyntaxError(`${module.url} waits at its top level: import it instead of requiring it`);
      }
      void this.#run(module);
    }
    return this.#instance(url).namespace;
  }

  /** What `require` gives for a module of the graph. */
  requireNow(url: string): unknown {
    const namespace = this.evaluateNow(url);
    const instance = this.#instance(url);
    return instance.commonJs === undefined ? namespace : instance.commonJs.exports;
  }

  #stateOf(url: string): Instance['state'] {
    return this.#instances.get(url)?.state ?? 'new';
  }

  #instance(url: string): Instance {
    let instance = this.#instances.get(url);
    if (instance === undefined) {
      const module = this.#graph.find(url);
      if (module === undefined) throw new RangeError(`no module ${url} in the graph`);
      instance = { commonJs: undefined, module, namespace: Object.create(null), state: 'new' };
      this.#instances.set(url, instance);
    }
    return instance;
  }

  #run(module: GraphModule): Promise<void> | undefined {
    const instance = this.#instance(module.url);
    if (instance.state !== 'new') return undefined;
    instance.state = 'evaluating';
    const before = this.#host.loading(module.url);
    const factory = this.#realm.run(this.#graph.compiled(module)) as Factory;
    const done = (): void => {
      instance.state = 'evaluated';
      this.#host.loading(before);
    };
    if (module.code.kind === 'common-js') this.#runCommonJs(instance, factory);
    else {
      const waiting = this.#runModule(instance, module.code, factory);
      if (waiting !== undefined) return waiting.then(done);
    }
    done();
    return undefined;
  }

  #runModule(
    { module, namespace }: Instance,
    code: EsModuleCode,
    factory: Factory,
  ): Promise<void> | undefined {
    const imported = module.targets.map((target) => this.#namespaceOf(target));
    for (const [index, { names, specifier }] of code.imports.entries()) {
      for (const name of names) this.#assertExported(module, index, specifier, name, imported[index]);
    }
    for (const index of code.starExports) this.#exportAllOf(namespace, imported[index] ?? {});
    for (const reExport of code.reExports) this.#exportAgain(module, namespace, imported, reExport);
    const result = factory.call(undefined, {
      exports: (getters: Readonly<Record<string, () => unknown>>) => {
        for (const [name, get] of Object.entries(getters)) defineGetter(namespace, name, get);
      },
      meta: this.#realm.freshMeta((specifier) => this.#host.resolve(specifier, module.url)),
      globals: this.#host.globals,
      modules: imported,
      random: this.#host.random,
      switching: this.#host.switching,
      name: (body: object) => Object.defineProperty(body, 'name', { configurable: true, value: 'default' }),
    });
    return code.isAsync ? (result as Promise<void>) : undefined;
  }

  #runCommonJs(instance: Instance, factory: Factory): void {
    const { url } = instance.module;
    // The objects have to be of the script's realm, which only code of that realm can make.
    const module = this.#realm.run(emptyModule) as { exports: object };
    instance.commonJs = module;
    const require = (specifier: unknown): unknown => this.#host.require(String(specifier), url);
    factory.call(module.exports, module, module.exports, require, this.#host.switching);
    const given: unknown = module.exports;
    if (given === null || given === undefined) throw new TypeError("CommonJS's exports must not be null");
    const fields: Namespace = Object(given);
    for (const name of Object.keys(fields)) {
      if (name !== 'default') defineGetter(instance.namespace, name, () => fields[name]);
    }
    defineGetter(instance.namespace, 'default', () => fields['default'] ?? given);
  }

  #namespaceOf(target: string): Namespace {
    return this.#graph.find(target) === undefined
      ? this.#host.builtin(target)
      : this.#instance(target).namespace;
  }

  /** Of CommonJS anything may be imported, and is undefined when it is not there; of TypeScript it may have been a type. */
  #assertExported(
    importer: GraphModule,
    index: number,
    specifier: string,
    name: string,
    namespace: Namespace | undefined,
  ): void {
    const target = this.#graph.find(importer.targets[index] ?? '');
    if (target?.code.kind === 'common-js' || namespace === undefined || name in namespace) return;
    // In a circle the names of a module that is still at it are known from its code only.
    if (target?.code.kind === 'module' && this.#declares(target, name, new Set())) return;
    throw new SyntaxError(
      `${importer.url}: the module '${specifier}' does not provide an export named '${name}'`,
    );
  }

  #declares({ code, targets, url }: GraphModule, name: string, seen: Set<string>): boolean {
    if (code.kind === 'common-js') return true;
    if (seen.has(url)) return false;
    seen.add(url);
    if (code.exports.includes(name) || code.reExports.some(({ exported }) => exported === name)) return true;
    return code.starExports.some((index) => {
      const target = this.#graph.find(targets[index] ?? '');
      return target === undefined
        ? name in this.#host.builtin(targets[index] ?? '')
        : this.#declares(target, name, seen);
    });
  }

  #exportAllOf(namespace: Record<string, unknown>, from: Namespace): void {
    for (const name of Object.keys(from)) {
      if (name !== 'default' && !(name in namespace)) defineGetter(namespace, name, () => from[name]);
    }
  }

  #exportAgain(
    { code, targets, url }: GraphModule,
    namespace: Record<string, unknown>,
    imported: readonly Namespace[],
    { exported, from, imported: name }: ReExport,
  ): void {
    const source = imported[from] ?? {};
    const target = this.#graph.find(targets[from] ?? '');
    const exists = name in source || (target !== undefined && this.#declares(target, name, new Set()));
    if (exists) defineGetter(namespace, exported, () => source[name]);
    // What a TypeScript module exports again without having it is a type.
    else if (!code.isTypeScript) {
      throw new SyntaxError(`${url}: there is no export named '${name}' to export as '${exported}'`);
    }
  }
}

function defineGetter(namespace: Record<string, unknown>, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { configurable: true, enumerable: true, get });
}

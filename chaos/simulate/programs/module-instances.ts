/** The modules of one simulated process: each is evaluated once, behind those it imports. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CompiledModule, compileModule, type ModuleFormat, ownGlobals } from './module-code.ts';
import { formatOf, resolveModule } from './resolve.ts';

export type Namespace = Record<string, unknown>;

/** As given to `module.registerHooks`. */
export interface LoadHook {
  load?(
    url: string,
    context: object,
    next: (url: string, context: object) => { source: unknown; format: string },
  ): { source?: unknown };
}

export interface InstanceHost {
  readonly globals: object;
  /** Path of the program, for `require.main`. */
  readonly main: string;
  builtin(name: string): object;
}

interface Instance {
  readonly key: string;
  readonly path: string;
  readonly url: string;
  readonly code: CompiledModule;
  readonly namespace: Namespace;
  readonly commonJs: {
    exports: unknown;
    readonly filename: string;
    readonly children: unknown[];
    loaded: boolean;
  };
  state: 'evaluated' | 'evaluating' | 'new';
  /** Of one that waits at its top level. */
  waiting: Promise<void> | undefined;
  /** What it imports, found when it is linked. */
  imports: readonly Namespace[] | undefined;
  importedInstances: readonly Instance[];
}

type Factory = (...globals: unknown[]) => (this: unknown, ...args: unknown[]) => unknown;

export class ModuleInstances {
  readonly hooks: LoadHook[] = [];
  readonly #host: InstanceHost;
  readonly #instances = new Map<string, Instance>();
  readonly #builtins = new Map<string, Namespace>();

  constructor(host: InstanceHost) {
    this.#host = host;
  }

  async import(specifier: string, parent: string): Promise<Namespace> {
    const target = this.#find(specifier, parent);
    if (!('code' in target)) return target.namespace;
    for (const instance of this.#order(target)) {
      const waiting = this.#run(instance);
      // Modules are evaluated one behind the other.
      // oxlint-disable-next-line no-await-in-loop
      if (waiting !== undefined) await waiting;
    }
    return target.namespace;
  }

  require(specifier: string, parent: string): unknown {
    const resolved = resolveModule(specifier, parent);
    if ('builtin' in resolved) return this.#host.builtin(resolved.builtin);
    const instance = this.#instance(resolved.path, resolved.search);
    for (const each of this.#order(instance)) {
      if (each.code.kind === 'module' && each.code.rewritten.isAsync && each.state === 'new')
        throw new SyntaxError(`${each.path} waits at its top level: import it instead of requiring it`);
      void this.#run(each);
    }
    return instance.code.kind === 'module' ? instance.namespace : instance.commonJs.exports;
  }

  /** As `createRequire` makes one. */
  requireFrom(parent: string): object {
    const require = (specifier: unknown): unknown => this.require(String(specifier), parent);
    const resolve = (specifier: string): string => {
      const resolved = resolveModule(specifier, parent);
      return 'builtin' in resolved ? specifier : resolved.path;
    };
    return Object.assign(require, {
      resolve,
      cache: {},
      extensions: {},
      main: { filename: this.#host.main },
    });
  }

  #find(specifier: string, parent: string): Instance | { readonly namespace: Namespace } {
    const resolved = resolveModule(specifier, parent);
    return 'builtin' in resolved
      ? { namespace: this.#builtin(resolved.builtin) }
      : this.#instance(resolved.path, resolved.search);
  }

  #builtin(name: string): Namespace {
    let namespace = this.#builtins.get(name);
    if (namespace === undefined) {
      const module = this.#host.builtin(name) as Namespace;
      namespace = Object.create(null) as Namespace;
      exportFields(namespace, module, Object.getOwnPropertyNames(module));
      defineGetter(namespace, 'default', () => module);
      this.#builtins.set(name, namespace);
    }
    return namespace;
  }

  #instance(path: string, search: string): Instance {
    const key = `${path}${search}`;
    let instance = this.#instances.get(key);
    if (instance === undefined) {
      const url = `${pathToFileURL(path).href}${search}`;
      const format = formatOf(path);
      instance = {
        key,
        path,
        url,
        code: compileModule(this.#sourceOf(path, url, format), path, format),
        namespace: Object.create(null) as Namespace,
        commonJs: { exports: {}, filename: path, children: [], loaded: false },
        state: 'new',
        waiting: undefined,
        imports: undefined,
        importedInstances: [],
      };
      this.#instances.set(key, instance);
    }
    return instance;
  }

  #sourceOf(path: string, url: string, format: ModuleFormat): string {
    const read = (): string => readFileSync(path, 'utf8');
    const hooks = this.hooks.filter(({ load }) => load !== undefined);
    if (hooks.length === 0) return read();
    const next = (index: number): { source: unknown; format: string } => {
      const hook = hooks[index];
      if (hook?.load === undefined) return { source: read(), format };
      return { format, source: hook.load(url, {}, () => next(index - 1)).source };
    };
    const { source } = next(hooks.length - 1);
    return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
  }

  /** Itself and what it needs that was not evaluated yet, each behind what it imports. */
  #order(entry: Instance): readonly Instance[] {
    const order: Instance[] = [];
    const seen = new Set<Instance>();
    const visit = (instance: Instance): void => {
      if (seen.has(instance) || instance.state === 'evaluated') return;
      seen.add(instance);
      this.#link(instance);
      for (const imported of instance.importedInstances) visit(imported);
      order.push(instance);
    };
    visit(entry);
    return order;
  }

  #link(instance: Instance): void {
    if (instance.imports !== undefined || instance.code.kind !== 'module') return;
    const targets = instance.code.rewritten.imports.map(({ specifier }) =>
      this.#find(specifier, instance.path),
    );
    instance.importedInstances = targets.filter((target): target is Instance => 'code' in target);
    instance.imports = targets.map(({ namespace }) => namespace);
  }

  #run(instance: Instance): Promise<void> | undefined {
    if (instance.state !== 'new') return instance.waiting;
    instance.state = 'evaluating';
    const { code } = instance;
    if (code.kind === 'module') {
      instance.waiting = this.#runModule(instance, code);
      if (instance.waiting !== undefined) {
        instance.waiting = instance.waiting.then(() => {
          instance.waiting = undefined;
          instance.state = 'evaluated';
        });
        return instance.waiting;
      }
    } else if (code.kind === 'json') instance.commonJs.exports = JSON.parse(code.text);
    else {
      try {
        this.#runCommonJs(instance, code);
      } catch (error) {
        // As in Node, it is tried again when it is required again.
        this.#instances.delete(instance.key);
        throw error;
      }
    }
    if (code.kind !== 'module') exportCommonJs(instance);
    instance.state = 'evaluated';
    return undefined;
  }

  #runModule(
    instance: Instance,
    { rewritten, factory }: CompiledModule & { kind: 'module' },
  ): Promise<void> | undefined {
    const { namespace, imports = [], path, url } = instance;
    for (const index of rewritten.starExports) {
      const from = imports[index] ?? {};
      exportFields(
        namespace,
        from,
        Object.keys(from).filter((name) => name !== 'default'),
      );
    }
    for (const { exported, from, imported } of rewritten.reExports) {
      const source = imports[from] ?? {};
      defineGetter(namespace, exported, () => source[imported]);
    }
    const result = this.#call(factory).call(undefined, {
      exports: (getters: Readonly<Record<string, () => unknown>>) => {
        for (const [name, get] of Object.entries(getters)) defineGetter(namespace, name, get);
      },
      meta: {
        url,
        filename: path,
        dirname: dirname(path),
        main: path === this.#host.main,
        resolve: (specifier: string) => resolvedUrl(specifier, path),
        own: (specifier: unknown) => this.import(String(specifier), path),
      },
      globals: this.#host.globals,
      modules: imports,
      random: () => (Reflect.get(this.#host.globals, 'Math') as Math).random(),
      name: (body: object) => Object.defineProperty(body, 'name', { configurable: true, value: 'default' }),
    });
    return rewritten.isAsync ? (result as Promise<void>) : undefined;
  }

  #runCommonJs({ commonJs, path }: Instance, { factory }: CompiledModule & { kind: 'common-js' }): void {
    const own = (specifier: unknown) => this.import(String(specifier), path);
    const module = commonJs as typeof commonJs & { require?: object };
    module.require = this.requireFrom(path);
    const given = [module.exports, module.require, module, path, dirname(path), own];
    this.#call(factory).apply(module.exports, given);
    commonJs.loaded = true;
  }

  #call(factory: (CompiledModule & { kind: 'module' })['factory']): ReturnType<Factory> {
    const around = factory.runInThisContext() as Factory;
    return around(...ownGlobals.map((name): unknown => Reflect.get(this.#host.globals, name)));
  }
}

function resolvedUrl(specifier: string, parent: string): string {
  const resolved = resolveModule(specifier, parent);
  return 'builtin' in resolved
    ? `node:${resolved.builtin}`
    : `${pathToFileURL(resolved.path).href}${resolved.search}`;
}

function exportCommonJs({ commonJs, namespace }: Instance): void {
  const given: unknown = commonJs.exports;
  if ((typeof given === 'object' || typeof given === 'function') && given !== null) {
    exportFields(
      namespace,
      given as Namespace,
      Object.keys(given).filter((name) => name !== 'default'),
    );
  }
  defineGetter(namespace, 'default', () => given);
}

function exportFields(namespace: Namespace, from: Namespace, names: readonly string[]): void {
  for (const name of names) if (!(name in namespace)) defineGetter(namespace, name, () => from[name]);
}

function defineGetter(namespace: Namespace, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { configurable: true, enumerable: true, get });
}

/** A realm that is ready for scripts, with the modules of the runtime in it: for one VU, or for all that can share one. */
import type * as Bootstrap from '../api/bootstrap.ts';
import type { Guest, RealmServices } from '../api/bootstrap.ts';
import type { Host } from '../api/host.ts';
import { builtinFiles } from './builtin-names.ts';
import type { BuiltinGraph } from './builtin-graph.ts';
import { ModuleInstances } from './module-instances.ts';
import type { Namespace } from './module-instances.ts';
import { Realm } from './realm.ts';

export type Builtins = Pick<BuiltinGraph, 'file' | 'graph'>;

export class ScriptRealm {
  readonly realm = new Realm();
  readonly isShared: boolean;
  readonly #builtins: Builtins;
  readonly #instances: ModuleInstances;
  readonly #bootstrap: typeof Bootstrap;

  constructor(builtins: Builtins, isShared: boolean) {
    this.isShared = isShared;
    this.#builtins = builtins;
    this.#instances = new ModuleInstances(builtins.graph, this.realm, {
      builtin: (name) => {
        throw new RangeError(`the runtime imports ${name}`);
      },
      globals: undefined,
      loading: () => '',
      random: this.realm.random(),
      require: () => undefined,
      resolve: (specifier) => specifier,
      switching: undefined,
    });
    this.#bootstrap = this.#instances.evaluateNow(builtins.file('bootstrap')) as unknown as typeof Bootstrap;
    this.#bootstrap.fitRealm();
    if (isShared) this.#bootstrap.freezeRealm([this.#bootstrap]);
  }

  createGuest(host: Host, services: Omit<RealmServices, 'isShared'>): Guest {
    return this.#bootstrap.createGuest(host, { ...services, isShared: this.isShared });
  }

  /** A file of the runtime. */
  load(file: string): Namespace {
    const namespace = this.#instances.evaluateNow(this.#builtins.file(file));
    if (this.isShared) this.#bootstrap.freezeModule(namespace);
    return namespace;
  }

  /** The file of a module such as `k6/http`. */
  loadModule(name: string): Namespace {
    const file = builtinFiles[name];
    if (file === undefined) throw new RangeError(`the runtime has no module '${name}'`);
    return this.load(file);
  }
}

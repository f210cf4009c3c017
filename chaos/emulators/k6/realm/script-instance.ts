/** A script in a realm of its own: the state of one VU. */
import type { Guest } from '../api/bootstrap.ts';
import type { CallEnd } from '../api/call-function.ts';
import type { Body, CallFacts, ErrorFacts, Host, Tags } from '../api/host.ts';
import type { ScriptGraph } from '../script/script-graph.ts';
import type { GraphLoader } from '../script/graph-loader.ts';
import { resolveSpecifier } from '../script/specifier.ts';
import { ModuleInstances } from './module-instances.ts';
import type { Namespace } from './module-instances.ts';
import type { Builtins, ScriptRealm } from './script-realm.ts';

/** What all VUs of a run have in common. */
export interface ScriptProgram {
  readonly graph: ScriptGraph;
  /** How its VUs wait in calls that block. */
  readonly waiting: 'none' | 'switch' | 'thread';
  readonly loader: Pick<GraphLoader, 'require'>;
  readonly builtins: Builtins;
}

export interface ScriptExports {
  readonly functions: readonly string[];
  readonly others: readonly string[];
  readonly optionsJson: string | undefined;
}

export type ScriptCall =
  | { readonly kind: 'iteration'; readonly exportName: string; readonly setupJson: string | undefined }
  | { readonly kind: 'setup' }
  | { readonly kind: 'summary'; readonly dataJson: string }
  | { readonly kind: 'teardown'; readonly setupJson: string | undefined };

export type ScriptEnd =
  | { readonly state: 'interrupted' }
  | { readonly state: 'returned'; readonly value: ReturnedValue }
  | { readonly state: 'threw'; readonly error: ErrorFacts };

export type ReturnedValue =
  | { readonly kind: 'files'; readonly files: readonly (readonly [string, Body])[] | undefined }
  | { readonly kind: 'json'; readonly json: string | undefined }
  | { readonly kind: 'nothing' };

/** The script of one VU, wherever it runs. */
export interface Script extends Disposable {
  readonly exports: ScriptExports;
  /** Those that go with every sample now. */
  readonly tags: Tags;
  call(call: ScriptCall, facts: CallFacts): Promise<ScriptEnd>;
  interrupt(): void;
}

/** What the top-level code of a script threw. */
export class InitError extends Error {
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.name = 'InitError';
    this.facts = facts;
  }
}

export class ScriptInstance implements Script {
  readonly exports: ScriptExports;
  readonly #guest: Guest;
  readonly #namespace: Namespace;

  private constructor(guest: Guest, namespace: Namespace) {
    this.#guest = guest;
    this.#namespace = namespace;
    const names = Object.keys(namespace);
    const isFunction = (name: string): boolean => typeof namespace[name] === 'function';
    this.exports = {
      functions: names.filter((name) => name !== 'options' && isFunction(name)),
      optionsJson: guest.optionsJson(namespace['options']),
      others: names.filter((name) => !isFunction(name)),
    };
  }

  /** Runs the top-level code. Throws an `InitError` when that does. */
  static async create(
    { graph, loader }: ScriptProgram,
    realm: ScriptRealm,
    host: Host,
  ): Promise<ScriptInstance> {
    const made = new Map<string, Namespace>();
    const builtin = (name: string): Namespace => {
      let namespace = made.get(name);
      if (namespace === undefined) {
        const { create } = realm.loadModule(name);
        namespace = (create as (kernel: unknown) => Namespace)(guest.kernel);
        made.set(name, namespace);
      }
      return namespace;
    };
    const require = (specifier: string, url: string): unknown => {
      const target = loader.require(graph, specifier, url);
      return graph.find(target) === undefined ? builtin(target)['default'] : modules.requireNow(target);
    };
    const guest = realm.createGuest(host, {
      load: (file) => realm.load(file),
      require: (specifier) => require(String(specifier), guest.kernel.loading || graph.entry),
    });
    const modules = new ModuleInstances(graph, realm.realm, {
      builtin,
      globals: guest.globals,
      loading: (url) => guest.loading(url),
      random: () => guest.random(),
      require,
      resolve: resolveSpecifier,
      switching: guest.switching,
    });
    try {
      return new ScriptInstance(guest, await modules.evaluate(graph.entry));
    } catch (error) {
      throw error instanceof Error ? error : new InitError(guest.describeError(error));
    }
  }

  get tags(): Tags {
    return this.#guest.kernel.tags;
  }

  /** By it the promises of this realm are told from those of others. */
  get promisePrototype(): object {
    return this.#guest.promisePrototype;
  }

  async call(call: ScriptCall, facts: CallFacts): Promise<ScriptEnd> {
    const body = this.#namespace[call.kind === 'iteration' ? call.exportName : exportOf[call.kind]];
    if (typeof body !== 'function') return { state: 'returned', value: { kind: 'nothing' } };
    return this.#conclude(call, await this.#begin(call, body, facts));
  }

  interrupt(): void {
    this.#guest.kernel.call?.interrupt();
  }

  [Symbol.dispose](): void {
    this.interrupt();
  }

  #begin(call: ScriptCall, body: Function, facts: CallFacts): Promise<CallEnd> {
    switch (call.kind) {
      case 'iteration':
        return this.#guest.callWithSetupData(body, call.setupJson, facts);
      case 'setup':
        return this.#guest.call(body, undefined, facts);
      case 'summary':
        return this.#guest.call(body, call.dataJson, facts);
      case 'teardown':
        return this.#guest.call(body, call.setupJson, facts);
    }
  }

  #conclude(call: ScriptCall, end: CallEnd): ScriptEnd {
    if (end.state !== 'returned') return end;
    try {
      return { state: 'returned', value: this.#take(call, end.value) };
    } catch (error) {
      return { error: this.#guest.describeError(error), state: 'threw' };
    }
  }

  #take(call: ScriptCall, value: unknown): ReturnedValue {
    switch (call.kind) {
      case 'iteration':
      case 'teardown':
        return { kind: 'nothing' };
      case 'setup':
        return { json: this.#guest.setupJson(value), kind: 'json' };
      case 'summary':
        return { files: this.#guest.summaryFiles(value), kind: 'files' };
    }
  }
}

const exportOf = { setup: 'setup', summary: 'handleSummary', teardown: 'teardown' } as const;

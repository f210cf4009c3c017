/** All proxies by name, and the requests that concern several of them at once. */
import { ApiError } from '../errors.ts';
import { Proxy, type PreparedSwitch, type ProxyContext, type ProxySettings } from './proxy.ts';

export interface WantedProxy extends ProxySettings {
  readonly enabled: boolean;
}

/** What became of a populate request: the proxies done before it failed, if it did. */
export interface PopulateOutcome {
  readonly proxies: readonly Proxy[];
  readonly error: ApiError | undefined;
}

export class ProxyCollection {
  readonly #proxies = new Map<string, Proxy>();
  readonly #context: ProxyContext;

  constructor(context: ProxyContext) {
    this.#context = context;
  }

  all(): readonly Proxy[] {
    return [...this.#proxies.values()];
  }

  /** Throws ApiError proxyNotFound. */
  get(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new ApiError('proxyNotFound');
    return proxy;
  }

  /** Throws ApiError proxyAlreadyExists or listenFailed. */
  async add(wanted: WantedProxy): Promise<Proxy> {
    if (this.#proxies.has(wanted.name)) throw new ApiError('proxyAlreadyExists');
    const proxy = new Proxy(wanted, this.#context);
    if (wanted.enabled) await proxy.start();
    this.#proxies.set(wanted.name, proxy);
    return proxy;
  }

  /** Throws ApiError proxyNotFound. */
  remove(name: string): void {
    this.get(name).stop();
    this.#proxies.delete(name);
  }

  /**
   * Creates or replaces proxies in order. One that has the same addresses already is left wholly alone, with its
   * toxics and its state. Stops at the first that fails and keeps what was done before.
   */
  async populate(wanted: readonly WantedProxy[]): Promise<PopulateOutcome> {
    const proxies: Proxy[] = [];
    try {
      for (const each of wanted) proxies.push(await this.#addOrReplace(each));
      return { proxies, error: undefined };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { proxies, error };
    }
  }

  /**
   * Removes all toxics and enables every proxy. One that cannot be enabled does not keep the others from it;
   * the first such error is thrown at the end.
   */
  async reset(): Promise<void> {
    let firstError: unknown;
    for (const proxy of this.all()) {
      proxy.heal();
      try {
        await proxy.start();
      } catch (error) {
        firstError ??= error;
      }
    }
    if (firstError !== undefined) throw firstError;
  }

  /**
   * Enables and disables several proxies at one moment: either all of them, or, when a port cannot be opened, none.
   * Throws ApiError proxyNotFound or listenFailed.
   */
  async flip(wanted: ReadonlyMap<string, boolean>): Promise<Proxy[]> {
    const proxies = [...wanted].map(([name, enabled]) => ({ proxy: this.get(name), enabled }));
    const prepared: PreparedSwitch[] = [];
    try {
      for (const { proxy, enabled } of proxies) prepared.push(await proxy.prepareSwitch(enabled));
    } catch (error) {
      for (const each of prepared) each.abort();
      throw error;
    }
    for (const each of prepared) each.commit();
    return proxies.map(({ proxy }) => proxy);
  }

  stop(): void {
    for (const proxy of this.all()) proxy.stop();
  }

  async #addOrReplace(wanted: WantedProxy): Promise<Proxy> {
    const existing = this.#proxies.get(wanted.name);
    if (existing === undefined) return this.add(wanted);
    if (!(await existing.differs(wanted.listen, wanted.upstream))) return existing;
    await existing.update(wanted);
    existing.heal();
    return existing;
  }
}

/** A proxy: a listener, an upstream, its toxics and its connections. */
import type { Socket } from 'node:net';
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import { Connection } from './connection.ts';
import { formatAddress, resolveListenAddress, upstreamAddress } from './listen-address.ts';
import { openListener, type Listener } from './listener.ts';
import { ToxicList } from './toxic-list.ts';

export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export interface ProxyContext {
  readonly clock: Clock;
  readonly random: Random;
}

export class Proxy {
  readonly name: string;
  readonly toxics: ToxicList;
  readonly connections = new Set<Connection>();
  connectionsAccepted = 0;
  #listen: string;
  #upstream: string;
  #listener: Listener | undefined;
  readonly #context: ProxyContext;

  constructor(settings: ProxySettings, context: ProxyContext) {
    this.name = settings.name;
    this.#listen = settings.listen;
    this.#upstream = settings.upstream;
    this.#context = { clock: context.clock, random: context.random.fork(`proxy/${settings.name}`) };
    this.toxics = new ToxicList(this.connections);
  }

  get listen(): string {
    return this.#listen;
  }

  get upstream(): string {
    return this.#upstream;
  }

  get enabled(): boolean {
    return this.#listener !== undefined;
  }

  /** Opens the port; does nothing when it is open. Throws ApiError listenFailed. */
  async start(): Promise<void> {
    if (this.#listener !== undefined) return;
    this.#adopt(await this.#open(this.#listen));
  }

  /** Refuses new connections, then closes those that are open. */
  stop(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.closeConnections();
  }

  /** True when other addresses are asked for than those in use. Throws ApiError listenFailed on an unreadable one. */
  async differs(listen: string, upstream: string): Promise<boolean> {
    if (upstream !== this.#upstream) return true;
    return this.#listenDiffers(listen);
  }

  /**
   * Changes addresses and state. The new port is opened before the old one is given up, so that a failure leaves
   * the proxy as it was (the original leaves it disabled under the new address).
   */
  async update(wanted: { listen: string; upstream: string; enabled: boolean }): Promise<void> {
    const listenDiffers = await this.#listenDiffers(wanted.listen);
    const opensPort = wanted.enabled && (listenDiffers || !this.enabled);
    const listener = opensPort ? await this.#open(wanted.listen) : undefined;
    if (listenDiffers || !wanted.enabled) {
      this.#listener?.close();
      this.#listener = undefined;
    }
    if (listenDiffers || wanted.upstream !== this.#upstream || !wanted.enabled) this.closeConnections();
    if (listenDiffers) this.#listen = wanted.listen;
    this.#upstream = wanted.upstream;
    if (listener !== undefined) this.#adopt(listener);
  }

  closeConnections(): void {
    for (const connection of this.connections) connection.destroy();
  }

  async #listenDiffers(listen: string): Promise<boolean> {
    if (listen === this.#listen) return false;
    const [current, wanted] = await Promise.all([
      resolveListenAddress(this.#listen),
      resolveListenAddress(listen),
    ]);
    return formatAddress(current) !== formatAddress(wanted);
  }

  async #open(listen: string): Promise<Listener> {
    return openListener(await resolveListenAddress(listen), (socket) => this.#accept(socket));
  }

  #adopt(listener: Listener): void {
    this.#listener = listener;
    this.#listen = listener.address;
  }

  #accept(client: Socket): void {
    this.connectionsAccepted += 1;
    const number = this.connectionsAccepted;
    const connection = new Connection({
      number,
      client,
      upstream: upstreamAddress(this.#upstream),
      clock: this.#context.clock,
      random: this.#context.random.fork(`connection/${number}`),
      toxics: (direction) => this.toxics.forConnection(direction, number),
      onFinished: () => this.connections.delete(connection),
    });
    this.connections.add(connection);
  }
}

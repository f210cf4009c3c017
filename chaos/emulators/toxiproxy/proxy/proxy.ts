/** A proxy: a listener, an upstream, its toxics and faults, and its connections. */
import type { Socket } from 'node:net';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { FaultList } from '../redcliff/fault-list.ts';
import { FaultsInForce } from '../redcliff/faults/faults-in-force.ts';
import type { ProtocolFault } from '../redcliff/faults/protocol-fault.ts';
import type { TraceRecorder } from '../redcliff/trace/recorder.ts';
import { Connection } from './connection.ts';
import { formatAddress, resolveListenAddress, upstreamAddress } from './listen-address.ts';
import { openListener, type Listener } from './listener.ts';
import { ToxicList } from './toxic-list.ts';
import { Traffic } from './traffic.ts';

export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export interface ProxyContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: TraceRecorder;
}

/** A change of state that was prepared and can no longer fail. */
export interface PreparedSwitch {
  commit(): void;
  /** Gives up; the proxy stays as it was. */
  abort(): void;
}

export class Proxy {
  readonly name: string;
  readonly toxics: ToxicList;
  readonly faults: FaultList;
  readonly traffic = new Traffic();
  #listen: string;
  #upstream: string;
  #listener: Listener | undefined;
  readonly #faultsInForce = new FaultsInForce();
  readonly #context: ProxyContext;

  constructor(settings: ProxySettings, context: ProxyContext) {
    this.name = settings.name;
    this.#listen = settings.listen;
    this.#upstream = settings.upstream;
    this.#context = { ...context, random: context.random.fork(`proxy/${settings.name}`) };
    this.toxics = new ToxicList(this.traffic.open);
    this.faults = new FaultList(this.#faultHost(), this.#context);
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
    this.#closeListener();
    this.#closeConnections();
  }

  /**
   * Does all of enabling or disabling that can fail, so that several proxies can be switched at one moment.
   * Throws ApiError listenFailed.
   */
  async prepareSwitch(enabled: boolean): Promise<PreparedSwitch> {
    if (!enabled) return { commit: () => this.stop(), abort: () => {} };
    if (this.enabled) return { commit: () => {}, abort: () => {} };
    const listener = await this.#open(this.#listen);
    return { commit: () => this.#adopt(listener), abort: () => listener.close() };
  }

  /** True when other addresses are asked for than those in use. Throws ApiError listenFailed on an unreadable one. */
  async differs(listen: string, upstream: string): Promise<boolean> {
    return (await this.#listenDiffers(listen)) || upstream !== this.#upstream;
  }

  /**
   * Changes addresses and state. The new port is opened before the old one is given up, so that a failure leaves
   * the proxy as it was (the original leaves it disabled under the new address). Throws ApiError listenFailed.
   */
  async update(wanted: { listen: string; upstream: string; enabled: boolean }): Promise<void> {
    const listenDiffers = await this.#listenDiffers(wanted.listen);
    const opensPort = wanted.enabled && (listenDiffers || !this.enabled);
    const listener = opensPort ? await this.#open(wanted.listen) : undefined;
    if (listenDiffers || !wanted.enabled) this.#closeListener();
    if (listenDiffers || wanted.upstream !== this.#upstream || !wanted.enabled) this.#closeConnections();
    if (listenDiffers) this.#listen = wanted.listen;
    this.#upstream = wanted.upstream;
    if (listener !== undefined) this.#adopt(listener);
  }

  /** Removes every toxic and fault. */
  heal(): void {
    this.toxics.clear();
    this.faults.clear();
  }

  /** Puts a fault in force that may be in force on other proxies too. */
  addProtocolFault(fault: ProtocolFault): void {
    this.#faultsInForce.add(fault);
  }

  /** Lets go what the fault holds, and closes the connections that lost bytes to it. */
  removeProtocolFault(fault: ProtocolFault): void {
    this.#faultsInForce.remove(fault);
    for (const connection of this.traffic.open) {
      if (connection.conversation?.withdraw(fault) === true) connection.destroy();
    }
  }

  #closeListener(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  #closeConnections(): void {
    for (const connection of this.traffic.open) connection.destroy();
  }

  async #listenDiffers(listen: string): Promise<boolean> {
    if (listen === this.#listen) return false;
    const wanted = await resolveListenAddress(listen);
    return formatAddress(wanted) !== formatAddress(await resolveListenAddress(this.#listen));
  }

  /** Connections that come before the listener is adopted wait for it. */
  async #open(listen: string): Promise<Listener> {
    return openListener(await resolveListenAddress(listen), (socket) => this.#accept(socket));
  }

  #adopt(listener: Listener): void {
    this.#listener = listener;
    this.#listen = listener.address;
    listener.admit();
  }

  #accept(client: Socket): void {
    const number = this.traffic.accepted + 1;
    const connection = new Connection({
      number,
      client,
      upstream: upstreamAddress(this.#upstream),
      clock: this.#context.clock,
      random: this.#context.random.fork(`connection/${number}`),
      toxics: (direction) => this.toxics.forConnection(direction, number),
      faults: this.#faultsInForce,
      proxy: this.name,
      recorder: this.#context.recorder,
      onFinished: (finished) => this.traffic.finish(finished),
    });
    this.traffic.accept(connection);
  }

  #faultHost() {
    return {
      nextConnection: () => this.traffic.accepted + 1,
      addToxic: this.toxics.add.bind(this.toxics),
      removeToxic: this.toxics.remove.bind(this.toxics),
      addProtocolFault: this.addProtocolFault.bind(this),
      removeProtocolFault: this.removeProtocolFault.bind(this),
    };
  }
}

/**
 * The loopback network of a simulation: what a kernel keeps of TCP. Bytes arrive in order, after a latency that is drawn for each portion; a
 * reader that does not read stops its writer; what belongs to a process that ends is closed, as a kernel does it.
 */
import type { Random } from '../../random.ts';
import type { EventOwner } from './event-queue.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

const latencyMinNs = 15_000;
const latencySpreadNs = 60_000;
/**
 * One portion in so many is held up, as by a processor that is busy with something else, and for how long at most. Each seed draws its own: orders
 * that one machine never shows are common on another.
 */
const slowOneIn = [16, 64, 256, 1_024] as const;
const slowNs = [500_000, 3_000_000, 20_000_000] as const;
/** Both buffers of a connection together. */
const windowBytes = 262_144;
const lowestEphemeralPort = 40_000;
const ports = 20_000;
const firstPathPort = 100_000;

export interface Listening {
  readonly owner: EventOwner;
  readonly port: number;
  accepted(connection: Connection): void;
}

/** What a connection tells its owner. */
export interface ConnectionUser {
  connected(): void;
  refused(code: string): void;
  received(bytes: Buffer): void;
  ended(): void;
  reset(): void;
  drained(): void;
}

export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
}

export class Network {
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly #random: Random;
  readonly #slowOneIn: number;
  readonly #slowNs: number;
  readonly #listening = new Map<number, Listening>();
  readonly #open = new Map<EventOwner, Set<Connection>>();
  readonly #portByPath = new Map<string, number>();
  #nextPort = 0;

  constructor({ scheduler, random, trace }: NetworkOptions) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.#random = random;
    this.#slowOneIn = random.pick(slowOneIn);
    this.#slowNs = random.pick(slowNs);
  }

  latencyNs(): number {
    const latencyNs = latencyMinNs + Math.floor(this.#random.next() * latencySpreadNs);
    return this.#random.integer(1, this.#slowOneIn) === 1
      ? latencyNs + Math.floor(this.#random.next() * this.#slowNs)
      : latencyNs;
  }

  freePort(): number {
    for (let tried = 0; tried < ports; tried += 1) {
      const port = lowestEphemeralPort + this.#nextPort;
      this.#nextPort = (this.#nextPort + 1) % ports;
      if (!this.#listening.has(port)) return port;
    }
    throw new Error('no port of the simulated machine is free');
  }

  /** Unix sockets are ports that no TCP port has. */
  portOfPath(path: string): number {
    let port = this.#portByPath.get(path);
    if (port === undefined) {
      port = firstPathPort + this.#portByPath.size;
      this.#portByPath.set(path, port);
    }
    return port;
  }

  /** False when the port is taken. */
  listen(listening: Listening): boolean {
    if (this.#listening.has(listening.port)) return false;
    this.#listening.set(listening.port, listening);
    return true;
  }

  stopListening(listening: Listening): void {
    if (this.#listening.get(listening.port) === listening) this.#listening.delete(listening.port);
  }

  connect(owner: EventOwner, port: number, user: ConnectionUser): Connection {
    const own = new Connection(this, owner, this.freePort(), port);
    own.user = user;
    this.#add(own);
    this.scheduler.after(this.latencyNs(), null, () => {
      if (own.closed) return;
      const listening = this.#listening.get(port);
      if (listening === undefined) {
        this.scheduler.after(this.latencyNs(), owner, () => {
          if (!own.closed) user.refused('ECONNREFUSED');
        });
        return;
      }
      const other = new Connection(this, listening.owner, port, own.localPort);
      this.#add(other);
      own.peer = other;
      other.peer = own;
      other.arriveNs = this.scheduler.nowNs;
      // The kernel takes a connection whether or not the process that listens gets to accept it.
      this.scheduler.at(this.scheduler.nowNs, listening.owner, () => {
        if (!other.closed) listening.accepted(other);
      });
      own.deliver(() => user.connected());
    });
    return own;
  }

  #add(connection: Connection): void {
    let open = this.#open.get(connection.owner);
    if (open === undefined) {
      open = new Set();
      this.#open.set(connection.owner, open);
    }
    open.add(connection);
  }

  forget(connection: Connection): void {
    this.#open.get(connection.owner)?.delete(connection);
  }

  /** Closes what belongs to a process that has ended. */
  processEnded(owner: EventOwner): void {
    for (const listening of this.#listening.values()) {
      if (listening.owner === owner) this.#listening.delete(listening.port);
    }
    for (const connection of this.#open.get(owner) ?? []) connection.close(connection.hasUnread);
    this.#open.delete(owner);
  }
}

/** One end of a connection. */
export class Connection {
  readonly owner: EventOwner;
  readonly localPort: number;
  readonly remotePort: number;
  readonly #network: Network;
  user: ConnectionUser | null = null;
  peer: Connection | null = null;
  closed = false;
  /** Time of the last arrival here, which later ones do not overtake. */
  arriveNs = 0;
  /** Sent from here and not read at the other end yet. */
  #underWayBytes = 0;
  #unreadBytes = 0;
  #isFull = false;
  #hasEnded = false;

  constructor(network: Network, owner: EventOwner, localPort: number, remotePort: number) {
    this.#network = network;
    this.owner = owner;
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  get hasUnread(): boolean {
    return this.#unreadBytes > 0;
  }

  /** Runs `happen` at this end, behind everything that is on its way here. */
  deliver(happen: () => void): void {
    const { scheduler } = this.#network;
    this.arriveNs = Math.max(this.arriveNs + 1, scheduler.nowNs + this.#network.latencyNs());
    scheduler.at(
      this.arriveNs,
      this.owner,
      () => {
        if (!this.closed) happen();
      },
      true,
    );
  }

  /** False when the writer has to wait for `drained`. */
  send(bytes: Buffer): boolean {
    const { peer } = this;
    this.#network.trace.add('send', this.#network.scheduler.nowNs, this.owner.pid, bytes);
    if (peer === null || this.#hasEnded) return true;
    if (peer.closed) {
      // The other end is gone: its machine answers with a reset.
      this.deliver(() => this.#reset());
      return true;
    }
    this.#underWayBytes += bytes.length;
    peer.#unreadBytes += bytes.length;
    peer.deliver(() => peer.user?.received(bytes));
    if (this.#underWayBytes < windowBytes) return true;
    this.#isFull = true;
    return false;
  }

  /** The owner has read so many bytes. */
  read(bytes: number): void {
    const { peer } = this;
    this.#unreadBytes -= bytes;
    if (peer === null || peer.closed) return;
    peer.#underWayBytes -= bytes;
    if (!peer.#isFull || peer.#underWayBytes >= windowBytes / 2) return;
    peer.#isFull = false;
    peer.deliver(() => peer.user?.drained());
  }

  /** Nothing more is sent from here. */
  end(): void {
    const { peer } = this;
    if (this.#hasEnded || this.closed) return;
    this.#hasEnded = true;
    peer?.deliver(() => peer.user?.ended());
  }

  /** Both directions at once; `abruptly` tells the other end by a reset. */
  close(abruptly: boolean): void {
    if (this.closed) return;
    const { peer } = this;
    if (abruptly || this.hasUnread) peer?.deliver(() => peer.#reset());
    else this.end();
    this.closed = true;
    this.#network.forget(this);
  }

  #reset(): void {
    if (this.closed) return;
    this.closed = true;
    this.#network.forget(this);
    this.user?.reset();
  }
}

/**
 * One accepted client with its upstream. Closing follows the original: no half-close, a plain close() (FIN, or RST when
 * bytes lie unread), and RST on both sides when the connection began under a toxic that resets.
 */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import type { NetworkAddress } from './listen-address.ts';
import { Link } from './link.ts';
import { SocketSink } from './socket-sink.ts';
import type { Direction, Toxic } from './toxic.ts';

export interface ConnectionOptions {
  /** Counts from 1 in the order of acceptance by its proxy. */
  readonly number: number;
  readonly client: Socket;
  readonly upstream: NetworkAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** The toxics that a connection starting now meets. */
  readonly toxics: (direction: Direction) => readonly Toxic[];
  readonly onFinished: (connection: Connection) => void;
}

export class Connection {
  readonly number: number;
  readonly openedAtMs: number;
  readonly peer: string;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #options: ConnectionOptions;
  #links: { readonly upstream: Link; readonly downstream: Link } | undefined;
  #resets = false;
  #openSockets = 2;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.number = options.number;
    this.openedAtMs = options.clock.nowMs();
    this.#client = options.client;
    this.peer = `${options.client.remoteAddress ?? ''}:${options.client.remotePort ?? 0}`;
    this.#server = connect({
      host: options.upstream.host,
      port: options.upstream.port,
      noDelay: true,
      allowHalfOpen: true,
    });
    this.#server.once('connect', () => this.#startLinks());
    for (const socket of [this.#client, this.#server]) {
      // An error is always followed by 'close', where both sides are told.
      socket.on('error', () => {});
      socket.once('close', () => this.#socketClosed(socket));
    }
  }

  get links(): readonly Link[] {
    return this.#links === undefined ? [] : [this.#links.upstream, this.#links.downstream];
  }

  link(direction: Direction): Link | undefined {
    return this.#links?.[direction];
  }

  /** Closes both sides at once, whatever is still on its way. */
  destroy(): void {
    for (const link of this.links) link.dispose();
    this.#closeNow(this.#client);
    this.#closeNow(this.#server);
  }

  #startLinks(): void {
    const { clock, random, toxics } = this.#options;
    const start = (direction: Direction, source: Socket, destination: Socket): Link => {
      const sink = new SocketSink(destination, () => this.#closeAfterFlush(destination));
      const chain = toxics(direction);
      if (chain.some((toxic) => toxic.kind.resetsPeers)) this.#resets = true;
      return new Link({ direction, source, sink, clock, random }, chain);
    };
    const upstream = start('upstream', this.#client, this.#server);
    const downstream = start('downstream', this.#server, this.#client);
    this.#links = { upstream, downstream };
    this.#client.on('data', (data: Buffer) => upstream.receive(data));
    this.#server.on('data', (data: Buffer) => downstream.receive(data));
    this.#client.once('end', () => upstream.endInput());
    this.#server.once('end', () => downstream.endInput());
    this.#client.resume();
  }

  #socketClosed(socket: Socket): void {
    this.#openSockets -= 1;
    const links = this.#links;
    if (links === undefined) {
      this.destroy();
    } else if (socket === this.#client) {
      links.downstream.dispose();
      links.upstream.endInput();
    } else {
      links.upstream.dispose();
      links.downstream.endInput();
    }
    if (this.#openSockets === 0) this.#options.onFinished(this);
  }

  #closeNow(socket: Socket): void {
    if (socket.destroyed) return;
    if (this.#resets) socket.resetAndDestroy();
    else socket.destroy();
  }

  #closeAfterFlush(socket: Socket): void {
    if (socket.destroyed || socket.writableLength === 0) this.#closeNow(socket);
    else socket.write('', () => this.#closeNow(socket));
  }
}

/**
 * One accepted client with its upstream. Closing follows the original: no half-close, a plain close() (FIN, or RST when
 * bytes lie unread), and RST on both sides when the connection began under a toxic that resets.
 *
 *     client -> toxics (upstream)  -> requests -> server
 *     client <- toxics (downstream) <- replies <- server
 */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { Conversation } from '../redcliff/conversation.ts';
import type { FaultsInForce } from '../redcliff/faults/faults-in-force.ts';
import type { TraceRecorder } from '../redcliff/trace/recorder.ts';
import { Link } from './link.ts';
import type { NetworkAddress } from './listen-address.ts';
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
  readonly faults: FaultsInForce;
  readonly proxy: string;
  readonly recorder: TraceRecorder;
  readonly onFinished: (connection: Connection) => void;
}

interface Started {
  readonly upstream: Link;
  readonly downstream: Link;
  readonly toServer: SocketSink;
  readonly toClient: SocketSink;
  readonly conversation: Conversation;
}

export class Connection {
  readonly number: number;
  /** The client's address, host:port. */
  readonly peer: string;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly openedAtMs: number;
  closedAtMs: number | undefined;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #options: ConnectionOptions;
  #started: Started | undefined;
  #resets = false;
  #openSockets = 2;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.number = options.number;
    this.openedAtMs = options.clock.nowMs();
    this.#client = options.client;
    this.peer = `${options.client.remoteAddress ?? ''}:${options.client.remotePort ?? 0}`;
    this.#server = connect({ ...options.upstream, noDelay: true, allowHalfOpen: true });
    this.#server.once('connect', () => this.#start());
    for (const socket of [this.#client, this.#server]) {
      // An error is always followed by 'close', where both sides are told.
      socket.on('error', () => {});
      socket.once('close', () => this.#socketClosed(socket));
    }
  }

  /** False until the upstream was reached. */
  get started(): boolean {
    return this.#started !== undefined;
  }

  get conversation(): Conversation | undefined {
    return this.#started?.conversation;
  }

  link(direction: Direction): Link | undefined {
    return this.#started?.[direction];
  }

  bytesSent(direction: Direction): number {
    const sink = direction === 'upstream' ? this.#started?.toServer : this.#started?.toClient;
    return sink?.bytesSent ?? 0;
  }

  /** Closes both sides at once, whatever is still on its way. */
  destroy(): void {
    this.#disposeLinks();
    this.#closeNow(this.#client);
    this.#closeNow(this.#server);
  }

  #start(): void {
    const { clock, random, toxics, faults, number, proxy, recorder } = this.#options;
    const client = this.#client;
    const server = this.#server;
    const toServer = new SocketSink(server, () => this.#closeAfterFlush(server));
    const toClient = new SocketSink(client, () => this.#closeAfterFlush(client));
    const conversation = new Conversation({
      clock,
      place: { proxy, connection: number },
      peer: this.peer,
      recorder,
      requestOutput: toServer,
      replyOutput: toClient,
      faults,
      finish: (ending) => this.#finish(ending === 'reset'),
    });
    toServer.onReady = () => conversation.requests.pump();
    const upstreamToxics = toxics('upstream');
    const downstreamToxics = toxics('downstream');
    this.#resets = [...upstreamToxics, ...downstreamToxics].some((toxic) => toxic.kind.resetsPeers);
    const upstream = new Link(
      { direction: 'upstream', source: client, output: conversation.requests, clock, random },
      upstreamToxics,
    );
    const downstream = new Link(
      {
        direction: 'downstream',
        source: server,
        entry: conversation.replies,
        output: toClient,
        clock,
        random,
      },
      downstreamToxics,
    );
    this.#started = { upstream, downstream, toServer, toClient, conversation };
    client.on('data', (data: Buffer) => upstream.receive(data));
    server.on('data', (data: Buffer) => downstream.receive(data));
    client.once('end', () => upstream.endInput());
    server.once('end', () => downstream.endInput());
    client.resume();
  }

  /** Ends the connection because of a fault, after what was already let through. */
  #finish(resets: boolean): void {
    this.#disposeLinks();
    this.#resets ||= resets;
    this.#closeAfterFlush(this.#client);
    this.#closeAfterFlush(this.#server);
  }

  #disposeLinks(): void {
    const started = this.#started;
    if (started === undefined) return;
    started.upstream.dispose();
    started.downstream.dispose();
    started.conversation.dispose();
  }

  #socketClosed(socket: Socket): void {
    this.#openSockets -= 1;
    const started = this.#started;
    if (started === undefined) {
      this.destroy();
    } else if (socket === this.#client) {
      started.toClient.ended = true;
      started.downstream.dispose();
      started.conversation.replies.dispose();
      started.upstream.endInput();
    } else {
      started.toServer.ended = true;
      started.upstream.dispose();
      started.conversation.requests.dispose();
      started.downstream.endInput();
    }
    if (this.#openSockets > 0) return;
    started?.conversation.closed();
    this.closedAtMs = this.#options.clock.nowMs();
    this.#options.onFinished(this);
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

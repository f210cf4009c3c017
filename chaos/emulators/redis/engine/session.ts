/** One connection: bytes come in, replies go out in order. It knows nothing of sockets. */
import type { Bytes } from '../bytes/byte-string.ts';
import { Client, type ReplySink } from '../clients/client.ts';
import { RequestParser, type ParsedRequest } from '../protocol/request-parser.ts';
import { encodeReply } from '../reply/encode.ts';
import { errorReply, type Reply } from '../reply/reply.ts';
import { requiresPassword } from './checks.ts';
import type { ServerState } from './server-state.ts';

/** The other side of a connection. */
export interface Peer {
  /** `host:port` of the client, and of the server's side. */
  readonly remote: Bytes;
  readonly local: Bytes;
  /** Whether it is on the same machine. */
  readonly isLoopback: boolean;
  /** What was sent and is still on its way, because the client does not read. */
  readonly unsentBytes: number;
  send(bytes: Bytes): void;
  /** Ends the connection once everything was sent. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

export interface SessionHost {
  readonly server: ServerState;
  /** Runs a request; `postponed` when it has to be run again later. */
  run(client: Client, words: readonly Bytes[]): 'done' | 'postponed';
  /** Sessions that have something to send, or to be closed. */
  readonly pending: Set<Session>;
  /** After the input of a turn: sends what was answered. */
  settle(): void;
  closed(session: Session): void;
}

export class Session implements ReplySink {
  readonly client: Client;
  readonly #host: SessionHost;
  readonly #peer: Peer;
  readonly #parser = new RequestParser();
  #output: Bytes[] = [];
  #outputBytes = 0;
  /** A request that waits for the end of a pause. */
  #postponed: readonly Bytes[] | undefined;
  #ends: 'no' | 'after replies' | 'ended' = 'no';
  #isRunning = false;
  #aboveSoftSinceMs: number | undefined;

  constructor(host: SessionHost, peer: Peer) {
    this.#host = host;
    this.#peer = peer;
    const { server } = host;
    this.client = new Client(server.clients.nextId(), peer, Math.floor(server.clock.nowMs()), this);
  }

  /** Bytes from the client. */
  receive(bytes: Bytes): void {
    if (this.#ends === 'ended') return;
    const { server } = this.#host;
    server.statistics.inputBytes += bytes.length;
    server.statistics.reads += 1;
    this.client.lastInteractionMs = Math.floor(server.clock.nowMs());
    this.#parser.append(bytes);
    this.process();
    this.#host.settle();
  }

  /** The client closed its side. */
  disconnected(): void {
    if (this.#ends === 'ended') return;
    this.#ends = 'ended';
    this.#host.closed(this);
    this.#host.settle();
  }

  /** Requests that are there, as long as the client does not wait for something. */
  process(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#canGoOn() && this.#step());
    } finally {
      this.#isRunning = false;
      this.client.pendingInputBytes = this.#parser.pendingBytes;
    }
  }

  send(reply: Reply): void {
    if (this.#ends === 'ended' || this.#isSilent(reply)) return;
    const bytes = encodeReply(reply, this.client.protocol);
    if (bytes === '') return;
    this.#host.pending.add(this);
    this.#output.push(bytes);
    this.#outputBytes += bytes.length;
    this.client.outputBytes = this.#outputBytes;
  }

  close(afterReplies: boolean): void {
    if (this.#ends === 'ended') return;
    if (afterReplies) {
      this.#ends = 'after replies';
      this.#host.pending.add(this);
      return;
    }
    this.#ends = 'ended';
    this.#host.closed(this);
    this.#peer.destroy();
  }

  /** Hands the peer what was answered. */
  flush(): void {
    if (this.#outputBytes > 0) {
      const bytes = this.#output.join('');
      this.#output = [];
      this.#outputBytes = 0;
      this.client.outputBytes = 0;
      const { statistics } = this.#host.server;
      statistics.outputBytes += bytes.length;
      statistics.writes += 1;
      this.#peer.send(bytes);
      this.#checkUnsent();
    }
    if (this.#ends === 'after replies') {
      this.#ends = 'ended';
      this.#host.closed(this);
      this.#peer.end();
    }
  }

  /** A client that does not read what it is sent is let go, at once or after a while. */
  #checkUnsent(): void {
    const { unsentBytes } = this.#peer;
    if (unsentBytes === 0) {
      this.#aboveSoftSinceMs = undefined;
      return;
    }
    const { server } = this.#host;
    const { hardBytes, softBytes, softSeconds } = server.configuration.outputLimit(
      this.client.isSubscriber ? 'pubsub' : 'normal',
    );
    const nowMs = server.clock.monotonicMs();
    if (softBytes === 0 || unsentBytes <= softBytes) this.#aboveSoftSinceMs = undefined;
    else this.#aboveSoftSinceMs ??= nowMs;
    const isAboveHard = hardBytes > 0 && unsentBytes > hardBytes;
    const isLongAboveSoft =
      this.#aboveSoftSinceMs !== undefined && nowMs - this.#aboveSoftSinceMs > softSeconds * 1000;
    if (!isAboveHard && !isLongAboveSoft) return;
    server.log('warning', `Client ${this.client.address} closed for overcoming of output buffer limits.`);
    this.close(false);
  }

  #canGoOn(): boolean {
    return this.client.blocking === undefined && this.#ends === 'no';
  }

  /** False when there is nothing more to do for now. */
  #step(): boolean {
    const { client } = this;
    const postponed = this.#postponed;
    if (postponed !== undefined) {
      this.#postponed = undefined;
      this.#run(postponed);
      return true;
    }
    const { server } = this.#host;
    const isUnauthenticated = !client.isAuthenticated && requiresPassword(server);
    const request: ParsedRequest = this.#parser.next({
      bulkBytesMax: server.configuration.number('proto-max-bulk-len'),
      isUnauthenticated,
    });
    if (request.kind === 'incomplete') return false;
    if (request.kind === 'broken') {
      this.#refuse(request.reason);
      return false;
    }
    this.#run(request.words);
    return true;
  }

  #run(words: readonly Bytes[]): void {
    const { client } = this;
    // Whoever believes to talk HTTP may have been tricked into it.
    const name = words[0]?.toLowerCase();
    if (name === 'host:' || name === 'post') {
      this.close(false);
      return;
    }
    let bytes = 0;
    for (const word of words) bytes += word.length;
    client.argumentBytes = bytes;
    if (this.#host.run(client, words) === 'postponed') {
      this.#postponed = words;
      client.blocking = {
        kind: 'postponed',
        timedOutReply: null,
        canBeUnblocked: false,
        release: () => undefined,
      };
      return;
    }
    client.argumentBytes = 0;
    this.#finishCommand(name);
  }

  #finishCommand(name: string | undefined): void {
    const { client } = this;
    if (client.replyMode === 'skip next') client.replyMode = 'skip this';
    else if (client.replyMode === 'skip this') client.replyMode = 'on';
    // CLIENT CACHING is about the command behind it, or the transaction.
    if (client.tracking?.caching === undefined || client.transaction !== undefined) return;
    if (name !== 'client') client.tracking.caching = undefined;
  }

  #refuse(reason: string): void {
    const { server } = this.#host;
    const message = `ERR Protocol error: ${reason}`;
    server.statistics.addError(message);
    this.send(errorReply(message));
    this.close(true);
  }

  /** Messages are sent also to who wants no replies. */
  #isSilent(reply: Reply): boolean {
    const { replyMode } = this.client;
    if (replyMode === 'on' || replyMode === 'skip next') return false;
    const isPush = typeof reply === 'object' && reply !== null && 'kind' in reply && reply.kind === 'push';
    return !isPush;
  }
}

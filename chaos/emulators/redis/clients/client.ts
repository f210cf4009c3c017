/** What the server knows of one connection. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { ProtocolVersion } from '../reply/encode.ts';
import type { Reply } from '../reply/reply.ts';

/** Where a client's replies go. */
export interface ReplySink {
  send(reply: Reply): void;
  /** Ends the connection, after what was sent when `afterReplies`. */
  close(afterReplies: boolean): void;
}

export interface Transaction {
  readonly commands: (readonly Bytes[])[];
  /** A command was refused while it was queued, so that EXEC is too. */
  isBroken: boolean;
}

/** A command that waits. */
export interface Blocking {
  readonly kind: 'list' | 'zset' | 'stream' | 'wait' | 'postponed' | 'script' | 'shutdown';
  /** Answered when it is over without having got anything. */
  readonly timedOutReply: Reply;
  /** Whether CLIENT UNBLOCK ends it. */
  readonly canBeUnblocked: boolean;
  /** It ends by itself at some time. */
  readonly hasDeadline?: boolean;
  /** Takes it out of wherever it waits. */
  release(): void;
}

export type ReplyMode = 'on' | 'off' | 'skip next' | 'skip this';

export interface Tracking {
  /** Where invalidations go; undefined for the client itself. */
  readonly redirect: number | undefined;
  readonly isBroadcast: boolean;
  readonly prefixes: readonly Bytes[];
  readonly mode: 'all' | 'opt in' | 'opt out';
  readonly skipsOwn: boolean;
  /** CLIENT CACHING for the next command. */
  caching: 'yes' | 'no' | undefined;
  isRedirectBroken: boolean;
}

export class Client {
  readonly id: number;
  /** `host:port` of the peer, and of the server's side. */
  readonly address: Bytes;
  readonly localAddress: Bytes;
  readonly connectedAtMs: number;
  lastInteractionMs: number;
  name: Bytes = '';
  database = 0;
  protocol: ProtocolVersion = 2;
  user = 'default';
  isAuthenticated = false;
  transaction: Transaction | undefined = undefined;
  /** A watched key changed. */
  isDirty = false;
  /** Inside a script or transaction nothing may wait. */
  mayBlock = true;
  /** The client that a script runs its commands as. */
  isScript = false;
  /** Commands come from the append-only file, which is obeyed. */
  isReplay = false;
  isMonitor = false;
  isNoEvict = false;
  replyMode: ReplyMode = 'on';
  isClosing = false;
  readonly channels = new Set<Bytes>();
  readonly patterns = new Set<Bytes>();
  readonly shardChannels = new Set<Bytes>();
  tracking: Tracking | undefined = undefined;
  blocking: Blocking | undefined = undefined;
  lastCommand: Bytes | undefined = undefined;
  /** Bytes of the request under way, and of the input that waits. */
  argumentBytes = 0;
  pendingInputBytes = 0;
  outputBytes = 0;
  readonly #sink: ReplySink;

  constructor(
    id: number,
    addresses: { readonly remote: Bytes; readonly local: Bytes },
    nowMs: number,
    sink: ReplySink,
  ) {
    this.id = id;
    this.address = addresses.remote;
    this.localAddress = addresses.local;
    this.connectedAtMs = nowMs;
    this.lastInteractionMs = nowMs;
    this.#sink = sink;
  }

  get subscriptionCount(): number {
    return this.channels.size + this.patterns.size;
  }

  /** With subscriptions a client of version 2 may only send few commands. */
  get isSubscriber(): boolean {
    return this.subscriptionCount + this.shardChannels.size > 0;
  }

  send(reply: Reply): void {
    this.#sink.send(reply);
  }

  close(afterReplies: boolean): void {
    this.isClosing = true;
    this.#sink.close(afterReplies);
  }
}

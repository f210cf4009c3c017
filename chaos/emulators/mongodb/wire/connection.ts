/**
 * One client connection: requests are answered in the order they come, one at a time. A malformed frame ends this
 * connection and no other.
 */
import type { Socket } from 'node:net';
import { Authentication } from '../auth/authentication.ts';
import { dispatch } from '../commands/dispatch.ts';
import type { Outcome } from '../commands/dispatch.ts';
import { FrameError, MongoError, asMongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { ServerState } from '../server-state.ts';
import type { Document } from '../storage/contract.ts';
import type { ClientConnection } from './client-connection.ts';
import { FrameReader } from './frame-reader.ts';
import { opMsg, parseOpMsg, writeOpMsg } from './op-msg.ts';
import type { OpMessage } from './op-msg.ts';
import { opQuery, parseOpQuery, writeOpReply } from './op-query.ts';

const opCompressed = 2012;
const legacyHello: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster']);
/** Replies above this are waited for before the next request is read, so that a slow reader bounds its own memory. */
const unsentBytesMax = 64 * 1024 * 1024;

export class Connection implements ClientConnection {
  readonly id: number;
  readonly remoteAddress: string;
  readonly isLocal: boolean;
  readonly authentication: Authentication;
  readonly #socket: Socket;
  readonly #server: ServerState;
  readonly #reader = new FrameReader();
  clientMetadata: Document | undefined;
  #isBusy = false;
  #isClosed = false;
  #requestId = 0;

  constructor(id: number, socket: Socket, server: ServerState) {
    this.id = id;
    this.#socket = socket;
    this.#server = server;
    const address = socket.remoteAddress ?? '';
    this.isLocal = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
    this.authentication = new Authentication(server.users, server.random);
    this.remoteAddress = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      server.counters.bytesIn += chunk.length;
      this.#reader.push(chunk);
      this.#drain();
    });
    socket.on('error', () => this.close());
    socket.on('close', () => this.#closed());
  }

  get applicationName(): string | undefined {
    const application = this.clientMetadata?.['application'];
    const name = isDocument(application) ? application['name'] : undefined;
    return typeof name === 'string' ? name : undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#socket.destroy();
    this.#closed();
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server.connections.delete(this);
    for (const operation of this.#server.operations) {
      if (operation.connection !== this) continue;
      operation.interruption.interrupt(
        new MongoError('ClientDisconnect', 'operation was interrupted because a client disconnected'),
      );
    }
  }

  #drain(): void {
    try {
      while (!this.#isBusy && !this.#isClosed) {
        const message = this.#reader.next();
        if (message === undefined) return;
        this.#receive(message);
      }
    } catch (thrown) {
      if (!(thrown instanceof FrameError)) this.#server.reportDefect(thrown);
      this.close();
    }
  }

  #receive(message: Buffer): void {
    this.#server.counters.requests += 1;
    const requestId = message.readInt32LE(4);
    switch (message.readInt32LE(12)) {
      case opMsg:
        this.#receiveOpMsg(message, requestId);
        return;
      case opQuery:
        this.#receiveOpQuery(message, requestId);
        return;
      case opCompressed:
        throw new FrameError('OP_COMPRESSED was not negotiated');
      default:
        throw new FrameError(`unknown operation code ${message.readInt32LE(12)}`);
    }
  }

  #receiveOpMsg(message: Buffer, requestId: number): void {
    let parsed: OpMessage;
    try {
      parsed = parseOpMsg(message);
    } catch (thrown) {
      if (thrown instanceof FrameError) throw thrown;
      const { message: errmsg, code, codeName } = asMongoError(thrown);
      this.#write(writeOpMsg(requestId, this.#nextRequestId(), { ok: 0, errmsg, code, codeName }, false));
      return;
    }
    this.#run(parsed, requestId, (outcome) => this.#answer(parsed, outcome, requestId));
  }

  #answer(request: OpMessage, outcome: Outcome, responseTo: number): void {
    if (request.moreToCome) return;
    const id = this.#nextRequestId();
    this.#write(writeOpMsg(responseTo, id, outcome.reply, outcome.exhaust));
    if (outcome.exhaust) this.#continueExhaust(request, outcome, id);
  }

  /** The same hello again, from the topology just told; its reply answers the reply before. */
  #continueExhaust(request: OpMessage, outcome: Outcome, responseTo: number): void {
    const body = { ...request.body, topologyVersion: outcome.reply['topologyVersion'] };
    this.#run({ ...request, body }, responseTo, (next) => this.#answer(request, next, responseTo));
  }

  #receiveOpQuery(message: Buffer, requestId: number): void {
    const { collection, query } = parseOpQuery(message);
    const inner = isDocument(query['$query']) ? query['$query'] : query;
    const name = Object.keys(inner)[0] ?? '';
    if (!collection.endsWith('.$cmd') || !legacyHello.has(name)) {
      const {
        message: errmsg,
        code,
        codeName,
      } = new MongoError(
        'CommandNotSupported',
        `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
      );
      this.#write(writeOpReply(requestId, this.#nextRequestId(), { ok: 0, errmsg, code, codeName }));
      return;
    }
    const body = { ...inner, $db: collection.slice(0, -'.$cmd'.length) };
    const request = { body, sequences: new Map(), exhaustAllowed: false };
    this.#run(request, requestId, ({ reply }) =>
      this.#write(writeOpReply(requestId, this.#nextRequestId(), reply)),
    );
  }

  #run(
    request: Pick<OpMessage, 'body' | 'sequences' | 'exhaustAllowed'>,
    requestId: number,
    answer: (outcome: Outcome) => void,
  ): void {
    const finish = (outcome: Outcome): void => {
      if (this.#isClosed) return;
      if (outcome.closeConnection) this.close();
      else answer(outcome);
    };
    const outcome = dispatch(this.#server, this, request);
    if (!(outcome instanceof Promise)) {
      finish(outcome);
      return;
    }
    this.#isBusy = true;
    outcome
      .then((late) => {
        this.#isBusy = false;
        finish(late);
        this.#drain();
      })
      .catch((thrown: unknown) => {
        this.#server.reportDefect(thrown, requestId);
        this.close();
      });
  }

  #write(bytes: Buffer): void {
    this.#server.counters.bytesOut += bytes.length;
    this.#socket.write(bytes);
    if (this.#socket.writableLength <= unsentBytesMax) return;
    this.#isBusy = true;
    this.#socket.once('drain', () => {
      this.#isBusy = false;
      this.#drain();
    });
  }

  #nextRequestId(): number {
    this.#requestId = (this.#requestId + 1) | 0;
    return this.#requestId;
  }
}

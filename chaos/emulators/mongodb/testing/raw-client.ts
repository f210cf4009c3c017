/** Sends commands as they are given, session fields included: the driver would put its own in their place. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { Binary, serialize } from 'bson';
import type { Long } from 'bson';
import { decodeDocument } from '../bson/decode.ts';
import type { Document } from '../storage/contract.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { opMsg } from '../wire/op-msg.ts';

export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #waiting: { resolve(reply: Buffer): void; reject(reason: Error): void }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk);
      for (let message = this.#reader.next(); message !== undefined; message = this.#reader.next()) {
        this.#waiting.shift()?.resolve(message);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('connection closed'));
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** The reply, also when it says `ok: 0`. */
  async command(database: string, command: Document): Promise<Document> {
    const body = serialize({ ...command, $db: database });
    const message = Buffer.alloc(21 + body.length);
    message.writeInt32LE(message.length, 0);
    message.writeInt32LE(opMsg, 12);
    message.set(body, 21);
    const reply = await this.exchange(message);
    return decodeDocument(reply.subarray(21));
  }

  /** Sends bytes and waits for one message. @throws Error when the connection is closed instead. */
  exchange(message: Buffer): Promise<Buffer> {
    const { promise, reject, resolve } = Promise.withResolvers<Buffer>();
    this.#waiting.push({ resolve, reject });
    this.#socket.write(message);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#socket.closed ? undefined : once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }
}

/** A session of its own for each number. */
export function lsidOf(number: number): Document {
  const id = Buffer.alloc(16);
  id.writeInt32BE(number, 12);
  return { id: new Binary(id, Binary.SUBTYPE_UUID) };
}

export function inTransaction(session: number, transaction: Long, starts = false): Document {
  return {
    lsid: lsidOf(session),
    txnNumber: transaction,
    autocommit: false,
    ...(starts ? { startTransaction: true } : {}),
  };
}

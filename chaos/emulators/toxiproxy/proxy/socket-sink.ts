/** The end of a chain: the socket towards the other side. */
import type { Socket } from 'node:net';
import type { Chunk } from '../toxics/toxic.ts';
import type { Sink } from './sink.ts';

export class SocketSink implements Sink {
  onReady: () => void = () => {};
  bytesSent = 0;
  ready = true;
  ended = false;
  readonly #socket: Socket;
  readonly #onEnd: () => void;

  constructor(socket: Socket, onEnd: () => void) {
    this.#socket = socket;
    this.#onEnd = onEnd;
    socket.on('drain', () => {
      this.ready = true;
      this.onReady();
    });
  }

  push({ data }: Chunk): void {
    if (this.ended || data.length === 0) return;
    this.bytesSent += data.length;
    this.ready = this.#socket.write(data);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#onEnd();
  }
}

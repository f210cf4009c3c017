/**
 * One connection for one request at a time, as lean as it can be: the generator shares a machine with what it measures, and what it spends is
 * missing there. Only what the API sends is understood: a status line and a body of a stated length.
 */
import { connect, type Socket } from 'node:net';
import type { SourcedRequest } from './request-source.ts';

const headEnd = Buffer.from('\r\n\r\n');

export class HttpConnection {
  readonly #host: string;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #done: ((status: number) => void) | null = null;
  #closed = false;

  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (data) => this.#receive(data));
    this.#socket.on('error', () => this.#fail());
    this.#socket.on('close', () => this.#fail());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** `done` gets the status, or 0 when the connection broke. */
  send({ method, path, body, headers }: SourcedRequest, done: (status: number) => void): void {
    this.#done = done;
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n${more.join('')}${length}\r\n${body ?? ''}`,
    );
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      // A body that only the end of the connection ends, or in chunks, is nothing this system sends.
      this.destroy();
      return;
    }
    if (this.#received.length < end + headEnd.length + Number(length)) return;
    this.#received = Buffer.alloc(0);
    this.#finish(Number(head.slice(9, 12)) || 0);
  }

  #fail(): void {
    this.#closed = true;
    this.#finish(0);
  }

  #finish(status: number): void {
    const done = this.#done;
    this.#done = null;
    done?.(status);
  }
}

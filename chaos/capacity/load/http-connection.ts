/**
 * One connection for one request at a time, as lean as possible: the generator shares a machine with what it measures, and what it spends is missing
 * there. HTTP/1.1 without TLS and redirects.
 */
import { connect, type Socket } from 'node:net';
import { type ParsedResponse, ResponseParser } from '../../emulators/k6/http/response-parser.ts';
import type { SourcedRequest } from './request-source.ts';

export class HttpConnection {
  readonly #host: string;
  readonly #socket: Socket;
  readonly #parser = new ResponseParser();
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
    this.#parser.expect(false);
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
    let response: ParsedResponse | undefined;
    try {
      response = this.#parser.push(data);
    } catch {
      // Anything that is not HTTP counts as no answer.
      this.destroy();
      return;
    }
    if (response !== undefined) this.#finish(response);
  }

  #finish({ head }: ParsedResponse): void {
    if (!head.keepAlive || this.#parser.hasLeftover) {
      this.#closed = true;
      this.destroy();
    }
    this.#end(head.status);
  }

  #fail(): void {
    if (this.#closed) return;
    this.#closed = true;
    const end = this.#parser.end();
    this.#end(end.kind === 'complete' ? end.response.head.status : 0);
  }

  #end(status: number): void {
    const done = this.#done;
    this.#done = null;
    done?.(status);
  }
}

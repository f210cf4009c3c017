/**
 * Requests out of the bytes of a connection: arrays of bulk strings, or inline commands as one types them into telnet.
 * Protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { splitWords } from '../bytes/quote.ts';
import { parseInteger } from '../numbers/integers.ts';

export interface RequestLimits {
  /** Longest bulk string, in bytes. */
  readonly bulkBytesMax: number;
  /** Who has not authenticated may send little: 10 arguments of 16 KiB. */
  readonly isUnauthenticated: boolean;
}

export type ParsedRequest =
  | { readonly kind: 'request'; readonly words: readonly Bytes[] }
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  /** The connection is of no use after this. */
  | { readonly kind: 'broken'; readonly reason: string };

const lineBytesMax = 64 * 1024;
const incomplete: ParsedRequest = { kind: 'incomplete' };

export class RequestParser {
  #buffer: Bytes = '';
  #position = 0;
  /** Arguments still to come of the array that is being read; 0 between requests. */
  #missing = 0;
  /** Length of the bulk string that is being read; -1 before its header. */
  #bulkLength = -1;
  #words: Bytes[] = [];

  append(bytes: Bytes): void {
    this.#buffer = this.#position >= this.#buffer.length ? bytes : this.#buffer.slice(this.#position) + bytes;
    this.#position = 0;
  }

  /** Bytes that no request has been made of yet. */
  get pendingBytes(): number {
    return this.#buffer.length - this.#position;
  }

  /** Whether a part of a request was read. */
  get isInsideRequest(): boolean {
    return this.#missing > 0;
  }

  next(limits: RequestLimits): ParsedRequest {
    for (;;) {
      if (this.#missing === 0) {
        if (this.#position >= this.#buffer.length) return incomplete;
        if (this.#buffer.charAt(this.#position) !== '*') {
          const inline = this.#readInline();
          if (inline.kind === 'request' && inline.words.length === 0) continue;
          return inline;
        }
        const header = this.#readArrayHeader(limits);
        if (header !== undefined) return header;
        continue;
      }
      return this.#readBulks(limits);
    }
  }

  #readInline(): ParsedRequest {
    const end = this.#buffer.indexOf('\n', this.#position);
    if (end === -1) {
      return this.pendingBytes > lineBytesMax ? broken('too big inline request') : incomplete;
    }
    const line = this.#buffer.slice(this.#position, this.#buffer.charAt(end - 1) === '\r' ? end - 1 : end);
    const words = splitWords(line);
    if (words === undefined) return broken('unbalanced quotes in request');
    this.#position = end + 1;
    return { kind: 'request', words };
  }

  /** Undefined when it was read and arguments follow, or when there are none. */
  #readArrayHeader(limits: RequestLimits): ParsedRequest | undefined {
    const line = this.#readLine('too big mbulk count string');
    if (typeof line !== 'string') return line;
    const count = parseInteger(line.slice(1));
    if (count === undefined || count > 0x7fff_ffff) return broken('invalid multibulk length');
    if (count > 10 && limits.isUnauthenticated) return broken('unauthenticated multibulk length');
    this.#missing = Math.max(0, count);
    this.#words = [];
    return undefined;
  }

  #readBulks(limits: RequestLimits): ParsedRequest {
    while (this.#missing > 0) {
      if (this.#bulkLength === -1) {
        const line = this.#readLine('too big bulk count string');
        if (typeof line !== 'string') return line;
        if (line.charAt(0) !== '$') return broken(`expected '$', got '${line.charAt(0) || '\r'}'`);
        const length = parseInteger(line.slice(1));
        if (length === undefined || length < 0 || length > limits.bulkBytesMax) {
          return broken('invalid bulk length');
        }
        if (length > 16_384 && limits.isUnauthenticated) return broken('unauthenticated bulk length');
        this.#bulkLength = length;
      }
      const end = this.#position + this.#bulkLength;
      if (this.#buffer.length < end + 2) return incomplete;
      this.#words.push(this.#buffer.slice(this.#position, end));
      this.#position = end + 2;
      this.#bulkLength = -1;
      this.#missing -= 1;
    }
    return { kind: 'request', words: this.#words };
  }

  /** The line up to its carriage return, whatever byte follows. */
  #readLine(tooLong: string): Bytes | ParsedRequest {
    const end = this.#buffer.indexOf('\r', this.#position);
    if (end === -1) return this.pendingBytes > lineBytesMax ? broken(tooLong) : incomplete;
    if (end + 2 > this.#buffer.length) return incomplete;
    const line = this.#buffer.slice(this.#position, end);
    this.#position = end + 2;
    return line;
  }
}

function broken(reason: string): ParsedRequest {
  return { kind: 'broken', reason };
}

/**
 * Reads HTTP/1.1 answers from the bytes of one connection, each byte once. Written for the case that counts, a short answer that
 * arrives in one piece: header blocks that repeat (most do, but for the date) are parsed once.
 */
import { parseHead, ResponseSyntaxError } from './response-head.ts';
import type { ParsedHead } from './response-head.ts';

export interface ParsedResponse {
  readonly head: ParsedHead;
  readonly body: Buffer;
}

/** What there was when the connection ended: an answer that ends with it, a part of one, or nothing. */
export type EndOfInput =
  | { readonly kind: 'complete'; readonly response: ParsedResponse }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'short'; readonly body: Buffer | undefined };

type State = 'chunk-data' | 'chunk-end' | 'chunk-size' | 'head' | 'length' | 'to-end' | 'trailer';

const maximumHeadBytes = 10_485_760;
const maximumLineBytes = 4096;
const empty = Buffer.alloc(0);

export class ResponseParser {
  /** What has come and was not used yet: the begin of a head or of a line. */
  #buffered: Buffer = empty;
  #state: State = 'head';
  #head: ParsedHead | undefined;
  #missingBytes = 0;
  #parts: Buffer[] = [];
  #withoutBody = false;
  #lastBlock: Buffer = empty;
  #lastHead: ParsedHead | undefined;

  /** To be called before each request; `withoutBody` for answers to HEAD. */
  expect(withoutBody: boolean): void {
    this.#head = undefined;
    this.#parts = [];
    this.#state = 'head';
    this.#withoutBody = withoutBody;
  }

  get hasLeftover(): boolean {
    return this.#buffered.length > 0;
  }

  /** The answer once it is complete. `bytes` may be reused by the caller afterwards. */
  push(bytes: Buffer): ParsedResponse | undefined {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes]);
    const response = this.#advance();
    if (this.#buffered.length > 0 && this.#buffered.buffer === bytes.buffer) {
      this.#buffered = Buffer.from(this.#buffered);
    }
    return response;
  }

  end(): EndOfInput {
    const head = this.#head;
    if (head === undefined)
      return this.hasLeftover ? { body: undefined, kind: 'short' } : { kind: 'nothing' };
    const body = Buffer.concat(this.#parts);
    return this.#state === 'to-end'
      ? { kind: 'complete', response: { body, head } }
      : { body, kind: 'short' };
  }

  /** What has come of the body of an answer that did not come to its end. */
  get partialBody(): Buffer | undefined {
    return this.#head === undefined ? undefined : Buffer.concat(this.#parts);
  }

  #advance(): ParsedResponse | undefined {
    for (;;) {
      switch (this.#state) {
        case 'head': {
          if (!this.#takeHead()) return undefined;
          const head = this.#head;
          if (head !== undefined && this.#endsWithHead(head)) return { body: empty, head };
          break;
        }
        case 'length':
          this.#takeBody();
          return this.#missingBytes === 0 ? this.#complete() : undefined;
        case 'to-end':
          this.#missingBytes = this.#buffered.length;
          this.#takeBody();
          return undefined;
        case 'chunk-size': {
          const line = this.#takeLine();
          if (line === undefined) return undefined;
          this.#missingBytes = chunkSize(line);
          this.#state = this.#missingBytes === 0 ? 'trailer' : 'chunk-data';
          break;
        }
        case 'chunk-data':
          this.#takeBody();
          if (this.#missingBytes > 0) return undefined;
          this.#state = 'chunk-end';
          break;
        case 'chunk-end': {
          const line = this.#takeLine();
          if (line === undefined) return undefined;
          if (line !== '') throw new ResponseSyntaxError('malformed chunked encoding');
          this.#state = 'chunk-size';
          break;
        }
        case 'trailer': {
          const line = this.#takeLine();
          if (line === undefined) return undefined;
          if (line === '') return this.#complete();
          break;
        }
      }
    }
  }

  #complete(): ParsedResponse | undefined {
    const head = this.#head;
    if (head === undefined) return undefined;
    const [only] = this.#parts;
    return { body: this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts), head };
  }

  /** Says whether one was there. Those of the kind `100 Continue` are passed over. */
  #takeHead(): boolean {
    const end = endOfHead(this.#buffered);
    if (end === undefined) {
      if (this.#buffered.length > maximumHeadBytes) {
        throw new ResponseSyntaxError('net/http: server response headers exceeded 10485760 bytes; aborted');
      }
      return false;
    }
    const block = this.#buffered.subarray(0, end.bytes);
    this.#buffered = this.#buffered.subarray(end.bytes + end.breakBytes);
    let head = this.#lastHead;
    if (head === undefined || !block.equals(this.#lastBlock)) {
      head = parseHead(block);
      this.#lastBlock = Buffer.from(block);
      this.#lastHead = head;
    }
    if (head.status < 200 && head.status !== 101) return true;
    this.#head = head;
    this.#missingBytes = head.contentLength ?? 0;
    if (head.chunked) this.#state = 'chunk-size';
    else this.#state = head.contentLength === undefined ? 'to-end' : 'length';
    return true;
  }

  #endsWithHead({ status }: ParsedHead): boolean {
    return this.#withoutBody || status === 101 || status === 204 || status === 304;
  }

  #takeBody(): void {
    const bytes = Math.min(this.#missingBytes, this.#buffered.length);
    if (bytes === 0) return;
    this.#parts.push(Buffer.from(this.#buffered.subarray(0, bytes)));
    this.#buffered = this.#buffered.subarray(bytes);
    this.#missingBytes -= bytes;
  }

  #takeLine(): string | undefined {
    const end = this.#buffered.indexOf(10);
    if (end < 0) {
      if (this.#buffered.length > maximumLineBytes) throw new ResponseSyntaxError('header line too long');
      return undefined;
    }
    const line = this.#buffered.toString('latin1', 0, end).replace(/\r$/, '');
    this.#buffered = this.#buffered.subarray(end + 1);
    return line;
  }
}

/** Lines may end without a carriage return. */
function endOfHead(bytes: Buffer): { bytes: number; breakBytes: number } | undefined {
  const usual = bytes.indexOf('\n\r\n', 0, 'latin1');
  const bare = bytes.indexOf('\n\n', 0, 'latin1');
  if (usual < 0 && bare < 0) return undefined;
  const isUsual = bare < 0 || (usual >= 0 && usual < bare);
  const at = isUsual ? usual : bare;
  const before = at > 0 && bytes[at - 1] === 13 ? 1 : 0;
  return { breakBytes: before + (isUsual ? 3 : 2), bytes: at - before };
}

function chunkSize(line: string): number {
  const size = line.split(';')[0]?.trim() ?? '';
  if (!/^[0-9a-fA-F]+$/.test(size)) throw new ResponseSyntaxError('invalid byte in chunk length');
  if (size.length > 16) throw new ResponseSyntaxError('http chunk length too large');
  return Number.parseInt(size, 16);
}

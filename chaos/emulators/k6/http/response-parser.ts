/**
 * Reads HTTP/1.1 answers from the bytes of one connection. Written for the case that counts, a short answer that
 * arrives in one piece: header blocks that repeat (most do, but for the date) are parsed once.
 */
import { Buffer } from 'node:buffer';

export interface ParsedHead {
  readonly status: number;
  readonly statusText: string;
  readonly proto: string;
  /** Canonical names (`Content-Type`); several values of one name joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly keepAlive: boolean;
  readonly chunked: boolean;
  readonly contentLength: number | undefined;
}

export interface ParsedResponse {
  readonly head: ParsedHead;
  readonly body: Buffer;
}

export class ResponseSyntaxError extends Error {}

const maximumHeadBytes = 1_048_576;
const empty = Buffer.alloc(0);

export class ResponseParser {
  #buffered: Buffer = empty;
  #head: ParsedHead | undefined;
  #bodyParts: Buffer[] = [];
  #bodyBytes = 0;
  #withoutBody = false;
  #lastBlock = '';
  #lastHead: ParsedHead | undefined;

  /** To be called before each request; `withoutBody` for answers to HEAD. */
  expect(withoutBody: boolean): void {
    this.#head = undefined;
    this.#bodyParts = [];
    this.#bodyBytes = 0;
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

  /** The answer if the end of the connection completes it. */
  end(): ParsedResponse | undefined {
    const head = this.#head;
    if (head === undefined || head.chunked || head.contentLength !== undefined) return undefined;
    return { body: Buffer.concat(this.#bodyParts), head };
  }

  #advance(): ParsedResponse | undefined {
    while (this.#head === undefined) {
      const head = this.#takeHead();
      if (head === undefined) return undefined;
      if (head.status >= 200 || head.status === 101) this.#head = head;
    }
    const head = this.#head;
    if (this.#withoutBody || head.status === 204 || head.status === 304) return { body: empty, head };
    if (head.chunked) return this.#takeChunks(head);
    if (head.contentLength !== undefined) return this.#takeLength(head, head.contentLength);
    if (this.#buffered.length > 0) this.#keep(this.#take(this.#buffered.length));
    return undefined;
  }

  #takeHead(): ParsedHead | undefined {
    const end = this.#buffered.indexOf('\r\n\r\n', 0, 'latin1');
    if (end < 0) {
      if (this.#buffered.length > maximumHeadBytes)
        throw new ResponseSyntaxError('response header too large');
      return undefined;
    }
    const block = this.#buffered.toString('latin1', 0, end);
    this.#buffered = this.#buffered.subarray(end + 4);
    if (block === this.#lastBlock && this.#lastHead !== undefined) return this.#lastHead;
    const head = parseHead(block);
    this.#lastBlock = block;
    this.#lastHead = head;
    return head;
  }

  #takeLength(head: ParsedHead, length: number): ParsedResponse | undefined {
    const missing = length - this.#bodyBytes;
    if (this.#bodyBytes === 0 && this.#buffered.length >= length) return { body: this.#take(length), head };
    if (this.#buffered.length > 0) this.#keep(this.#take(Math.min(missing, this.#buffered.length)));
    return this.#bodyBytes === length ? { body: Buffer.concat(this.#bodyParts), head } : undefined;
  }

  #takeChunks(head: ParsedHead): ParsedResponse | undefined {
    for (;;) {
      const lineEnd = this.#buffered.indexOf('\r\n', 0, 'latin1');
      if (lineEnd < 0) return undefined;
      const size = this.#buffered.toString('latin1', 0, lineEnd).split(';')[0]?.trim() ?? '';
      if (!/^[0-9a-fA-F]+$/.test(size)) throw new ResponseSyntaxError('malformed chunked encoding');
      const bytes = Number.parseInt(size, 16);
      if (bytes === 0) {
        const rest = this.#buffered.subarray(lineEnd + 2);
        const trailerEnd =
          rest.length >= 2 && rest[0] === 13 && rest[1] === 10 ? 0 : rest.indexOf('\r\n\r\n', 0, 'latin1');
        if (trailerEnd < 0 || rest.length < 2) return undefined;
        this.#buffered = rest.subarray(trailerEnd === 0 ? 2 : trailerEnd + 4);
        return { body: Buffer.concat(this.#bodyParts), head };
      }
      const chunkStart = lineEnd + 2;
      if (this.#buffered.length < chunkStart + bytes + 2) return undefined;
      this.#keep(Buffer.from(this.#buffered.subarray(chunkStart, chunkStart + bytes)));
      this.#buffered = this.#buffered.subarray(chunkStart + bytes + 2);
    }
  }

  #take(bytes: number): Buffer {
    const part = Buffer.from(this.#buffered.subarray(0, bytes));
    this.#buffered = this.#buffered.subarray(bytes);
    return part;
  }

  #keep(part: Buffer): void {
    this.#bodyParts.push(part);
    this.#bodyBytes += part.length;
  }
}

function parseHead(block: string): ParsedHead {
  const lines = block.split('\r\n');
  const match = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/.exec(lines[0] ?? '');
  if (match === null)
    throw new ResponseSyntaxError(`malformed HTTP response "${(lines[0] ?? '').slice(0, 80)}"`);
  const [, proto = '', status = '', reason = ''] = match;
  const headers: Record<string, string> = {};
  const setCookies: string[] = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new ResponseSyntaxError(`malformed header line "${line.slice(0, 80)}"`);
    const name = canonicalHeaderName(line.slice(0, colon));
    const value = line.slice(colon + 1).trim();
    if (name === 'Set-Cookie') setCookies.push(value);
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const connection = headers['Connection']?.toLowerCase() ?? '';
  const length = headers['Content-Length'];
  return {
    chunked: headers['Transfer-Encoding']?.toLowerCase().includes('chunked') === true,
    contentLength: length === undefined ? undefined : parseLength(length),
    headers,
    keepAlive: proto === 'HTTP/1.1' ? !connection.includes('close') : connection.includes('keep-alive'),
    proto,
    setCookies,
    status: Number(status),
    statusText: `${status} ${reason}`.trim(),
  };
}

function parseLength(text: string): number {
  if (!/^\d+$/.test(text)) throw new ResponseSyntaxError(`bad Content-Length "${text}"`);
  return Number(text);
}

/** Go's form of header names: each part between hyphens begins with a capital. */
export function canonicalHeaderName(name: string): string {
  return name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

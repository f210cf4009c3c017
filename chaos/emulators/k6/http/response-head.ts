/** The head of an HTTP/1.1 answer, read as Go's net/http reads it. */
import { canonicalHeaderName, isToken } from './header-names.ts';

export interface ParsedHead {
  readonly status: number;
  readonly statusText: string;
  readonly proto: string;
  /** By canonical names such as `Content-Type`; several values of one name joined by a comma. Without a prototype. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly keepAlive: boolean;
  readonly chunked: boolean;
  readonly contentLength: number | undefined;
}

export class ResponseSyntaxError extends Error {}

export function parseHead(block: Buffer): ParsedHead {
  const lines = unfolded(block.toString('utf8').split(/\r?\n/));
  const { proto, status, statusText } = parseStatusLine(lines[0] ?? '');
  const values = new Map<string, string[]>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new ResponseSyntaxError(`malformed MIME header line: ${line.slice(0, 80)}`);
    const given = line.slice(0, colon);
    if (!isToken(given.trimEnd()))
      throw new ResponseSyntaxError(`malformed MIME header line: ${line.slice(0, 80)}`);
    const name = canonicalHeaderName(given);
    const value = line.slice(colon + 1).trim();
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  const headers: Record<string, string> = Object.create(null);
  for (const [name, list] of values) headers[name] = list.length === 1 ? (list[0] ?? '') : list.join(', ');
  const connection = headers['Connection']?.toLowerCase() ?? '';
  return {
    chunked: isChunked(headers['Transfer-Encoding']),
    contentLength: lengthOf(values.get('Content-Length')),
    headers,
    keepAlive: proto === 'HTTP/1.1' ? !connection.includes('close') : connection.includes('keep-alive'),
    proto,
    setCookies: values.get('Set-Cookie') ?? [],
    status,
    statusText,
  };
}

function parseStatusLine(line: string): Pick<ParsedHead, 'proto' | 'status' | 'statusText'> {
  const blank = line.indexOf(' ');
  if (blank < 0)
    throw new ResponseSyntaxError(`malformed HTTP response ${JSON.stringify(line.slice(0, 80))}`);
  const proto = line.slice(0, blank);
  const statusText = line.slice(blank + 1).replace(/^ +/, '');
  const code = statusText.split(' ')[0] ?? '';
  if (!/^\d{3}$/.test(code))
    throw new ResponseSyntaxError(`malformed HTTP status code ${JSON.stringify(code.slice(0, 80))}`);
  if (!/^HTTP\/\d\.\d$/.test(proto))
    throw new ResponseSyntaxError(`malformed HTTP version ${JSON.stringify(proto.slice(0, 80))}`);
  return { proto, status: Number(code), statusText };
}

/** A line that begins with a blank goes on with the one before. */
function unfolded(lines: readonly string[]): string[] {
  if (!lines.some((line) => /^[ \t]/.test(line))) return [...lines];
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined && whole.length > 1)
      whole[whole.length - 1] = `${last} ${line.trim()}`;
    else whole.push(line);
  }
  return whole;
}

function isChunked(encoding: string | undefined): boolean {
  if (encoding === undefined) return false;
  if (encoding.toLowerCase() === 'chunked') return true;
  throw new ResponseSyntaxError(`unsupported transfer encoding: ${JSON.stringify(encoding)}`);
}

/** The same length twice is one length. */
function lengthOf(values: readonly string[] | undefined): number | undefined {
  const [first, ...others] = values ?? [];
  if (first === undefined) return undefined;
  if (others.some((other) => other !== first)) {
    throw new ResponseSyntaxError(
      `http: message cannot contain multiple Content-Length headers; got ${JSON.stringify(values)}`,
    );
  }
  if (!/^\d+$/.test(first)) throw new ResponseSyntaxError(`bad Content-Length ${JSON.stringify(first)}`);
  return Number(first);
}

/** A request as bytes on the wire, headers in the order in which Go writes them: its own first, then by name. */
import { domainToASCII } from 'node:url';
import type { RequestCookie } from '../api/host.ts';
import { requestTarget } from './go-url.ts';
import type { GoUrl } from './go-url.ts';
import { headerProblem, isToken } from './header-names.ts';
import { errorCodes, RequestError } from './request-error.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: GoUrl;
  readonly headers: ReadonlyMap<string, string>;
  readonly cookieHeader: string;
  readonly body: Buffer | string | undefined;
  readonly keepAlive: boolean;
}

const usuallyWithoutBody: ReadonlySet<string> = new Set([
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PROPFIND',
  'SEARCH',
]);
const withLengthAlways: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);
const writtenFirst: ReadonlySet<string> = new Set([
  'Content-Length',
  'Host',
  'Transfer-Encoding',
  'User-Agent',
]);

/** Throws a `RequestError` for what cannot stand in a request, in Go's words. */
export function assertSendable({ headers, method, url }: WireRequest): void {
  const isHttp = url.scheme === 'http' || url.scheme === 'https';
  if (isHttp) {
    for (const [name, value] of headers) {
      const problem = headerProblem(name, value);
      if (problem !== undefined) throw new RequestError(errorCodes.generic, problem);
    }
  } else {
    throw new RequestError(errorCodes.generic, `unsupported protocol scheme ${JSON.stringify(url.scheme)}`);
  }
  if (!isToken(method))
    throw new RequestError(errorCodes.generic, `net/http: invalid method ${JSON.stringify(method)}`);
  if (url.host === '') throw new RequestError(errorCodes.generic, 'http: no Host in request URL');
}

export function serializeRequest(request: WireRequest): string | Buffer {
  const { body, headers, method, url } = request;
  let head = `${method} ${requestTarget(url)} HTTP/1.1\r\nHost: ${headers.get('Host') ?? asciiHost(url.host)}\r\n`;
  const agent = headers.get('User-Agent') ?? '';
  if (agent !== '') head += `User-Agent: ${agent}\r\n`;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const isChunked = length === 0 && body !== undefined && !usuallyWithoutBody.has(method);
  if (isChunked) head += 'Transfer-Encoding: chunked\r\n';
  else if (length > 0 || withLengthAlways.has(method)) head += `Content-Length: ${length}\r\n`;
  head += otherHeaders(request);
  if (!request.keepAlive && headers.get('Connection')?.toLowerCase() !== 'close')
    head += 'Connection: close\r\n';
  // Of a body that is empty Go does not know that, and sends it in chunks: in none.
  if (isChunked) return `${head}\r\n0\r\n\r\n`;
  if (body === undefined || length === 0) return `${head}\r\n`;
  return typeof body === 'string' ? `${head}\r\n${body}` : Buffer.concat([Buffer.from(`${head}\r\n`), body]);
}

function otherHeaders({ cookieHeader, headers }: WireRequest): string {
  const others = [...headers].filter(([name]) => !writtenFirst.has(name));
  if (cookieHeader !== '') {
    const own = headers.get('Cookie');
    const cookie: [string, string] = ['Cookie', own === undefined ? cookieHeader : `${own}; ${cookieHeader}`];
    others.splice(0, others.length, ...others.filter(([name]) => name !== 'Cookie'), cookie);
  }
  if (others.length > 1) others.sort(([left], [right]) => (left < right ? -1 : 1));
  return others.map(([name, value]) => `${name}: ${value.trim()}\r\n`).join('');
}

/** International names go out in their ASCII form. */
function asciiHost(host: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(host)) return host;
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  return `${domainToASCII(host.slice(0, host.length - port.length))}${port}`;
}

/** Those of the request come before those of the jar, which they replace when they say so. */
export function cookieHeaderOf(
  fromJar: readonly { readonly name: string; readonly value: string }[],
  fromRequest: readonly RequestCookie[],
): string {
  if (fromRequest.length === 0 && fromJar.length === 0) return '';
  const replaced = new Set(fromRequest.filter(({ replace }) => replace).map(({ name }) => name));
  return [...fromRequest, ...fromJar.filter(({ name }) => !replaced.has(name))]
    .map(({ name, value }) => `${name.replaceAll(/[\r\n]/g, '-')}=${sendableValue(value)}`)
    .join('; ');
}

/** What may not stand in a cookie is left out; a blank or a comma needs quotes. */
function sendableValue(value: string): string {
  const clean = value.replaceAll(/[^\u0020\u0021\u0023-\u003a\u003c-\u005b\u005d-\u007e]/g, '');
  return /[ ,]/.test(clean) ? `"${clean}"` : clean;
}

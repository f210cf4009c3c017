/** A request as bytes on the wire, headers in the order in which Go writes them. */
import { Buffer } from 'node:buffer';
import type { URL } from 'node:url';
import type { Cookie } from './cookie-jar.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookieHeader: string;
  readonly body: Buffer | string | undefined;
  readonly keepAlive: boolean;
}

const withLengthAlways: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);

export function serializeRequest(request: WireRequest): string | Buffer {
  const { body, headers, method, url } = request;
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${headers['Host'] ?? url.host}\r\n`;
  for (const name in headers) {
    if (name !== 'Host' && name !== 'Content-Length')
      head += `${name}: ${withoutBreaks(headers[name] ?? '')}\r\n`;
  }
  if (request.cookieHeader !== '') head += `Cookie: ${request.cookieHeader}\r\n`;
  if (!request.keepAlive) head += 'Connection: close\r\n';
  if (body === undefined) {
    return `${head}${withLengthAlways.has(method) ? 'Content-Length: 0\r\n' : ''}\r\n`;
  }
  head += `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]);
}

export function cookieHeaderOf(
  fromJar: readonly Cookie[],
  fromParams: Readonly<Record<string, { value: string; replace: boolean }>> | undefined,
): string {
  if (fromParams === undefined) {
    return fromJar.length === 0 ? '' : fromJar.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
  const kept = fromJar.filter(({ name }) => fromParams[name]?.replace !== true);
  const given = Object.entries(fromParams).map(([name, { value }]) => `${name}=${value}`);
  return [...kept.map(({ name, value }) => `${name}=${value}`), ...given].join('; ');
}

/** A line break in a value would begin a header of its own. */
function withoutBreaks(value: string): string {
  return /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]+/g, ' ') : value;
}

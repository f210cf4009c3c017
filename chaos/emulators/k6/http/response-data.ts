/** What a script is told of a request that has ended. */
import type {
  Body,
  RequestCookie,
  ResponseCookie,
  ResponseData,
  ResponseType,
  Timings,
} from '../api/host.ts';
import type { TlsFacts } from './connection.ts';
import type { RequestPlan } from './request-plan.ts';
import { formatGoUrl } from './go-url.ts';
import type { ParsedHead } from './response-head.ts';
import { parseSetCookie } from './set-cookie.ts';

export interface EndOfRequest {
  /** Undefined when there is no whole answer. */
  readonly head: ParsedHead | undefined;
  /** Decompressed; also the beginning of one that broke off. */
  readonly body: Buffer | undefined;
  readonly error: string;
  readonly errorCode: number;
  readonly url: string;
  readonly remoteIp: string;
  readonly remotePort: number;
  readonly tls: TlsFacts;
  readonly timings: Timings;
  readonly sentCookies: readonly RequestCookie[];
}

/** Milliseconds of Go's zero time, which a cookie without an end shows. */
const goZeroTimeMs = -6_795_364_578_871;
const noHeaders: Readonly<Record<string, string>> = Object.create(null);

export function responseData(plan: RequestPlan, end: EndOfRequest): ResponseData {
  const { head } = end;
  return {
    body: bodyFor(plan, end),
    cookies: head === undefined ? [] : head.setCookies.flatMap(describeCookie),
    error: end.error,
    errorCode: end.errorCode,
    headers: head?.headers ?? noHeaders,
    proto: head?.proto ?? '',
    remoteIp: end.remoteIp,
    remotePort: end.remotePort,
    request: {
      body: plan.shownBody,
      cookies: end.sentCookies,
      headers: Object.fromEntries(plan.headers),
      method: plan.method,
      url: formatGoUrl(plan.url),
    },
    status: head?.status ?? 0,
    statusText: head?.statusText ?? '',
    thrown: false,
    timings: end.timings,
    tlsCipherSuite: head === undefined ? '' : end.tls.cipherSuite,
    tlsVersion: head === undefined ? '' : end.tls.version,
    url: end.url,
  };
}

/** For a request that was not made at all. */
export function unmadeResponse(message: string, code: number, thrown: boolean): ResponseData {
  return {
    body: '',
    cookies: [],
    error: message,
    errorCode: code,
    headers: noHeaders,
    proto: '',
    remoteIp: '',
    remotePort: 0,
    request: { body: '', cookies: [], headers: noHeaders, method: '', url: '' },
    status: 0,
    statusText: '',
    thrown,
    timings: noTimings,
    tlsCipherSuite: '',
    tlsVersion: '',
    url: '',
  };
}

const noTimings: Timings = {
  blocked: 0,
  connecting: 0,
  duration: 0,
  looking_up: 0,
  receiving: 0,
  sending: 0,
  tls_handshaking: 0,
  waiting: 0,
};

function bodyFor({ method, responseType }: RequestPlan, { body, head }: EndOfRequest): Body | null {
  const hasNone = head?.status === 204 || head?.status === 304;
  if (body === undefined || responseType === 'none' || (hasNone && method !== 'HEAD')) return null;
  return decoded(body, responseType);
}

function decoded(body: Buffer, responseType: Exclude<ResponseType, 'none'>): Body {
  if (responseType === 'text') return body.toString('utf8');
  const copy = new ArrayBuffer(body.length);
  new Uint8Array(copy).set(body);
  return copy;
}

function describeCookie(line: string): ResponseCookie[] {
  const cookie = parseSetCookie(line);
  if (cookie === undefined) return [];
  const { domain, expiresMs, httpOnly, maxAgeSeconds, name, path, secure, value } = cookie;
  return [
    {
      domain: domain.replace(/^\./, ''),
      expiresMs: expiresMs ?? goZeroTimeMs,
      httpOnly,
      maxAgeSeconds,
      name,
      path,
      secure,
      value,
    },
  ];
}

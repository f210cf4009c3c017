/** A request as it goes out, made from what the script asked for and the options of the run. */
import type { Handle, RequestCookie, RequestSpec, ResponseType, Tags } from '../api/host.ts';
import { UnsupportedError } from '../errors.ts';
import type { Options } from '../options/options.ts';
import { compress, compressionsOf } from './compression.ts';
import { queryString } from '../api/query-string.ts';
import { encodeMultipart } from './form-body.ts';
import { parseGoUrl, UrlError } from './go-url.ts';
import type { GoUrl } from './go-url.ts';
import { canonicalHeaderName } from './header-names.ts';
import { errorCodes, RequestError } from './request-error.ts';

export interface RequestPlan {
  readonly method: string;
  readonly url: GoUrl;
  /** As the script wrote it. */
  readonly urlText: string;
  /** What the tag `name` says; undefined when it is the URL. */
  readonly name: string | undefined;
  /** By canonical names. */
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined when there is none, which is not the same as an empty one. */
  readonly body: Buffer | string | undefined;
  /** As the script gave it, before it was compressed. */
  readonly shownBody: string;
  readonly cookies: readonly RequestCookie[];
  readonly jar: Handle | undefined;
  readonly auth: 'basic' | 'digest';
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  /** The script has said how many redirects to follow. */
  readonly redirectsAreGiven: boolean;
  readonly throws: boolean;
  readonly responseType: ResponseType;
  readonly expected: RequestSpec['expected'];
  readonly tags: Tags;
}

/** That of the k6 whose behaviour this is, so that a server cannot tell the runtimes apart. */
const defaultUserAgent = 'Grafana k6/2.2.0';
const defaultMaxRedirects = 10;

export function userAgentOf({ userAgent }: Options): string {
  return userAgent ?? defaultUserAgent;
}

/** Throws a `RequestError` for a request that cannot be made. */
export function planRequest(spec: RequestSpec, options: Options): RequestPlan {
  const url = parseUrl(spec.url);
  const headers = new Map([['User-Agent', userAgentOf(options)]]);
  const { body, contentType } = encodeBody(spec.body);
  if (contentType !== undefined) headers.set('Content-Type', contentType);
  for (const [name, value] of spec.headers) headers.set(canonicalHeaderName(name), value);
  // The length is that of the body, whatever the script says.
  headers.delete('Content-Length');
  const compressions = compressionsOf(spec.compression);
  const compressed = compressions.length > 0 && body !== undefined;
  if (compressed && !headers.has('Content-Encoding'))
    headers.set('Content-Encoding', compressions.join(', '));
  const nameTag = spec.tags['name'];
  return {
    auth: authOf(spec.auth),
    body: compressed ? compress(Buffer.from(body), compressions) : body,
    cookies: spec.cookies,
    expected: spec.expected,
    headers,
    jar: spec.jar,
    maxRedirects: spec.redirects ?? options.maxRedirects ?? defaultMaxRedirects,
    method: spec.method === '' ? 'GET' : spec.method,
    name: nameTag ?? (spec.urlName === spec.url ? undefined : spec.urlName),
    redirectsAreGiven: spec.redirects !== undefined || options.maxRedirects !== undefined,
    responseType: spec.responseType ?? (options.discardResponseBodies === true ? 'none' : 'text'),
    shownBody: body === undefined ? '' : body.toString(),
    tags: spec.tags,
    throws: spec.throws ?? options.throw ?? false,
    timeoutMs: spec.timeoutMs,
    url,
    urlText: spec.url,
  };
}

function parseUrl(text: string): GoUrl {
  try {
    return parseGoUrl(text);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new RequestError(errorCodes.invalidUrl, `invalid URL: ${error.message}`, error);
  }
}

function authOf(auth: string): RequestPlan['auth'] {
  if (auth === 'digest') return 'digest';
  if (auth === 'ntlm') {
    throw new UnsupportedError(
      'auth: ntlm',
      'use basic or digest authentication, or run the script with --k6 PATH',
    );
  }
  return 'basic';
}

function encodeBody(body: RequestSpec['body']): {
  body: Buffer | string | undefined;
  contentType: string | undefined;
} {
  switch (body?.kind) {
    case undefined:
      return { body: undefined, contentType: undefined };
    case 'bytes':
      return { body: Buffer.from(new Uint8Array(body.bytes)), contentType: undefined };
    case 'fields':
      return { body: queryString(body.fields), contentType: 'application/x-www-form-urlencoded' };
    case 'multipart': {
      const { boundary, bytes } = encodeMultipart(body.parts);
      return { body: bytes, contentType: `multipart/form-data; boundary=${boundary}` };
    }
    case 'text':
      return { body: body.text, contentType: undefined };
  }
}

/** Says how many bytes a script's `Content-Length` header is off; undefined when it has none or is right. */
export function lengthMismatch(spec: RequestSpec, plan: RequestPlan): string | undefined {
  const given = spec.headers.findLast(([name]) => canonicalHeaderName(name) === 'Content-Length')?.[1];
  const bytes = plan.body === undefined ? 0 : Buffer.byteLength(plan.body);
  if (given === undefined || given === '' || Number(given) === bytes) return undefined;
  return (
    `The specified Content-Length header ${JSON.stringify(given)} in the ${plan.method} request for ${plan.urlText} ` +
    `doesn't match the actual request body length of ${bytes}, so it will be ignored!`
  );
}

/** A request as the script asked for it: method, URL, body and params of `k6/http`, checked and filled with defaults. */
import { Buffer } from 'node:buffer';
import { URL } from 'node:url';
import { gzipSync, deflateSync, brotliCompressSync, zstdCompressSync } from 'node:zlib';
import { z } from 'zod';
import { duration } from '../options/scenario.ts';
import { CookieJar } from './cookie-jar.ts';
import { canonicalHeaderName } from './response-parser.ts';
import { isStatusMatcher } from './expected-statuses.ts';
import type { StatusMatcher } from './expected-statuses.ts';
import { encodeMultipart, isFileData } from './multipart.ts';
import { errorCodes, RequestError } from './request-error.ts';
import { isTemplatedUrl } from './templated-url.ts';

export type ResponseType = 'binary' | 'none' | 'text';

export interface RequestPlan {
  readonly method: string;
  readonly url: URL;
  /** What the tag `name` says. */
  readonly name: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string | undefined;
  readonly timeoutMs: number;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly cookies: Readonly<Record<string, { value: string; replace: boolean }>> | undefined;
  readonly jar: CookieJar | undefined;
  readonly maxRedirects: number;
  readonly responseType: ResponseType;
  /** Null switches expectations off; undefined takes those of the VU. */
  readonly responseCallback: StatusMatcher | null | undefined;
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const paramsSchema = z.looseObject({
  auth: z.enum(['basic']).optional(),
  compression: z.string().optional(),
  cookies: z
    .record(z.string(), z.union([text, z.object({ replace: z.boolean().default(false), value: text })]))
    .optional(),
  headers: z.record(z.string(), z.union([text, z.null()])).optional(),
  jar: z.instanceof(CookieJar).optional(),
  redirects: z.int().min(0).optional(),
  responseCallback: z.custom<StatusMatcher>(isStatusMatcher).nullish(),
  responseType: z.enum(['binary', 'none', 'text']).optional(),
  tags: z.record(z.string(), text).optional(),
  timeout: duration.optional(),
});

type Params = z.output<typeof paramsSchema>;

export interface RequestDefaults {
  readonly discardResponseBodies: boolean;
  readonly maxRedirects: number;
  readonly userAgent: string;
}

const defaultTimeoutMs = 60_000;

/** Throws a `RequestError` for a bad URL and a `TypeError` for a bad param. */
export function planRequest(
  method: string,
  target: unknown,
  body: unknown,
  rawParams: unknown,
  defaults: RequestDefaults,
): RequestPlan {
  const params = parseParams(rawParams);
  const { name, url } = parseTarget(target);
  const headers: Record<string, string> = { 'User-Agent': defaults.userAgent };
  for (const [header, value] of Object.entries(params?.headers ?? {})) {
    if (value !== null) headers[canonicalHeaderName(header)] = value;
  }
  const encoded = encodeBody(body, headers);
  if (url.username !== '') addBasicAuth(url, headers);
  return {
    body: compress(encoded, params?.compression, headers),
    cookies: params?.cookies === undefined ? undefined : normalizeCookies(params.cookies),
    headers,
    jar: params?.jar,
    maxRedirects: params?.redirects ?? defaults.maxRedirects,
    method: method.toUpperCase(),
    name,
    responseCallback: params?.responseCallback,
    responseType: params?.responseType ?? (defaults.discardResponseBodies ? 'none' : 'text'),
    tags: params?.tags,
    timeoutMs: params?.timeout ?? defaultTimeoutMs,
    url,
  };
}

function parseParams(raw: unknown): Params | undefined {
  if (raw === undefined || raw === null) return undefined;
  const parsed = paramsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TypeError(`invalid http params: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function parseTarget(target: unknown): { name: string; url: URL } {
  const href = isTemplatedUrl(target) ? target.url : String(target);
  if (!URL.canParse(href)) throw new RequestError(errorCodes.invalidUrl, `invalid URL: ${href}`);
  const url = new URL(href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RequestError(
      errorCodes.invalidUrl,
      `unsupported protocol scheme "${url.protocol.slice(0, -1)}"`,
    );
  }
  return { name: isTemplatedUrl(target) ? target.name : href, url };
}

function encodeBody(body: unknown, headers: Record<string, string>): Buffer | string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body !== 'object') return String(body);
  const fields = Object.entries(body);
  if (fields.some(([, value]) => isFileData(value))) {
    const { boundary, bytes } = encodeMultipart(fields);
    headers['Content-Type'] ??= `multipart/form-data; boundary=${boundary}`;
    return bytes;
  }
  headers['Content-Type'] ??= 'application/x-www-form-urlencoded';
  return fields
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one) => formPair(key, one)))
    .join('&');
}

function formPair(key: string, value: unknown): string {
  return `${formEncode(key)}=${formEncode(String(value))}`;
}

function formEncode(part: string): string {
  return encodeURIComponent(part)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

const compressors: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  br: (bytes) => brotliCompressSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};

function compress(
  body: Buffer | string | undefined,
  algorithms: string | undefined,
  headers: Record<string, string>,
): Buffer | string | undefined {
  if (body === undefined || algorithms === undefined || algorithms === '') return body;
  const names = algorithms.split(',').map((name) => name.trim());
  headers['Content-Encoding'] ??= names.join(', ');
  return names.reduce<Buffer>((bytes, name) => {
    const compressor = compressors[name];
    if (compressor === undefined) throw new TypeError(`unknown compression algorithm ${name}`);
    return compressor(bytes);
  }, Buffer.from(body));
}

function normalizeCookies(
  cookies: NonNullable<Params['cookies']>,
): Record<string, { value: string; replace: boolean }> {
  return Object.fromEntries(
    Object.entries(cookies).map(([name, cookie]) => [
      name,
      typeof cookie === 'string' ? { replace: false, value: cookie } : cookie,
    ]),
  );
}

function addBasicAuth(url: URL, headers: Record<string, string>): void {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  headers['Authorization'] ??= `Basic ${Buffer.from(credentials).toString('base64')}`;
  url.username = '';
  url.password = '';
}

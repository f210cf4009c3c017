/** The arguments of a request as the script gives them, read into what the run makes a request of. */
import { parseDuration } from '../options/duration.ts';
import { bufferOf, bytesOf, isBinary } from './binary.ts';
import { CookieJar } from './cookie-jar.ts';
import { ExpectedStatuses } from './expected-statuses.ts';
import { goText } from './go-text.ts';
import type { MultipartPart, RequestBody, RequestCookie, RequestSpec } from './host.ts';
import { FileData } from './http-file.ts';
import { HttpUrl } from './http-url.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { withTags } from './tags.ts';

export interface RequestArguments {
  readonly method: string;
  readonly url: unknown;
  readonly body: unknown;
  readonly params: unknown;
}

const defaultTimeoutMs = 60_000;

type Draft = { -readonly [Name in keyof RequestSpec]: RequestSpec[Name] };

/** Throws what k6 throws, or makes a failed response of. */
export function readRequest(
  kernel: Kernel,
  { body, method, params, url }: RequestArguments,
  expected: RequestSpec['expected'],
): RequestSpec {
  const { name, text } = readUrl(url);
  const draft: Draft = {
    auth: '',
    body: readBody(kernel, body),
    compression: '',
    cookies: [],
    expected,
    headers: [],
    jar: undefined,
    method,
    redirects: undefined,
    responseType: undefined,
    tags: kernel.tags,
    throws: undefined,
    timeoutMs: defaultTimeoutMs,
    url: text,
    urlName: name,
  };
  if (params === undefined || params === null) return draft;
  const given: Record<string, unknown> = Object(params);
  for (const key of Object.keys(given)) readers.get(key)?.(draft, given[key]);
  return draft;
}

function readUrl(url: unknown): { name: string | undefined; text: string } {
  if (url instanceof HttpUrl) return { name: url.name, text: url.url };
  if (typeof url === 'string') return { name: undefined, text: url };
  throw new GoError(`invalid URL: '#${goText(url)}'`);
}

const readers = new Map<string, (draft: Draft, value: unknown) => void>([
  ['auth', (draft, value) => (draft.auth = String(value))],
  ['compression', (draft, value) => (draft.compression = String(value).trim())],
  ['cookies', (draft, value) => (draft.cookies = readCookies(value))],
  [
    'headers',
    (draft, value) => (draft.headers = entriesOf(value).map(([name, text]) => [name, String(text)])),
  ],
  ['jar', (draft, value) => (draft.jar = value instanceof CookieJar ? value.handle : undefined)],
  ['redirects', (draft, value) => (draft.redirects = Math.trunc(Number(value)) || 0)],
  ['responseCallback', (draft, value) => (draft.expected = readExpected(value))],
  ['responseType', (draft, value) => (draft.responseType = readResponseType(String(value)))],
  ['tags', (draft, value) => (draft.tags = readTags(draft, value))],
  ['throw', (draft, value) => (draft.throws = Boolean(value))],
  ['timeout', (draft, value) => (draft.timeoutMs = readTimeout(value))],
]);

function entriesOf(value: unknown): [string, unknown][] {
  return value === undefined || value === null ? [] : Object.entries(Object(value));
}

function readTags(draft: Draft, value: unknown): RequestSpec['tags'] {
  try {
    return withTags(draft.tags, value);
  } catch (error) {
    throw new GoError(`invalid HTTP request metric tags: ${error instanceof Error ? error.message : ''}`);
  }
}

function readCookies(value: unknown): RequestCookie[] {
  return entriesOf(value)
    .filter(([, cookie]) => cookie !== undefined && cookie !== null)
    .map(([name, cookie]) => {
      if (typeof cookie !== 'object' || cookie === null)
        return { name, replace: false, value: String(cookie) };
      const attributes = Object.entries(cookie).map(([key, inner]) => [key.toLowerCase(), inner] as const);
      const find = (wanted: string): unknown => attributes.findLast(([key]) => key === wanted)?.[1];
      const text = find('value');
      return { name, replace: Boolean(find('replace')), value: text === undefined ? '' : String(text) };
    });
}

function readTimeout(value: unknown): number {
  const timeoutMs = typeof value === 'string' || typeof value === 'number' ? parseDuration(value) : undefined;
  if (timeoutMs === undefined)
    throw new GoError(`invalid timeout value: unable to use '${goText(value)}' as a duration`);
  return timeoutMs;
}

function readResponseType(value: string): RequestSpec['responseType'] {
  if (value === 'binary' || value === 'none' || value === 'text') return value;
  throw new GoError(`${value} does not belong to ResponseType values`);
}

function readExpected(value: unknown): RequestSpec['expected'] {
  if (value === undefined || value === null) return null;
  if (value instanceof ExpectedStatuses) return value.ranges;
  throw new GoError('unsupported responseCallback');
}

export function readBody(kernel: Kernel, body: unknown): RequestBody | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return { kind: 'text', text: body };
  if (isBinary(body)) return { bytes: bufferOf(bytesOf(kernel, body)), kind: 'bytes' };
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new GoError(`unknown request body type ${Array.isArray(body) ? '[]interface {}' : typeof body}`);
  }
  const fields = Object.entries(body);
  if (fields.some(([, value]) => value instanceof FileData)) {
    return { kind: 'multipart', parts: fields.map(([name, value]) => readPart(kernel, name, value)) };
  }
  return {
    fields: fields.map(([name, value]) => [name, Array.isArray(value) ? value.map(goText) : [goText(value)]]),
    kind: 'fields',
  };
}

function readPart(kernel: Kernel, name: string, value: unknown): MultipartPart {
  if (!(value instanceof FileData)) return { content: goText(value), file: undefined, name };
  const content = typeof value.data === 'string' ? value.data : bufferOf(bytesOf(kernel, value.data));
  return { content, file: { contentType: String(value.content_type), name: String(value.filename) }, name };
}

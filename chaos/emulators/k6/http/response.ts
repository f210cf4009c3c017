/** What the script gets for a request: the answer, or status 0 with `error` and `error_code`. */
import type { Buffer } from 'node:buffer';
import type { Cookie } from './cookie-jar.ts';
import { selectJson } from './json-selector.ts';
import type { ParsedHead } from './response-parser.ts';
import type { RequestPlan, ResponseType } from './request-plan.ts';
import { UnsupportedError } from '../errors.ts';

export interface Timings {
  readonly duration: number;
  readonly blocked: number;
  readonly looking_up: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

export interface ResponseParts {
  readonly plan: RequestPlan;
  readonly url: string;
  readonly sentHeaders: Readonly<Record<string, string>>;
  readonly head: ParsedHead | undefined;
  readonly body: Buffer | undefined;
  readonly timings: Timings;
  readonly error: string;
  readonly errorCode: number;
  readonly remoteIp: string;
  readonly remotePort: number;
  readonly cookies: readonly Cookie[];
}

export class Response {
  readonly #parts: ResponseParts;
  #headers: Record<string, string> | undefined;
  #body: string | ArrayBuffer | null | undefined;
  readonly url: string;
  readonly status: number;
  readonly status_text: string;
  readonly proto: string;
  readonly error: string;
  readonly error_code: number;
  readonly timings: Timings;
  readonly remote_ip: string;
  readonly remote_port: number;

  constructor(parts: ResponseParts) {
    this.#parts = parts;
    this.url = parts.url;
    this.status = parts.head?.status ?? 0;
    this.status_text = parts.head?.statusText ?? '';
    this.proto = parts.head?.proto ?? '';
    this.error = parts.error;
    this.error_code = parts.errorCode;
    this.timings = parts.timings;
    this.remote_ip = parts.remoteIp;
    this.remote_port = parts.remotePort;
  }

  get headers(): Record<string, string> {
    this.#headers ??= { ...this.#parts.head?.headers };
    return this.#headers;
  }

  get body(): string | ArrayBuffer | null {
    if (this.#body === undefined) this.#body = decodeBody(this.#parts.body, this.#parts.plan.responseType);
    return this.#body;
  }

  get request(): Readonly<Record<string, unknown>> {
    const { plan, sentHeaders, url } = this.#parts;
    const headers = Object.fromEntries(Object.entries(sentHeaders).map(([name, value]) => [name, [value]]));
    return {
      body: plan.body === undefined ? '' : plan.body.toString(),
      cookies: {},
      headers,
      method: plan.method,
      url,
    };
  }

  get cookies(): Record<string, unknown[]> {
    const byName: Record<string, unknown[]> = {};
    for (const cookie of this.#parts.cookies) {
      (byName[cookie.name] ??= []).push({
        domain: cookie.hostOnly ? '' : cookie.domain,
        expires: cookie.expiresMs ?? 0,
        http_only: cookie.httpOnly,
        max_age: cookie.maxAge,
        name: cookie.name,
        path: cookie.path,
        secure: cookie.secure,
        value: cookie.value,
      });
    }
    return byName;
  }

  /** The body parsed, or the part of it that a GJSON path such as `data.items.0.id` or `items.#.id` selects. */
  json(selector?: string): unknown {
    const { body } = this;
    if (body === null || body === '') throw new Error('the body is null so we can not transform it to JSON');
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const parsed: unknown = JSON.parse(text);
    return selector === undefined ? parsed : selectJson(parsed, selector);
  }

  html(): never {
    throw new UnsupportedError('Response.html', 'parse the text of the body in the script');
  }

  submitForm(): never {
    throw new UnsupportedError('Response.submitForm', 'send the form with http.asyncRequest');
  }

  clickLink(): never {
    throw new UnsupportedError('Response.clickLink', 'request the link with http.asyncRequest');
  }

  toJSON(): Record<string, unknown> {
    const { body, cookies, headers, request } = this;
    return { ...Object.fromEntries(Object.entries(this)), body, cookies, headers, request };
  }
}

function decodeBody(body: Buffer | undefined, responseType: ResponseType): string | ArrayBuffer | null {
  if (body === undefined || responseType === 'none') return null;
  if (responseType === 'text') return body.toString('utf8');
  const copy = new ArrayBuffer(body.length);
  new Uint8Array(copy).set(body);
  return copy;
}

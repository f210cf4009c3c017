/** What a script gets for a request: the answer, or status 0 with `error` and `error_code`. All of it are properties of its own. */
import { selectJson } from './gjson/select.ts';
import type { RequestSpec, ResponseData, ResponseCookie, Timings } from './host.ts';
import { bufferOf } from './binary.ts';
import type { FormMethods } from './http-forms.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { parseJson } from './parse-json.ts';

/** What methods of responses need of the module they come from. */
export interface ResponseOwner {
  readonly kernel: Kernel;
  request(method: string, url: string, body: unknown, params: unknown): unknown;
}

const noOcsp = {
  produced_at: 0,
  this_update: 0,
  next_update: 0,
  revoked_at: 0,
  revocation_reason: '',
  status: '',
};

interface Hidden {
  readonly owner: ResponseOwner;
  json: { readonly value: unknown } | undefined;
}

const hidden = new WeakMap<object, Hidden>();

export class Response {
  readonly remote_ip: string;
  readonly remote_port: number;
  readonly url: string;
  readonly status: number;
  readonly status_text: string;
  readonly proto: string;
  readonly headers: Record<string, string>;
  readonly cookies: Record<string, unknown[]>;
  readonly body: string | ArrayBuffer | null;
  readonly timings: Timings;
  readonly tls_version: string;
  readonly tls_cipher_suite: string;
  readonly ocsp: typeof noOcsp;
  readonly error: string;
  readonly error_code: number;
  readonly request: Readonly<Record<string, unknown>>;
  readonly json = json;
  readonly html = html;
  readonly submitForm = submitForm;
  readonly clickLink = clickLink;

  constructor(owner: ResponseOwner, data: ResponseData) {
    hidden.set(this, { json: undefined, owner });
    this.remote_ip = data.remoteIp;
    this.remote_port = data.remotePort;
    this.url = data.url;
    this.status = data.status;
    this.status_text = data.statusText;
    this.proto = data.proto;
    this.headers = { ...data.headers };
    this.cookies = byName(data.cookies.map((cookie) => [cookie.name, describeCookie(cookie)]));
    const { body } = data;
    this.body = typeof body === 'string' || body === null ? body : bufferOf(new Uint8Array(body));
    this.timings = { ...data.timings };
    this.tls_version = data.tlsVersion;
    this.tls_cipher_suite = data.tlsCipherSuite;
    this.ocsp = { ...noOcsp };
    this.error = data.error;
    this.error_code = data.errorCode;
    this.request = describeRequest(data.request);
  }
}

function hiddenOf(response: Response): Hidden {
  const found = hidden.get(response);
  if (found === undefined)
    throw new GoError('this is not a response: call the method on the response itself');
  return found;
}

function describeCookie(cookie: ResponseCookie): Readonly<Record<string, unknown>> {
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    path: cookie.path,
    http_only: cookie.httpOnly,
    secure: cookie.secure,
    max_age: cookie.maxAgeSeconds,
    expires: cookie.expiresMs,
  };
}

function describeRequest(request: ResponseData['request']): Readonly<Record<string, unknown>> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value]] as const),
  );
  const cookies = byName(request.cookies.map((cookie) => [cookie.name, { ...cookie }]));
  return { body: request.body, cookies, headers, method: request.method, url: request.url };
}

function byName(entries: readonly (readonly [string, unknown])[]): Record<string, unknown[]> {
  if (entries.length === 0) return {};
  const found = new Map<string, unknown[]>();
  for (const [name, value] of entries) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries(found);
}

/** The body parsed, or the part of it that a GJSON path such as `data.items.#(id>3).name` selects. */
function json(this: Response, selector?: unknown): unknown {
  const own = hiddenOf(this);
  const text = textOf(own.owner.kernel, this.body, 'JSON');
  if (selector !== undefined) return selectJson(text, String(selector));
  own.json ??= { value: parseJson(text) };
  return own.json.value;
}

function html(this: Response, selector?: unknown): unknown {
  const { kernel } = hiddenOf(this).owner;
  return forms(kernel).select(textOf(kernel, this.body, 'HTML'), this.url, selector);
}

function submitForm(this: Response, settings?: unknown): unknown {
  const { owner } = hiddenOf(this);
  const document = textOf(owner.kernel, this.body, 'HTML');
  const { body, method, params, url } = forms(owner.kernel).submission(document, this.url, settings);
  return owner.request(method, url, body, params);
}

function clickLink(this: Response, settings?: unknown): unknown {
  const { owner } = hiddenOf(this);
  const document = textOf(owner.kernel, this.body, 'HTML');
  const { params, url } = forms(owner.kernel).link(document, this.url, settings);
  return owner.request('GET', url, undefined, params);
}

/** Few scripts read HTML, so what does it is loaded when one does. */
function forms(kernel: Kernel): FormMethods {
  return kernel.load('http-forms') as unknown as FormMethods;
}

function textOf(kernel: Kernel, body: Response['body'], what: string): string {
  if (body === null) {
    throw new GoError(
      `the body is null so we can't transform it to ${what} - this likely was because of a request error getting the response`,
    );
  }
  return typeof body === 'string' ? body : kernel.host.local.decodeUtf8(new Uint8Array(body));
}

/** For a request that could not even be made. */
export function refusedResponse(owner: ResponseOwner, message: string, code: number): Response {
  return new Response(owner, {
    body: '',
    cookies: [],
    error: message,
    errorCode: code,
    headers: {},
    proto: '',
    remoteIp: '',
    remotePort: 0,
    request: { body: '', cookies: [], headers: {}, method: '', url: '' },
    status: 0,
    statusText: '',
    thrown: false,
    timings: {
      duration: 0,
      blocked: 0,
      looking_up: 0,
      connecting: 0,
      tls_handshaking: 0,
      sending: 0,
      waiting: 0,
      receiving: 0,
    },
    tlsCipherSuite: '',
    tlsVersion: '',
    url: '',
  });
}

export type Expected = RequestSpec['expected'];

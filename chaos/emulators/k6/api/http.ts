/** The module `k6/http`. What would block the only thread is refused with the words how to write it. */
import { URL } from 'node:url';
import { iterationContext, callingContext } from '../engine/script-context.ts';
import type { ScriptContext } from '../engine/script-context.ts';
import { messageOf, UnsupportedError } from '../errors.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { expectedStatuses, isStatusMatcher } from '../http/expected-statuses.ts';
import { file } from '../http/multipart.ts';
import { performRequest } from '../http/perform-request.ts';
import { RequestError } from '../http/request-error.ts';
import { planRequest } from '../http/request-plan.ts';
import type { RequestPlan } from '../http/request-plan.ts';
import { Response } from '../http/response.ts';
import { templatedUrl } from '../http/templated-url.ts';
import { ScriptCookieJar } from './script-cookie-jar.ts';

const defaultUserAgent = 'redcliff-k6/1.0';
const defaultMaxRedirects = 10;

async function asyncRequest(
  method: unknown,
  url: unknown,
  body?: unknown,
  params?: unknown,
): Promise<Response> {
  const context = iterationContext('http.asyncRequest()');
  const { options } = context.run;
  let plan: RequestPlan;
  try {
    plan = planRequest(String(method), url, body, unwrapJar(params), {
      discardResponseBodies: options.discardResponseBodies ?? false,
      maxRedirects: options.maxRedirects ?? defaultMaxRedirects,
      userAgent: options.userAgent ?? defaultUserAgent,
    });
  } catch (error) {
    if (!(error instanceof RequestError) || options.throw === true) throw error;
    return refusedBeforeSending(context, String(method), error);
  }
  return performRequest(context, plan);
}

function refusedBeforeSending(context: ScriptContext, method: string, error: RequestError): Response {
  context.run.log.report('warning', `Request Failed: ${error.message}`);
  return new Response({
    body: undefined,
    cookies: [],
    error: messageOf(error),
    errorCode: error.errorCode,
    head: undefined,
    plan: emptyPlan(method),
    remoteIp: '',
    remotePort: 0,
    sentHeaders: {},
    timings: {
      blocked: 0,
      connecting: 0,
      duration: 0,
      looking_up: 0,
      receiving: 0,
      sending: 0,
      tls_handshaking: 0,
      waiting: 0,
    },
    url: '',
  });
}

function emptyPlan(method: string): RequestPlan {
  return {
    body: undefined,
    cookies: undefined,
    headers: {},
    jar: undefined,
    maxRedirects: 0,
    method,
    name: '',
    responseCallback: undefined,
    responseType: 'none',
    tags: undefined,
    timeoutMs: 0,
    url: new URL('http://invalid/'),
  };
}

function unwrapJar(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || !('jar' in params)) return params;
  return params.jar instanceof ScriptCookieJar ? { ...params, jar: params.jar.jar } : params;
}

function blocking(name: string, instead: string): () => never {
  return () => {
    iterationContext(`http.${name}()`);
    throw new UnsupportedError(
      `http.${name}() would stop all VUs and`,
      `write \`${instead}\`, which works on k6 as well`,
    );
  };
}

const method = (name: string, verb: string) =>
  blocking(name, `await http.asyncRequest('${verb}', url${verb === 'GET' ? '' : ', body'}, params)`);

function setResponseCallback(callback: unknown): void {
  const context = callingContext('http.setResponseCallback()');
  if (callback !== null && !isStatusMatcher(callback)) {
    throw new TypeError('unsupported argument, expected http.expectedStatuses or null');
  }
  context.vu.responseCallback = callback;
}

function cookieJar(): ScriptCookieJar {
  return new ScriptCookieJar(iterationContext('http.cookieJar()').vu.cookieJar);
}

class NewCookieJar extends ScriptCookieJar {
  constructor() {
    super(new CookieJar());
  }
}

const http = {
  CookieJar: NewCookieJar,
  asyncRequest,
  batch: blocking(
    'batch',
    'await Promise.all(requests.map((one) => http.asyncRequest(one.method, one.url, one.body)))',
  ),
  cookieJar,
  del: method('del', 'DELETE'),
  expectedStatuses,
  file,
  get: method('get', 'GET'),
  head: method('head', 'HEAD'),
  options: method('options', 'OPTIONS'),
  patch: method('patch', 'PATCH'),
  post: method('post', 'POST'),
  put: method('put', 'PUT'),
  request: blocking('request', 'await http.asyncRequest(method, url, body, params)'),
  setResponseCallback,
  url: templatedUrl,
};

export const httpModule = { ...http, default: http };

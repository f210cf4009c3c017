/** What `http.batch` takes: a list or an object of requests, each a URL, `[method, url, body, params]` or an object. */
import { goText } from './go-text.ts';
import type { RequestArguments } from './http-params.ts';
import { HttpUrl } from './http-url.ts';
import { GoError } from './kernel.ts';

export interface Batch {
  readonly isList: boolean;
  /** Each is read when its turn comes, and may be wrong. */
  readonly requests: readonly (readonly [key: string, read: () => RequestArguments])[];
}

export function readBatch(args: readonly unknown[]): Batch {
  if (args.length === 0) throw new GoError('no argument was provided to http.batch()');
  if (args.length > 1) throw new GoError('http.batch() accepts only an array or an object of requests');
  const [requests] = args;
  if (typeof requests !== 'object' || requests === null) {
    throw new GoError(`invalid http.batch() argument type ${requests === null ? '<nil>' : typeof requests}`);
  }
  return {
    isList: Array.isArray(requests),
    requests: Object.entries(requests).map(([key, request]) => [key, () => readOne(key, request)]),
  };
}

function readOne(key: string, request: unknown): RequestArguments {
  if (Array.isArray(request)) return readList(request);
  if (typeof request !== 'object' || request === null || request instanceof HttpUrl) {
    return { body: undefined, method: 'GET', params: undefined, url: request };
  }
  const given: { body?: unknown; method?: unknown; params?: unknown; url?: unknown } = request;
  if (!('url' in given)) throw new GoError(`batch request ${key} doesn't have a url key`);
  const { body, params, url } = given;
  if (!('method' in given)) return { body, method: 'GET', params, url };
  const method = methodOf(given.method).toUpperCase();
  return { body: method === 'GET' || method === 'HEAD' ? undefined : body, method, params, url };
}

function readList(request: readonly unknown[]): RequestArguments {
  if (request.length < 2) throw new GoError(`invalid batch request '${goText(request)}'`);
  const [method, url, body, params] = request;
  return { body, method: methodOf(method), params, url };
}

function methodOf(method: unknown): string {
  if (typeof method !== 'string') throw new GoError(`invalid method type '${goText(method)}'`);
  return method;
}

/** The module `k6/http`. */
import { CookieJar } from './cookie-jar.ts';
import { defaultExpected, ExpectedStatuses, expectedStatuses } from './expected-statuses.ts';
import type { Failure, RequestSpec, ResponseData } from './host.ts';
import { httpFile } from './http-file.ts';
import { readRequest } from './http-params.ts';
import type { RequestArguments } from './http-params.ts';
import { refusedResponse, Response } from './http-response.ts';
import type { ResponseOwner } from './http-response.ts';
import { httpUrl } from './http-url.ts';
import { readBatch } from './http-batch.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { httpConstants } from './http-constants.ts';

const initRefusal = 'Making http requests in the init context is not supported';

export function create(kernel: Kernel): Record<string, unknown> {
  const client = new HttpClient(kernel);
  const withBody =
    (verb: string) =>
    (url: unknown, body?: unknown, params?: unknown): unknown =>
      client.request(verb, url, body, params);
  const withoutBody =
    (name: string, verb: string) =>
    (...args: unknown[]): unknown => {
      const [url, params] = args;
      if (args.length > 2) {
        kernel.warn(
          `http.${name} only accepts a url and a params argument (2 arguments), but ${args.length} were given`,
        );
      }
      return client.request(verb, url, undefined, params);
    };
  /** As in k6 `new` gives a jar of the script's own. */
  class NewCookieJar extends CookieJar {
    constructor() {
      super(kernel, kernel.host.ask.newJar());
    }
  }
  const exports = {
    CookieJar: NewCookieJar,
    asyncRequest: (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
      client.asyncRequest(String(method), url, body, params),
    batch: (...args: unknown[]) => client.batch(args),
    cookieJar: () => {
      kernel.inCall('Making cookie jars in the init context is not supported');
      return new CookieJar(kernel, undefined);
    },
    del: withBody('DELETE'),
    expectedStatuses,
    file: (data: unknown, name?: unknown, contentType?: unknown) => httpFile(kernel, data, name, contentType),
    get: withoutBody('get', 'GET'),
    head: withoutBody('head', 'HEAD'),
    options: withBody('OPTIONS'),
    patch: withBody('PATCH'),
    post: withBody('POST'),
    put: withBody('PUT'),
    request: (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
      client.request(String(method), url, body, params),
    setResponseCallback: (callback: unknown) => client.setExpected(callback),
    url: httpUrl,
    ...httpConstants,
  };
  return { ...exports, default: exports };
}

class HttpClient implements ResponseOwner {
  readonly kernel: Kernel;
  #expected: RequestSpec['expected'] = defaultExpected;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  setExpected(callback: unknown): void {
    if (callback === null || callback === undefined) this.#expected = null;
    else if (callback instanceof ExpectedStatuses) this.#expected = callback.ranges;
    else throw new GoError('unsupported argument, expected http.expectedStatuses');
  }

  request(method: string, url: unknown, body: unknown, params: unknown): unknown {
    this.kernel.inCall(initRefusal);
    const spec = this.#read({ body, method, params, url });
    if (spec instanceof Response) return spec;
    return this.kernel.block('http.request()', 'request', [spec], this.#toResponse);
  }

  asyncRequest(method: string, url: unknown, body: unknown, params: unknown): Promise<Response> {
    this.kernel.inCall(initRefusal);
    let spec: RequestSpec | Response;
    try {
      spec = this.#read({ body, method, params, url });
    } catch (error) {
      return Promise.reject(error);
    }
    if (spec instanceof Response) return Promise.resolve(spec);
    return this.kernel.promise('request', [spec], this.#toResponse);
  }

  batch(args: readonly unknown[]): unknown {
    this.kernel.inCall('Using batch in the init context is not supported');
    const batch = readBatch(args);
    const results: Record<string, unknown> | unknown[] = batch.isList ? [] : {};
    const specs: RequestSpec[] = [];
    const put = (key: string, response: Response): void => {
      Object.defineProperty(results, key, {
        configurable: true,
        enumerable: true,
        value: response,
        writable: true,
      });
    };
    for (const [key, request] of batch.requests) {
      try {
        specs.push(readRequest(this.kernel, request(), this.#expected));
      } catch (error) {
        put(key, this.#refused(error, 'A batch request failed'));
        return results;
      }
    }
    return this.kernel.block('http.batch()', 'batch', [specs], (answers) => {
      for (const [index, [key]] of batch.requests.entries()) {
        const data = answers[index];
        if (data !== undefined) put(key, this.#toResponse(data));
      }
      return results;
    });
  }

  #read(args: RequestArguments): RequestSpec | Response {
    try {
      return readRequest(this.kernel, args, this.#expected);
    } catch (error) {
      return this.#refused(error, 'Request Failed');
    }
  }

  /** A request that cannot be made is a failed response, unless the options ask for exceptions. */
  #refused(error: unknown, what: string): Response {
    if (!(error instanceof GoError) || this.kernel.throwsOnFailure()) throw error;
    this.kernel.host.tell.log('warning', what, { error: error.message });
    const code = error.message.startsWith('invalid URL') ? invalidUrlCode : 0;
    return refusedResponse(this, error.message, code);
  }

  readonly #toResponse = (data: ResponseData): Response => {
    if (data.thrown) throw new GoError(data.error);
    return new Response(this, data);
  };
}

const invalidUrlCode = 1020;

export type { Failure };

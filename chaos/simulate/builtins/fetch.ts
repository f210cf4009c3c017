/** `fetch` of one simulated process, by its own `node:http`. Only what is plain HTTP, and answers are read as a whole. */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { OwnProcess } from '../programs/own-process.ts';
import { NotSimulated } from '../errors.ts';

interface OwnHttp {
  request(url: URL, options: RequestOptions, answered: (message: IncomingMessage) => void): ClientRequest;
}

const withoutBody: ReadonlySet<number> = new Set([101, 204, 205, 304]);

export function fetchOf(process: OwnProcess): (address: unknown, init?: RequestInit) => Promise<Response> {
  return (address, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(String(address instanceof Request ? address.url : address));
      if (url.protocol !== 'http:') throw new NotSimulated(`fetch of ${url.protocol}`);
      const { signal, body } = init;
      if (body !== undefined && body !== null && typeof body !== 'string')
        throw new NotSimulated('fetch with a body that is no text');
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const fail = (error: unknown): void => {
        signal?.removeEventListener('abort', aborted);
        reject(new TypeError('fetch failed', { cause: error }));
      };
      const headers = Object.fromEntries(new Headers(init.headers));
      const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {};
      const options = { method: init.method ?? 'GET', headers: { ...headers, ...length } };
      const http = process.builtins('http') as unknown as OwnHttp;
      const request = http.request(url, options, (message) => {
        const parts: Buffer[] = [];
        message.on('data', (part: Buffer) => parts.push(part));
        message.once('error', fail);
        message.once('end', () => {
          signal?.removeEventListener('abort', aborted);
          const status = message.statusCode ?? 0;
          resolve(
            new Response(withoutBody.has(status) ? null : Buffer.concat(parts), {
              status,
              statusText: message.statusMessage ?? '',
              headers: headerPairs(message),
            }),
          );
        });
      });
      const aborted = (): void => {
        request.destroy();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', aborted, { once: true });
      request.once('error', fail);
      request.end(body ?? undefined);
    });
}

function headerPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
}

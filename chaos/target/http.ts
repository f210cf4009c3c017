/** The harness's own requests to a target: seeding, health, finishing work. Each has a deadline, and none throws for an answer. */
import type { HttpAnswer, HttpClient, HttpOptions } from '../api/context.ts';

const deadlineMsDefault = 5_000;

/** `base` is the address that a path is sent to. Rejects only when `signal` is aborted. */
export function httpClient(base: () => string, signal: AbortSignal): HttpClient {
  const send = async (url: string, init: RequestInit, options: HttpOptions): Promise<HttpAnswer> => {
    const deadline = AbortSignal.timeout(options.deadlineMs ?? deadlineMsDefault);
    const address = url.startsWith('/') ? `${base()}${url}` : url;
    try {
      const response = await fetch(address, { ...init, signal: AbortSignal.any([signal, deadline]) });
      const text = await response.text();
      return {
        status: response.status,
        body: parsed(text),
        headers: Object.fromEntries(response.headers),
      };
    } catch {
      signal.throwIfAborted();
      return { status: 0, body: null, headers: {} };
    }
  };
  return {
    get: (url, options = {}) => send(url, { headers: { ...options.headers } }, options),
    post: (url, body, options = {}) =>
      send(
        url,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...options.headers },
          body: JSON.stringify(body),
        },
        options,
      ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

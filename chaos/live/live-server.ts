/**
 * Serves the live page and its events on loopback. Its address holds a token, which a page of another origin
 * cannot know, and nothing can be changed through it.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { renderLivePage } from '../../reports/render/live-page.ts';
import type { Clock } from '../clock.ts';
import type { LiveState } from './live-state.ts';

export interface LiveServer extends AsyncDisposable {
  readonly url: string;
}

export interface LiveServerOptions {
  readonly clock: Clock;
  /** Null while there is nothing to show yet. */
  read(): Promise<LiveState | null>;
}

const periodMs = 1_000;
const loopback = '127.0.0.1';
const addressSchema = z.object({ port: z.int().positive() });

export async function startLiveServer({ clock, read }: LiveServerOptions): Promise<LiveServer> {
  // A secret, so it must not be drawn from the seed.
  const token = randomBytes(16).toString('hex');
  const listeners = new Set<ServerResponse>();
  const page = renderLivePage();
  const server = createServer((request, response) => {
    const host = `${loopback}:${port}`;
    const part = partAsked(request, host, token);
    if (part === null) refuse(response);
    else if (part === 'page') answer(response, 'text/html; charset=utf-8', page);
    else {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    }
  });
  server.listen({ host: loopback, port: 0 });
  await once(server, 'listening');
  const { port } = addressSchema.parse(server.address());

  const ending = new AbortController();
  const telling = (async () => {
    while (!ending.signal.aborted) {
      // A state that could not be read is not sent; the next one comes in a second.
      const state = listeners.size === 0 ? null : await read().catch(() => null);
      if (state !== null) tell(listeners, 'state', state);
      await clock.sleep(periodMs, ending.signal).catch(() => undefined);
    }
  })();
  return {
    url: `http://${loopback}:${port}/${token}/`,
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await telling;
      tell(listeners, 'ended', {});
      for (const listener of listeners) listener.end();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A request with another host name comes from a page whose own name resolves to this machine (DNS rebinding). */
function partAsked(
  { method, url = '', headers: asked }: IncomingMessage,
  host: string,
  token: string,
): 'events' | 'page' | null {
  if (method !== 'GET' || asked.host !== host) return null;
  const [, given = '', part = '', ...more] = url.split('/');
  const [expected, presented] = [Buffer.from(token), Buffer.from(given)];
  if (more.length > 0 || expected.length !== presented.length || !timingSafeEqual(expected, presented))
    return null;
  if (part === '') return 'page';
  return part === 'events' ? 'events' : null;
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { ...headers, 'content-type': 'text/plain' });
  response.end('not found: the whole address is needed, as redcliff printed it\n');
}

function answer(response: ServerResponse, contentType: string, text: string): void {
  response.writeHead(200, { ...headers, 'content-type': contentType });
  response.end(text);
}

function tell(listeners: Iterable<ServerResponse>, event: string, data: unknown): void {
  const message = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  for (const listener of listeners) listener.write(message);
}

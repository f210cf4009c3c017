/** The HTTP side of the API: headers, the rule against browsers, one request at a time. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { ApiError } from '../errors.ts';
import { errorAnswer, plainText, type Answer } from './answer.ts';
import { matchRoute, type Route } from './router.ts';

/** Larger bodies are refused; a proxy takes about a hundred bytes. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** A client that does not finish its request is cut off after this, as in the original. */
const REQUEST_MS_MAX = 15_000;
const IDLE_MS_MAX = 60_000;

export interface ApiServerOptions {
  readonly routes: readonly Route[];
  readonly newRequestId: () => string;
}

export function createApiServer(options: ApiServerOptions): Server {
  // Requests change shared state and may wait for a port to open, so they run one after the other.
  let last: Promise<void> = Promise.resolve();
  const server = createServer((request, response) => {
    void readBody(request).then(
      (body) => {
        const answer = () => answerRequest(options, request, body, response);
        if (waits(options.routes, request)) void answer();
        else last = last.then(answer);
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) response.destroy();
        else send(response, errorAnswer(error), options.newRequestId());
      },
    );
  });
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = REQUEST_MS_MAX;
  server.keepAliveTimeout = IDLE_MS_MAX;
  return server;
}

/** Requests that wait for something to happen must not keep others from making it happen. */
function waits(routes: readonly Route[], request: IncomingMessage): boolean {
  const match = matchRoute(routes, request.method ?? 'GET', pathOf(request));
  return match.kind === 'found' && match.route.waits === true;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '');
}

async function answerRequest(
  options: ApiServerOptions,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const match = matchRoute(options.routes, request.method ?? 'GET', pathOf(request));
  switch (match.kind) {
    case 'bad-path':
      send(response, plainText(400, '400 Bad Request'));
      return;
    case 'not-found':
      send(response, plainText(404, '404 page not found\n'));
      return;
    case 'wrong-method':
      send(response, { status: 405, body: '' });
      return;
    case 'found':
      break;
  }
  const requestId = options.newRequestId();
  if (request.headers['user-agent']?.startsWith('Mozilla/') === true) {
    // A page in a browser must not be able to reach the API.
    send(response, plainText(403, 'User agent not allowed\n'), requestId);
    return;
  }
  let answer: Answer;
  try {
    const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '');
    answer = await match.route.handle({ parameters: match.parameters, query, body });
  } catch (error) {
    answer = errorAnswer(
      error instanceof ApiError
        ? error
        : new ApiError('internal', error instanceof Error ? error.message : String(error)),
    );
  }
  send(response, answer, requestId);
}

function send(response: ServerResponse, answer: Answer, requestId?: string): void {
  if (requestId !== undefined) response.setHeader('X-Toxiproxy-Request-Id', requestId);
  if (answer.contentType !== undefined) response.setHeader('Content-Type', answer.contentType);
  if (answer.noSniff === true) response.setHeader('X-Content-Type-Options', 'nosniff');
  if (typeof answer.body !== 'string') {
    response.writeHead(answer.status);
    // A reader that goes away ends the pipeline, which is all there is to do.
    pipeline(Readable.from(answer.body, { objectMode: true }), response, () => undefined);
    return;
  }
  const body = Buffer.from(answer.body);
  if (answer.status !== 204) response.setHeader('Content-Length', body.length);
  response.writeHead(answer.status);
  response.end(body);
}

/** Throws ApiError badRequestBody when the body is too large; rejects with the stream's error when it breaks off. */
async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    bytes += part.length;
    if (bytes <= BODY_BYTES_MAX) parts.push(part);
  }
  if (bytes > BODY_BYTES_MAX) throw new ApiError('badRequestBody', 'http: request body too large');
  return Buffer.concat(parts).toString('utf8');
}

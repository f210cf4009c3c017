/** The server that the cases talk to. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface CompatServer extends AsyncDisposable {
  readonly address: string;
}

export async function startCompatServer(): Promise<CompatServer> {
  const meetings = new Map<string, ServerResponse[]>();
  const server = createServer((request, response) => {
    void answer(request, response, meetings);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const [, kind = '', argument = '', reason = ''] = (request.url ?? '').split('/');
    if (kind === 'refuse') {
      socket.end(`HTTP/1.1 ${argument} Not Found\r\nContent-Length: 14\r\n\r\nno socket here`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => talk(webSocket, kind, argument, reason));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets.clients) socket.terminate();
      }),
  };
}

function talk(socket: WebSocket, kind: string, argument: string, reason: string): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  if (kind === 'close') socket.close(Number(argument), reason);
  if (kind === 'ping') socket.ping('of the server');
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  meetings: Map<string, ServerResponse[]>,
): Promise<void> {
  const [, kind = '', argument = '', key = ''] = (request.url ?? '').split('/');
  switch (kind) {
    case 'chunked':
      response.write('chunked ');
      await delay(5);
      response.end('body');
      break;
    case 'echo': {
      const { headers, method } = request;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ body: await readBody(request), headers, method }));
      break;
    }
    case 'gzip':
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('packed body'));
      break;
    case 'meet': {
      const waiting = meetings.get(key) ?? [];
      waiting.push(response);
      meetings.set(key, waiting);
      if (waiting.length === Number(argument)) for (const one of waiting) one.end('met');
      break;
    }
    case 'redirect':
      response.writeHead(302, { location: '/status/200' }).end();
      break;
    case 'set-cookie':
      response.setHeader('set-cookie', 'seen=1; Path=/');
      response.end();
      break;
    case 'slow':
      await delay(Number(argument));
      response.end('slow');
      break;
    default:
      response.statusCode = Number(argument) || 200;
      response.end('hello');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

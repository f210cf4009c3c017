/**
 * A small shop with all that the scripts of the corpus talk to: accounts, items, carts, uploads, cookies, redirects, pages and
 * sockets. `broken` answers 500 to everything, as during an outage.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerRequest } from './corpus-routes.ts';
import { Shop } from './corpus-shop.ts';

export interface CorpusServer extends AsyncDisposable {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly requests: number;
}

export async function startCorpusServer(mode: 'broken' | 'working'): Promise<CorpusServer> {
  const shop = new Shop();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (mode === 'broken') {
      request.resume();
      response.writeHead(500, { 'content-type': 'text/plain' }).end();
      return;
    }
    answerRequest(shop, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  // Between two requests of a script on a busy machine a connection must not end.
  server.keepAliveTimeout = 0;
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (mode === 'broken') {
      socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    get requests() {
      return requests;
    },
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

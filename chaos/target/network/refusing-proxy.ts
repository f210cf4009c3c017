/** An HTTP proxy that refuses everything and names it: programs of any language find it in the variables by which proxies are configured. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describePlace } from './places.ts';

const loopback = '127.0.0.1';
const portOfHttp = 80;

export interface RefusingProxy extends AsyncDisposable {
  /** For one process: its name is in the address, so that it is known who asked. */
  addressFor(instance: string): string;
}

export async function startRefusingProxy(
  refused: (instance: string, place: string) => void,
): Promise<RefusingProxy> {
  const server = createServer((request, answer) => {
    const url = URL.parse(request.url ?? '');
    const place =
      url === null
        ? (request.headers.host ?? 'an unknown host')
        : describePlace(url.hostname, Number(url.port === '' ? portOfHttp : url.port));
    refused(instanceIn(request.headers['proxy-authorization']), place);
    answer.writeHead(403, { 'content-type': 'text/plain' }).end(words(place));
  });
  server.on('connect', (request, socket) => {
    const place = request.url ?? '';
    refused(instanceIn(request.headers['proxy-authorization']), place);
    socket.on('error', () => undefined);
    const body = words(place);
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    addressFor: (instance) => `http://${instance}@${loopback}:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function words(place: string): string {
  return `Refused by Redcliff: network of the target does not allow ${place}\n`;
}

/** The user name of `Basic`; a client that does not send it is some process of the target. */
function instanceIn(authorization: string | undefined): string {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization ?? '') ?? [];
  const [name] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  return name === undefined || name === '' ? 'a process' : name;
}

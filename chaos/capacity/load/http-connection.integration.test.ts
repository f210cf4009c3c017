/** The connection of the load generator understands every way in which a server may end an answer. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { HttpConnection } from './http-connection.ts';

const head = 'HTTP/1.1 200 OK\r\n';
/** Answers in the parts in which they are written. */
const answers: Readonly<Record<string, readonly string[]>> = {
  '/length': [`${head}content-length: 5\r\n\r\nhello`],
  '/split': [`${head}content-le`, 'ngth: 5\r\n\r\nhe', 'llo'],
  '/chunked': [`${head}transfer-encoding: chunked\r\n\r\n5\r\nhel`, 'lo\r\n0\r\n\r\n'],
  '/empty': ['HTTP/1.1 204 No Content\r\n\r\n'],
  '/early': ['HTTP/1.1 103 Early Hints\r\n\r\n', `${head}content-length: 0\r\n\r\n`],
  '/missing': ['HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'],
  '/last': [`${head}connection: close\r\ncontent-length: 2\r\n\r\nok`],
  '/until-end': [`${head}\r\nhello`, 'end'],
  '/broken-off': [`${head}content-length: 50\r\n\r\nhello`, 'end'],
  '/not-http': ['220 mail.example ESMTP\r\n\r\n'],
};

async function serve(socket: Socket, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    if (part === 'end') socket.end();
    else await new Promise((resolve) => socket.write(part, resolve));
  }
}

async function answered(paths: readonly string[]) {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const [, path = ''] = data.toString().split(' ');
      requests.push(data.toString());
      void serve(socket, answers[path] ?? []);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connection = new HttpConnection(`http://127.0.0.1:${port}`);
  const statuses: number[] = [];
  for (const path of paths) {
    const { promise, resolve } = Promise.withResolvers<number>();
    connection.send({ method: 'GET', path, headers: { 'x-own': '1' } }, resolve);
    statuses.push(await promise);
  }
  const { closed } = connection;
  connection.destroy();
  server.close();
  return { statuses, closed, requests };
}

it('answers one request after the other, however their bodies end', async () => {
  const paths = ['/length', '/split', '/chunked', '/empty', '/early', '/missing', '/length'];
  const { statuses, closed, requests } = await answered(paths);
  expect(statuses).toEqual([200, 200, 200, 204, 200, 404, 200]);
  expect(closed).toBe(false);
  expect(requests[0]).toContain('x-own: 1\r\n');
});

it.each([
  ['/last', 200],
  ['/until-end', 200],
  ['/broken-off', 0],
  ['/not-http', 0],
])('is closed after %s, which counts as %i', async (path, status) => {
  expect(await answered([path])).toMatchObject({ statuses: [status], closed: true });
});

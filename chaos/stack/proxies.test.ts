import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { readCounters } from './proxies.ts';

async function answering(status: number, body: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('the counters of a Toxiproxy are read by the name of the proxy', async () => {
  const connections = { accepted: 3, open: 2, affected: 1, refused: 0 };
  await using api = await answering(200, JSON.stringify({ proxies: { 'redis-of-api-1': { connections } } }));
  const counters = await readCounters(api.url);
  expect(counters.get('redis-of-api-1')).toEqual({ accepted: 3, open: 2, affected: 1 });
  expect(counters.get('redis-of-api-2')).toBeUndefined();
});

test('a Toxiproxy that refuses is quoted', async () => {
  await using api = await answering(503, 'shutting down');
  await expect(readCounters(api.url)).rejects.toThrow(
    'Toxiproxy answered 503 when asked for its counters: shutting down',
  );
});

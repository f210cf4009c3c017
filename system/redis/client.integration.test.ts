/** What a connection does when Redis comes back and is slow, by a server that answers only what a test lets it. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../testing/eventually.ts';
import { closeRedisClient, createRedisClient } from './client.ts';

const commandTimeoutMs = 50;
let server: Server | undefined;
let client: Redis | undefined;
const sockets = new Set<Socket>();

afterEach(() => {
  if (client !== undefined) closeRedisClient(client);
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** Answers the commands of connecting; `onSubscribe` is told of every SUBSCRIBE. */
async function listen(onSubscribe: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data
        .toString()
        .toLowerCase()
        .split(/^\*\d+\r\n/m)) {
        if (command.includes('\r\nsubscribe\r\n')) onSubscribe(socket);
        else if (command.includes('\r\ninfo\r\n')) socket.write('$9\r\nloading:0\r\n');
        else if (command !== '') socket.write('+OK\r\n');
      }
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return z.object({ port: z.number() }).parse(server.address()).port;
}

it('leaves resubscribing to the subscriber, because a failure of ioredis doing it would end the process', async () => {
  let subscriptions = 0;
  const port = await listen((socket) => {
    subscriptions += 1;
    if (subscriptions === 1) socket.write('*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n');
  });
  client = createRedisClient({
    url: `redis://127.0.0.1:${port}`,
    name: 'test',
    commandTimeoutMs,
    silenceTimeoutMs: commandTimeoutMs * 4,
    onError: () => undefined,
  });
  let connections = 0;
  client.on('ready', () => {
    connections += 1;
  });
  await eventually('it is connected', () => connections === 1);
  await client.subscribe('c');
  for (const socket of sockets) socket.destroy();
  await eventually('it is connected again', () => connections === 2);
  await expect(client.subscribe('c')).rejects.toThrow('Command timed out');
  expect(subscriptions).toBe(2);
});

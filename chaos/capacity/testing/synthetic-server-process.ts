/**
 * A server with a known flaw, for tests of the measurement: `/plain` waits 40 ms, `/mutex` waits 40 ms of which 20 ms one request at
 * a time, `/pool` needs one of `POOL_SIZE` connections to a backend for 40 ms, `/quadratic?size=n` works n² steps, `/busy` keeps the processor
 * busy for 1 ms. Prints its port.
 */
import { createServer, type ServerResponse } from 'node:http';
import { connect, createServer as createBackend, type Socket } from 'node:net';
import { once } from 'node:events';
import { systemClock } from '../../clock.ts';

/** Long in comparison with the delays of a busy machine, which would hide the flaw. */
const waitMs = 20;
const holdMs = 40;
const busyMs = 1;
const poolSize = Number(process.env['POOL_SIZE'] ?? '4');

const backend = createBackend((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', () => void systemClock.sleep(holdMs).then(() => socket.write('.')));
});
backend.listen(Number(process.env['BACKEND_PORT'] ?? '0'), '127.0.0.1');
await once(backend, 'listening');
const backendPort = portOf(backend.address());

let chain = Promise.resolve();
const free: Socket[] = [];
const waiting: ((socket: Socket) => void)[] = [];
let opened = 0;

async function underMutex(): Promise<void> {
  const before = chain;
  const { promise, resolve } = Promise.withResolvers<void>();
  chain = promise;
  await before;
  await systemClock.sleep(waitMs);
  resolve();
}

async function throughPool(): Promise<void> {
  const socket = await takeConnection();
  socket.write('?');
  await once(socket, 'data');
  const next = waiting.shift();
  if (next === undefined) free.push(socket);
  else next(socket);
}

async function takeConnection(): Promise<Socket> {
  const found = free.pop();
  if (found !== undefined) return found;
  if (opened < poolSize) {
    opened += 1;
    const socket = connect(backendPort, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const { promise, resolve } = Promise.withResolvers<Socket>();
  waiting.push(resolve);
  return await promise;
}

function work(steps: number): number {
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum = (sum + step * step) % 1_000_003;
  return sum;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const serve: Record<string, () => Promise<unknown>> = {
    '/plain': () => systemClock.sleep(2 * waitMs),
    '/mutex': () => systemClock.sleep(waitMs).then(underMutex),
    '/pool': throughPool,
    '/quadratic': async () => work(Number(searchParams.get('size')) ** 2),
    '/busy': async () => {
      const untilMs = systemClock.monotonicMs() + busyMs;
      while (systemClock.monotonicMs() < untilMs) work(100);
    },
  };
  void (serve[pathname] ?? (() => Promise.resolve()))().then(() => answer(response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ port: portOf(server.address()), backendPort }));

function answer(response: ServerResponse): void {
  const body = '{"data":true}';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function portOf(address: ReturnType<typeof server.address>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

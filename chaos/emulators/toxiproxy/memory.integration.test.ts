/**
 * Backpressure and size: a slow reader must not fill the memory, and thousands of connections must work. Run against a
 * process of its own, so that its memory can be read. Larger with REDCLIFF_CONNECTIONS and REDCLIFF_BYTES; both the
 * proxy and this test need two file descriptors for each connection (`ulimit -n`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { request } from './testing/api-client.ts';
import { startEcho, startUpstream } from './testing/upstream.ts';

const MB = 1024 * 1024;
const bytesTotal = Number(process.env['REDCLIFF_BYTES'] ?? 128 * MB);
const connectionCount = Number(process.env['REDCLIFF_CONNECTIONS'] ?? 1000);
const GROWTH_BYTES_MAX = 50 * MB;

async function startProcess() {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port } = z.object({ port: z.int() }).parse(JSON.parse(String(line)));
  return {
    url: `http://127.0.0.1:${port}`,
    residentBytes: async (): Promise<number> => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function createProxy(url: string, upstream: string): Promise<number> {
  const { text } = await request(url, 'POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream });
  return Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
}

/** Sends until `bytes` are written, heeding backpressure. */
function pour(socket: Socket, bytes: number): void {
  const block = Buffer.alloc(256 * 1024, 'x');
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      left -= block.length;
      if (!socket.write(block)) return;
    }
    socket.end();
  };
  socket.on('drain', more);
  more();
}

it.skipIf(process.platform !== 'linux').each([
  ['no toxic', undefined],
  ['latency', { type: 'latency', attributes: { latency: 50 } }],
  ['slicer', { type: 'slicer', attributes: { average_size: 2000, size_variation: 500 } }],
  ['bandwidth', { type: 'bandwidth', attributes: { rate: 2_000_000 } }],
])('a slow reader does not fill the memory (%s)', async (_, toxic) => {
  await using upstream = await startUpstream({ onConnection: (socket) => pour(socket, bytesTotal) });
  await using proxy = await startProcess();
  const port = await createProxy(proxy.url, upstream.address);
  if (toxic !== undefined) await request(proxy.url, 'POST', '/proxies/p/toxics', toxic);
  const before = await proxy.residentBytes();
  const reader = connect({ port, host: '127.0.0.1' });
  let received = 0;
  let peak = before;
  // Reads a little, then rests, so that everything in between has to wait.
  for await (const data of reader) {
    if (!Buffer.isBuffer(data)) continue;
    received += data.length;
    if (received % (8 * MB) < data.length) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      peak = Math.max(peak, await proxy.residentBytes());
    }
  }
  expect(received).toBe(bytesTotal);
  expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
});

it.skipIf(process.platform !== 'linux')(
  `${connectionCount} connections work at once and leave nothing behind`,
  async () => {
    await using echo = await startEcho();
    await using proxy = await startProcess();
    const port = await createProxy(proxy.url, echo.address);
    const sockets: Socket[] = [];
    const errors: string[] = [];
    let echoed = 0;
    for (let number = 0; number < connectionCount; number += 1) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('data', () => (echoed += 1));
      socket.on('error', (error) => errors.push(error.message));
      sockets.push(socket);
      if (number % 100 === 99) await once(socket, 'connect');
    }
    for (const socket of sockets) socket.write('x');
    await expect.poll(() => errors.length + echoed, { timeout: 50_000 }).toBe(connectionCount);
    expect(errors).toEqual([]);
    await expect
      .poll(async () => (await request(proxy.url, 'GET', '/redcliff/counters')).json)
      .toMatchObject({ proxies: { p: { connections: { open: connectionCount, unreachedUpstream: 0 } } } });
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => (await request(proxy.url, 'GET', '/redcliff/counters')).json, { timeout: 50_000 })
      .toMatchObject({ proxies: { p: { connections: { accepted: connectionCount, open: 0 } } } });
  },
);

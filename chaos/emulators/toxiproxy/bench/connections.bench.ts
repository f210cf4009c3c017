/**
 * Many connections through one proxy, each used once: how long it takes, and the memory of the proxy. Run:
 * `ulimit -n 32768; node connections.bench.ts [connections]`, 10,000 when none are given; the proxy needs two descriptors for each.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const wanted = Number(process.argv[2] ?? 10_000);
const openedAtOnce = 200;

const echo = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.pipe(socket);
}).listen(0, '127.0.0.1');
await once(echo, 'listening');
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const proxy = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const apiPort = await readPort();
  const body = JSON.stringify({
    name: 'echo',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${(echo.address() as AddressInfo).port}`,
  });
  const answer = await fetch(`http://127.0.0.1:${apiPort}/proxies`, { method: 'POST', body });
  const { listen } = (await answer.json()) as { listen: string };
  const port = Number(listen.split(':').at(-1));
  const before = residentMebibytes();
  const startedMs = performance.now();
  const sockets: Socket[] = [];
  while (sockets.length < wanted) {
    const batch = Array.from({ length: Math.min(openedAtOnce, wanted - sockets.length) }, () => open(port));
    sockets.push(...(await Promise.all(batch)));
  }
  const openedMs = performance.now() - startedMs;
  const answered = await Promise.all(sockets.map((socket) => ping(socket)));
  console.log(
    `${sockets.length} connections open in ${(openedMs / 1_000).toFixed(1)} s, ${answered.filter(Boolean).length} answered at once, ` +
      `proxy ${before} MiB before and ${residentMebibytes()} MiB with all of them`,
  );
  for (const socket of sockets) socket.destroy();
} finally {
  proxy.kill('SIGTERM');
  echo.close();
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function ping(socket: Socket): Promise<boolean> {
  socket.write('ping');
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString() === 'ping';
}

function residentMebibytes(): number {
  const status = readFileSync(`/proc/${proxy.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

async function readPort(): Promise<number> {
  for await (const line of createInterface({ input: proxy.stdout })) {
    const port = /:(\d+)\b/.exec(line)?.[1] ?? /"port":(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the proxy ended before it listened');
}

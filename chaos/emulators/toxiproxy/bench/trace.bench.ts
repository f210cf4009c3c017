/**
 * What recording the trace costs: the same load through the same proxy, recorded and not in turns of half a second. Store, proxy and clients are processes
 * of their own. Run: `node trace.bench.ts [turns]`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '../../../clock.ts';

const TURN_MS = 500;
/** After recording was switched. */
const SETTLE_MS = 100;
const own = fileURLToPath(import.meta.url);
const [role = '40'] = process.argv.slice(2);
const command = Buffer.from(
  '*3\r\n$3\r\nSET\r\n$12\r\nsession:1234\r\n$32\r\n0123456789abcdef0123456789abcdef\r\n',
);
const reply = Buffer.from('+OK\r\n');

if (role === 'store') await runStore();
else await measure(Number(role));

/** Answers each command with OK; every command has the same length. */
async function runStore(): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = 0;
    socket.on('data', (data) => {
      const whole = Math.floor((rest + data.length) / command.length);
      rest = (rest + data.length) % command.length;
      if (whole > 0) socket.write(Buffer.concat(Array.from({ length: whole }, () => reply)));
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 })}\n`);
}

async function measure(turns: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const store = await startProcess(stack, [own, 'store']);
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const proxy = await startProcess(stack, [main, '--port', '0']);
  const api = `http://127.0.0.1:${proxy.port}`;
  const answer = await fetch(`${api}/proxies`, {
    method: 'POST',
    body: JSON.stringify({ name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${store.port}` }),
  });
  const { listen } = z.object({ listen: z.string() }).parse(await answer.json());
  for (const [clients, depth] of [
    [50, 1],
    [50, 16],
  ] as const) {
    const load = startLoad(Number(listen.split(':')[1]), clients, depth);
    const rates = { recorded: [] as number[], plain: [] as number[] };
    const costs = { recorded: [] as number[], plain: [] as number[] };
    await load.during(TURN_MS);
    for (let turn = 0; turn < turns; turn += 1) {
      // In the order recorded, plain, plain, recorded: a machine that gets slower or faster favours neither.
      const recorded = turn % 4 === 0 || turn % 4 === 3;
      await fetch(`${api}/redcliff/trace`, recorded ? { method: 'POST', body: '{}' } : { method: 'DELETE' });
      await load.during(SETTLE_MS);
      const key = recorded ? 'recorded' : 'plain';
      const before = await processorMs(proxy.pid);
      const rate = await load.during(TURN_MS);
      rates[key].push(rate);
      costs[key].push((1000 * ((await processorMs(proxy.pid)) - before)) / rate);
    }
    load.stop();
    const ratios = rates.recorded.map((rate, index) => rate / (rates.plain[index] ?? Number.NaN));
    process.stdout.write(
      `${clients} clients, ${depth} commands at once: ${Math.round(median(rates.plain))}/s plain, ${Math.round(median(rates.recorded))}/s recorded, ` +
        `median ratio ${median(ratios).toFixed(3)}; processor of the proxy for a command: ${median(costs.plain).toFixed(2)} µs plain, ` +
        `${median(costs.recorded).toFixed(2)} µs recorded\n`,
    );
  }
}

function startLoad(port: number, clients: number, depth: number) {
  let done = 0;
  const batch = Buffer.concat(Array.from({ length: depth }, () => command));
  const sockets: Socket[] = Array.from({ length: clients }, () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let missing = reply.length * depth;
    socket.on('data', (data) => {
      missing -= data.length;
      if (missing > 0) return;
      missing = reply.length * depth;
      done += depth;
      socket.write(batch);
    });
    socket.on('connect', () => socket.write(batch));
    return socket;
  });
  return {
    during: async (durationMs: number): Promise<number> => {
      const before = done;
      const startMs = systemClock.monotonicMs();
      await systemClock.sleep(durationMs);
      return ((done - before) * 1000) / (systemClock.monotonicMs() - startMs);
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Time that the process had a processor, which a busy machine does not change as it changes the rate. */
async function processorMs(pid: number): Promise<number> {
  const [ranNs = ''] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ');
  return Number(ranNs) / 1e6;
}

async function startProcess(
  stack: AsyncDisposableStack,
  args: readonly string[],
): Promise<{ port: number; pid: number }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  stack.defer(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port } = z.object({ port: z.int() }).parse(JSON.parse(String(line)));
  return { port, pid: child.pid ?? 0 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

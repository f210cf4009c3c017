/**
 * What the proxy costs: redis-benchmark directly, through a proxy without toxics, and through the barest proxy that Node can be, in
 * turns, so that all see the same noise. Run: `node redis-throughput.bench.ts [rounds]`; REDIS_SERVER and REDIS_BENCHMARK name the programs if they
 * are not on PATH, TOXIPROXY_SERVER a real Toxiproxy to measure beside.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../../../clock.ts';

const run = promisify(execFile);
const redisServer = process.env['REDIS_SERVER'] ?? 'redis-server';
const redisBenchmark = process.env['REDIS_BENCHMARK'] ?? 'redis-benchmark';
const toxiproxyServer = process.env['TOXIPROXY_SERVER'];
const rounds = Number(process.argv[2] ?? 5);

interface Load {
  readonly name: string;
  readonly args: readonly string[];
}

const loads: readonly Load[] = [
  { name: 'GET, 50 clients', args: ['-c', '50', '-n', '100000'] },
  { name: 'GET, 50 clients, -P 16', args: ['-c', '50', '-n', '1600000', '-P', '16'] },
  { name: 'GET, 1 client', args: ['-c', '1', '-n', '20000'] },
];

interface Measured {
  readonly perSecond: number;
  readonly medianMs: number;
}

await using stack = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stack.disposeAsync().then(() => process.exit(130)));
}
const redisPort = await freePort();
start(redisServer, ['--port', String(redisPort), '--save', '', '--appendonly', 'no']);
const ways = new Map([['direct', redisPort]]);
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
ways.set('embedded', await startProxy((port) => [process.execPath, [main, '--port', String(port)]]));
const barePort = await freePort();
const bare = fileURLToPath(new URL('bare-proxy.mjs', import.meta.url));
start(process.execPath, [bare, String(barePort), String(redisPort)]);
ways.set('bare', barePort);
if (toxiproxyServer !== undefined) {
  ways.set('original', await startProxy((port) => [toxiproxyServer, ['-port', String(port)]]));
}

for (const load of loads) {
  const results = new Map([...ways.keys()].map((way) => [way, [] as Measured[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [way, port] of ways) results.get(way)?.push(await measure(port, load));
  }
  report(load, results);
}

function report(load: Load, results: ReadonlyMap<string, readonly Measured[]>): void {
  process.stdout.write(`${load.name} (medians of ${rounds} rounds in turns)\n`);
  const direct = results.get('direct') ?? [];
  for (const [way, measured] of results) {
    const perSecond = median(measured.map((each) => each.perSecond));
    const ratios = measured.map((each, index) => each.perSecond / (direct[index]?.perSecond ?? Number.NaN));
    const added = measured.map((each, index) => each.medianMs - (direct[index]?.medianMs ?? Number.NaN));
    const range = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
    process.stdout.write(
      `  ${way.padEnd(9)} ${Math.round(perSecond).toLocaleString('en').padStart(10)}/s  ratio ${median(ratios).toFixed(2)} ` +
        `(${range})  added median ${median(added).toFixed(3)} ms\n`,
    );
  }
}

async function measure(port: number, load: Load): Promise<Measured> {
  const { stdout } = await run(redisBenchmark, ['-p', String(port), '-t', 'get', '--csv', ...load.args]);
  const [header = '', row = ''] = stdout.trim().split('\n');
  const names = header.split(',').map((name) => JSON.parse(name));
  const values = row.split(',').map((value) => JSON.parse(value));
  const field = (name: string): number => Number(values[names.indexOf(name)]);
  return { perSecond: field('rps'), medianMs: field('p50_latency_ms') };
}

/** Starts a Toxiproxy and gives the port of its proxy to Redis. */
async function startProxy(command: (port: number) => [string, string[]]): Promise<number> {
  const apiPort = await freePort();
  start(...command(apiPort));
  const port = await freePort();
  const body = JSON.stringify({
    name: 'redis',
    listen: `127.0.0.1:${port}`,
    upstream: `127.0.0.1:${redisPort}`,
  });
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetch(`http://127.0.0.1:${apiPort}/proxies`, { method: 'POST', body });
      if (answer.status !== 201) throw new Error(await answer.text());
      return port;
    } catch (error) {
      if (attempt > 100) throw error;
      await systemClock.sleep(100);
    }
  }
}

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  stack.defer(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Toxics against their definition on a real clock: delays of latency with jitter, rates of bandwidth, times to the end of
 * timeout, slow_close and reset_peer, pauses of slicer. Run: `node toxic-timing.bench.ts [samples]`.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { startToxiproxy } from '../server.ts';
import { request } from '../testing/api-client.ts';
import { startEcho } from '../testing/upstream.ts';
import { WatchedClient } from '../testing/watched-client.ts';

const samples = Number(process.argv[2] ?? 200);

await using stack = new AsyncDisposableStack();
const echo = stack.use(await startEcho({ keeps: false }));
const server = stack.use(await startToxiproxy({ seed: 1 }));
const { text } = await request(server.url, 'POST', '/proxies', {
  name: 'p',
  listen: '127.0.0.1:0',
  upstream: echo.address,
});
const port = Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);

const roundTripsMs = await roundTrips(samples);
print('no toxic, round trip', roundTripsMs, 'ms');
const baseMs = mean(roundTripsMs);

for (const [latency, jitter] of [
  [10, 0],
  [100, 20],
] as const) {
  await toxic('latency', { latency, jitter });
  const delays = (await roundTrips(samples)).map((ms) => ms - baseMs);
  print(
    `latency ${latency} ± ${jitter} (round trip less that without)`,
    delays,
    'ms',
    latency - (jitter > 0 ? 0.5 : 0),
  );
}

for (const rate of [10, 100, 1000, 10_000]) {
  await toxic('bandwidth', { rate });
  const bytes = rate * 1000;
  const rates: number[] = [];
  for (let sample = 0; sample < 3; sample += 1) rates.push(await transferRate(bytes));
  print(`bandwidth ${rate} kB/s (${bytes / 1000} kB each)`, rates, 'kB/s', rate);
}

for (const [type, attributes, expectedMs] of [
  ['timeout', { timeout: 100 }, 100],
  ['reset_peer', { timeout: 100 }, 100],
] as const) {
  await toxic(type, attributes);
  const times: number[] = [];
  for (let sample = 0; sample < samples / 10; sample += 1) times.push(await timeToClose());
  print(`${type} 100`, times, 'ms', expectedMs);
}

await toxic('slow_close', { delay: 100 });
const closes: number[] = [];
for (let sample = 0; sample < samples / 10; sample += 1) closes.push(await timeToClose(true));
print('slow_close 100', closes, 'ms', 100);

await toxic('slicer', { average_size: 10, size_variation: 3, delay: 2000 });
const pauses: number[] = [];
const sizes: number[] = [];
for (let sample = 0; sample < samples / 20; sample += 1) {
  using client = new WatchedClient(port);
  await client.echo('x'.repeat(500));
  const data = client.seen.flatMap((event) => (event.kind === 'data' ? [event] : []));
  for (const [index, event] of data.entries()) {
    sizes.push(event.bytes);
    const before = data[index - 1];
    if (before !== undefined) pauses.push(event.atMs - before.atMs);
  }
}
print('slicer 10 ± 3, size of pieces', sizes, 'bytes');
print('slicer, delay 2000 µs between pieces', pauses, 'ms', 2);

async function toxic(type: string, attributes: Readonly<Record<string, number>>): Promise<void> {
  await request(server.url, 'POST', '/reset');
  await request(server.url, 'POST', '/proxies/p/toxics', { type, attributes });
}

async function roundTrips(count: number): Promise<number[]> {
  using client = new WatchedClient(port);
  await client.connected();
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    await client.echo('x');
    times.push(performance.now() - startedMs);
  }
  return times;
}

/** In kB/s, from the first byte sent to the last one received. */
async function transferRate(bytes: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const startedMs = performance.now();
  socket.write(Buffer.alloc(bytes));
  let received = 0;
  for await (const data of socket) {
    received += Buffer.isBuffer(data) ? data.length : 0;
    if (received >= bytes) break;
  }
  return bytes / (performance.now() - startedMs);
}

/** From the first byte sent, or from the server's end, to the client's. */
async function timeToClose(serverEnds = false): Promise<number> {
  using client = new WatchedClient(port);
  await client.connected();
  if (serverEnds) await client.echo('x');
  const startedMs = performance.now();
  if (serverEnds) echo.sockets.at(-1)?.end();
  else client.socket.write('x');
  await client.closed();
  return performance.now() - startedMs;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function print(what: string, values: readonly number[], unit: string, expected?: number): void {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): string =>
    (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(2);
  const average = mean(values);
  const error =
    expected === undefined
      ? ''
      : `, off by ${(average - expected).toFixed(2)} (${((average / expected - 1) * 100).toFixed(1)} %)`;
  process.stdout.write(
    `${what}: n ${values.length}, mean ${average.toFixed(2)} ${unit}${error}, min ${at(0)}, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}\n`,
  );
}

/**
 * Random requests to the HTTP API and random bytes through the proxies. Whatever comes, the server answers, never with
 * 500 for a reason of its own, and still works afterwards. More with REDCLIFF_FUZZ_RUNS.
 */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { seededRandom, type Random } from '../../random.ts';
import { startToxiproxy } from './server.ts';
import { request, type ApiAnswer } from './testing/api-client.ts';
import { startEcho } from './testing/upstream.ts';
import { WatchedClient } from './testing/watched-client.ts';

const runs = Number(process.env['REDCLIFF_FUZZ_RUNS'] ?? 500);

const names = ['a', 'b', 'a/b', '__proto__', 'ü %'];
const toxicTypes = [
  'latency',
  'bandwidth',
  'slicer',
  'timeout',
  'limit_data',
  'reset_peer',
  'slow_close',
  'packet_loss',
  'noop',
  'x',
];
const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'];
const numbers = [0, 1, -1, 0.5, 100, 1e9, 1e300, -1e18];

function anything(random: Random, depth = 0): unknown {
  const kind = random.integer(0, depth > 2 ? 4 : 6);
  if (kind === 0) return random.pick(numbers);
  if (kind === 1)
    return random.pick([
      '',
      'upstream',
      'DOWNSTREAM',
      '127.0.0.1:0',
      ':0',
      'localhost:1',
      '[::1]:0',
      ...names,
    ]);
  if (kind === 2) return random.pick([true, false]);
  if (kind === 3) return null;
  if (kind === 4) return random.pick(toxicTypes);
  const size = random.integer(0, 3);
  if (kind === 5) return Array.from({ length: size }, () => anything(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [random.pick(names), anything(random, depth + 1)]),
  );
}

/** Now and then replaced by anything. */
function mostly(random: Random, value: unknown): unknown {
  return random.next() < 0.1 ? anything(random) : value;
}

type Request = readonly [method: string, path: string, body?: unknown];

/** A request that makes sense, except where `mostly` spoils a value. */
function plausible(random: Random, upstream: string): Request {
  const name = random.pick(names);
  const other = random.pick(names);
  const proxyPath = `/proxies/${encodeURIComponent(name)}`;
  const toxicPath = `${proxyPath}/toxics/${encodeURIComponent(other)}`;
  const faultsPath = `/redcliff/proxies/${encodeURIComponent(name)}/faults`;
  const proxy = (): unknown => ({
    name: mostly(random, random.pick(names)),
    listen: mostly(random, '127.0.0.1:0'),
    upstream: mostly(random, upstream),
    enabled: mostly(random, random.next() < 0.8),
  });
  const attributes = {
    latency: mostly(random, 1),
    timeout: mostly(random, 5),
    rate: mostly(random, 100),
    bytes: mostly(random, 20),
    average_size: mostly(random, 3),
    size_variation: mostly(random, 2),
    delay: mostly(random, 1),
    loss_rate: mostly(random, 0.5),
  };
  const type = mostly(random, random.pick(toxicTypes));
  const stream = mostly(random, random.pick(['upstream', 'downstream']));
  const toxicity = mostly(random, random.next());
  const match = {
    name: mostly(random, other),
    protocol: mostly(random, random.pick(['redis', 'mongo'])),
    command: '*',
  };
  const requests: (() => Request)[] = [
    () => ['POST', '/proxies', proxy()],
    () => ['POST', '/proxies', proxy()],
    () => ['POST', '/populate', [proxy(), proxy()]],
    () => ['PATCH', proxyPath, proxy()],
    () => [
      'POST',
      `${proxyPath}/toxics`,
      { name: mostly(random, other), type, stream, toxicity, attributes },
    ],
    () => [
      'POST',
      `${proxyPath}/toxics`,
      { name: mostly(random, other), type, stream, toxicity, attributes },
    ],
    () => ['PATCH', toxicPath, { toxicity, attributes }],
    () => ['DELETE', toxicPath],
    () => ['GET', toxicPath],
    () => ['POST', faultsPath, { kind: 'drop-reply', ...match, ending: mostly(random, 'hang') }],
    () => ['POST', faultsPath, { kind: 'delay-commands', ...match, delayMs: mostly(random, 1) }],
    () => ['POST', faultsPath, { kind: 'cut-message', ...match, side: mostly(random, 'request') }],
    () => [
      'POST',
      faultsPath,
      { kind: 'first-connections', connections: mostly(random, 2), toxic: { type } },
    ],
    () => ['DELETE', `${faultsPath}/${encodeURIComponent(other)}`],
    () => ['GET', faultsPath],
    () => ['GET', `/redcliff/counters/${encodeURIComponent(name)}`],
    () => ['GET', '/redcliff/counters'],
    () => ['POST', '/redcliff/flip', { proxies: { [name]: true, [other]: mostly(random, false) } }],
    () => ['GET', '/metrics'],
  ];
  if (random.next() < 0.02) return ['POST', '/reset'];
  if (random.next() < 0.02) return ['DELETE', proxyPath];
  return random.pick(requests)();
}

/** Method, path and body of three requests mixed, the body perhaps broken off. */
function mixed(random: Random, upstream: string): Request {
  const [, path] = plausible(random, upstream);
  const [, , body] = plausible(random, upstream);
  const text = JSON.stringify(random.next() < 0.5 ? body : anything(random)) ?? '';
  return [random.pick(methods), path, text.slice(0, random.integer(0, text.length))];
}

function randomBytes(random: Random): Buffer {
  const parts = Array.from({ length: random.integer(1, 4) }, () =>
    random.pick([
      () => Buffer.from('*2\r\n$3\r\nGET\r\n$1\r\na\r\n'),
      () => Buffer.from('*1\r\n$4\r\nPI'),
      () => Buffer.from([26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 221, 7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0]),
      () => Buffer.from(Array.from({ length: random.integer(1, 200) }, () => random.integer(0, 255))),
    ])(),
  );
  return Buffer.concat(parts);
}

/** What is wrong with an answer: a status that no request can deserve, or an error without its form. */
function complaint({ status, text, json }: ApiAnswer): string | undefined {
  if (![200, 201, 204, 400, 404, 405, 409, 500].includes(status)) return `status ${status}`;
  if (status === 500 && !text.startsWith('{"error":"listen tcp')) return text;
  const isError = typeof json === 'object' && json !== null && 'error' in json && 'status' in json;
  if (status === 400 && !(isError && json.status === 400)) return text;
  return undefined;
}

/** The ports of all enabled proxies. */
function portsIn(answer: ApiAnswer): number[] {
  const found = answer.text.matchAll(/"listen":"(?:127\.0\.0\.1|\[::1\]):(\d+)"[^}]*?"enabled":true/g);
  return [...found].map((match) => Number(match[1])).filter((port) => port > 0);
}

it('answers every request and keeps working', async () => {
  await using echo = await startEcho();
  await using server = await startToxiproxy({ seed: 1, proxyMetrics: true });
  const random = seededRandom('fuzz');
  const statuses = new Map<number, number>();
  for (let run = 0; run < runs; run += 1) {
    const [method, path, given] = (random.next() < 0.8 ? plausible : mixed)(random, echo.address);
    const body = method === 'GET' ? undefined : given;
    const answer = await request(server.url, method, path, body);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    expect(complaint(answer), `${method} ${path} ${JSON.stringify(body)}`).toBeUndefined();
    if (run % 5 === 0) await sendBytes(random, portsIn(await request(server.url, 'GET', '/proxies')));
  }
  // A third succeeded and some were refused, so that something was tried.
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(runs / 3);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(runs / 50);
  await request(server.url, 'POST', '/proxies', {
    name: 'after',
    listen: '127.0.0.1:0',
    upstream: echo.address,
  });
  const [port = 0] = portsIn(await request(server.url, 'GET', '/proxies/after'));
  using client = new WatchedClient(port);
  await client.echo('still works');
});

async function sendBytes(random: Random, ports: readonly number[]): Promise<void> {
  if (ports.length === 0) return;
  const socket = connect({ port: random.pick(ports), host: '127.0.0.1' });
  const closed = new Promise((resolve) => {
    socket.on('error', () => {}).on('close', resolve);
  });
  socket.write(randomBytes(random));
  await new Promise((resolve) => setTimeout(resolve, 2));
  socket.write(randomBytes(random));
  if (random.next() < 0.5) socket.resetAndDestroy();
  else socket.end();
  socket.setTimeout(5, () => socket.destroy());
  await closed;
}

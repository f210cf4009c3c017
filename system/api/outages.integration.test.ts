/** Every route during outages of MongoDB and Redis: every route reports an outage as such. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { adminToken } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import type { Api } from './api.ts';
import { buildServer } from './server.ts';

let stack: TestStack;
let system: System;
let app: Api;

beforeAll(async () => {
  stack = await startTestStack();
  // So that the answer to every request is the outage's and not the deadline's.
  system = await openTestSystem(stack, {
    REQUEST_DEADLINE_MS: '4000',
    DATABASE_SELECTION_TIMEOUT_MS: '300',
    DATABASE_NETWORK_TIMEOUT_MS: '300',
  });
  app = await buildServer(system);
  await plantTestWorld(system, 'w', { items: 2, battles: 2, tournaments: 2, relations: 1 });
});

afterAll(async () => {
  await app.close();
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

type Route = readonly [method: 'GET' | 'POST', url: string, body?: object];

const base = '/api/sessions/w';
const routes: readonly Route[] = [
  ['GET', base],
  ['GET', `${base}/generals`],
  ['GET', `${base}/generals/3`],
  ['GET', `${base}/cities`],
  ['GET', `${base}/cities/3`],
  ['GET', `${base}/nations`],
  ['GET', `${base}/nations/2`],
  ['POST', `${base}/generals/1/actions`, { command: 'train', amount: 1 }],
  ['POST', `${base}/turns/1`],
  ['POST', `${base}/auctions`, { seller: 1, item: 1, startingBid: 1, durationMs: 1_000 }],
  ['POST', `${base}/auctions/none/bids`, { bidder: 1, amount: 1 }],
  ['POST', `${base}/auctions/none/settle`],
  ['POST', `${base}/battles/1/finish`],
  ['POST', `${base}/cities/1/occupy`, { general: 1 }],
  ['POST', `${base}/nations/1/destroy`],
  ['POST', `${base}/generals/hire`, { nation: 1, name: 'New', gold: 1, population: 1 }],
  ['POST', `${base}/diplomacy`, { from: 1, to: 2, state: 'war' }],
  ['POST', `${base}/tournaments/1/rounds/1`],
  ['POST', '/api/admin/sessions', { seed: 1, generals: 1, cities: 1, nations: 1 }],
  ['POST', '/api/admin/cache/preload'],
];

async function ask([method, url, payload]: Route) {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, retryAfter: answer.headers['retry-after'], body: answer.body };
}

/** What a client may see in an outage: an answer that served, a refusal of the contract, or the outage with the time to wait. */
function isRight({ status, retryAfter }: Awaited<ReturnType<typeof ask>>): boolean {
  if (status === 503 || status === 504) return retryAfter === '1';
  return status < 500;
}

it('covers every route of the contract that asks MongoDB or Redis', async () => {
  const { paths } = (await app.inject({ url: '/api/openapi.json' })).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const described = Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => !/health|metrics|openapi/.test(route));
  expect(routes).toHaveLength(described.length);
});

describe('an outage of MongoDB', () => {
  it('that a route meets half way may have let it take effect, and the answer says so', async () => {
    const failing = vi
      .spyOn(system.collections.tournaments.documents, 'replaceOne')
      .mockRejectedValueOnce(Object.assign(new Error('gone'), { name: 'MongoNetworkError' }));
    const answer = await ask(['POST', `${base}/tournaments/2/rounds/1`]);
    expect(failing).toHaveBeenCalledOnce();
    failing.mockRestore();
    expect(answer).toMatchObject({ status: 503, retryAfter: '1' });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'outcome_unknown', definite: false } });
  });
});

describe('while MongoDB is away', () => {
  it('every route answers 503 with Retry-After', async () => {
    await stack.mongo.kill();
    try {
      const answers = await Promise.all(
        routes.map(async (route) => ({ route: `${route[0]} ${route[1]}`, ...(await ask(route)) })),
      );
      for (const { route, status, retryAfter, body } of answers) {
        expect({ route, status, retryAfter }).toEqual({ route, status: 503, retryAfter: '1' });
        expect(body).not.toContain('"code":"internal"');
      }
    } finally {
      await stack.mongo.restart();
      await eventually('MongoDB is used again', async () => {
        return (await system.database.db?.command({ ping: 1 }).catch(() => undefined)) !== undefined;
      });
    }
  });
});

describe('a process that stops', () => {
  it('answers what still comes in as it always does', async () => {
    const stopping = await buildServer(system);
    const url = new URL(await stopping.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(url.port), url.hostname);
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    const request = `GET ${base}/cities/4 HTTP/1.1\r\nhost: x\r\n\r\n`;
    const gate = Promise.withResolvers<void>();
    const held = vi
      .spyOn(system.reads, 'getCity')
      .mockImplementationOnce(() => gate.promise.then(() => null));
    socket.write(request);
    await eventually('the first is under way', () => held.mock.calls.length === 1);
    const closing = stopping.close();
    await system.clock.sleep(50);
    socket.write(request);
    await eventually('the second is under way', () => held.mock.calls.length === 2 || received !== '');
    gate.resolve();
    await eventually('both are answered', () => (received.match(/HTTP\/1.1 /g) ?? []).length === 2);
    await closing;
    socket.destroy();
    held.mockRestore();
    expect(received.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });
});

type Trouble = readonly [how: string, start: () => Promise<void>, end: () => Promise<void>];
const troubles: readonly Trouble[] = [
  ['is gone', () => stack.redis.kill(), () => stack.redis.restart()],
  [
    'is full',
    async () => void (await system.redis.config('SET', 'maxmemory', '1')),
    async () => void (await system.redis.config('SET', 'maxmemory', '0')),
  ],
  [
    'refuses writes',
    async () => void (await system.redis.replicaof('127.0.0.1', 1)),
    async () => void (await system.redis.replicaof('NO', 'ONE')),
  ],
  ['is silent', async () => stack.redis.pause(), async () => stack.redis.resume()],
];

describe.each(troubles)('while Redis %s', (_how, start, end) => {
  it('no route answers with an error of its own', async () => {
    await eventually('Redis is used', () => system.l2.usable);
    await start();
    const wrong: unknown[] = [];
    try {
      for (const route of routes) {
        const answer = await ask(route);
        if (!isRight(answer)) wrong.push([...route, answer]);
      }
    } finally {
      await end();
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

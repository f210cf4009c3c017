/** Injections: the n-th command over several proxies is cut, refused, delayed, held for a decision or loses its reply. */
import { MongoClient, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startToxiproxy } from '../server.ts';
import { request } from '../testing/api-client.ts';
import { startFakeMongo } from '../testing/fake-mongo.ts';
import { command, startFakeRedis } from '../testing/fake-redis.ts';
import { WatchedClient } from '../testing/watched-client.ts';

const holdsSchema = z.object({
  holds: z.array(z.looseObject({ id: z.int(), command: z.string(), proxy: z.string() })),
});

async function proxyTo(url: string, name: string, upstream: string): Promise<number> {
  const { text } = await request(url, 'POST', '/proxies', { name, listen: '127.0.0.1:0', upstream });
  return Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
}

async function redisSetup() {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await startFakeRedis());
  const { url } = stack.use(await startToxiproxy({ seed: 3 }));
  const port = await proxyTo(url, 'redis-api-1', redis.address);
  const otherPort = await proxyTo(url, 'redis-api-2', redis.address);
  const executed = () => redis.executed.map((words) => words.join(' '));
  return {
    url,
    port,
    otherPort,
    executed,
    inject: async (injection: Record<string, unknown>) => {
      const body = { name: 'i', protocol: 'redis', command: 'INCR', ...injection };
      expect(await request(url, 'POST', '/redcliff/injections', body)).toMatchObject({ status: 201 });
    },
    effect: async () => (await request(url, 'GET', '/redcliff/injections/i')).json,
    holds: async (waitMs = 20_000) =>
      holdsSchema.parse((await request(url, 'GET', `/redcliff/holds?waitMs=${waitMs}`)).json).holds,
    decide: (id: number, body: unknown) => request(url, 'POST', `/redcliff/holds/${id}`, body),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const incr = command('INCR', 'n');
const get = command('GET', 'n');

describe('an injection', () => {
  it('counts over the proxies that it names, and cuts before the command', async () => {
    await using setup = await redisSetup();
    await setup.inject({ nth: 3, action: { kind: 'cut-before' } });
    using one = new WatchedClient(setup.port);
    using two = new WatchedClient(setup.otherPort);
    one.socket.write(incr);
    await one.bytes(4);
    two.socket.write(incr);
    await two.bytes(4);
    one.socket.write(get);
    await one.bytes(11);
    one.socket.write(incr + get);
    await one.closed();
    expect(one.received.toString()).toBe(':1\r\n$1\r\n2\r\n');
    expect(setup.executed()).toEqual(['INCR n', 'INCR n', 'GET n']);
    expect(await setup.effect()).toMatchObject({
      effect: {
        matched: 3,
        applied: 1,
        applications: [{ proxy: 'redis-api-1', command: 'INCR', target: 'n' }],
      },
    });
    two.socket.write(incr);
    await two.bytes(8);
  });

  it('leaves other proxies, commands and keys alone', async () => {
    await using setup = await redisSetup();
    await setup.inject({ proxies: ['redis-api-2'], target: 'c*t:*', action: { kind: 'cut-before' } });
    using one = new WatchedClient(setup.port);
    one.socket.write(command('INCR', 'cart:1'));
    await one.bytes(4);
    using two = new WatchedClient(setup.otherPort);
    two.socket.write(command('INCR', 'card:1') + command('GET', 'cart:1') + command('INCR', 'cart:1'));
    await two.closed();
    expect(setup.executed()).toEqual(['INCR cart:1', 'INCR card:1', 'GET cart:1']);
  });

  it('chooses the command that follows another one on the same connection', async () => {
    await using setup = await redisSetup();
    await setup.inject({ after: { command: 'GET', target: 'a' }, action: { kind: 'cut-before' } });
    using other = new WatchedClient(setup.otherPort);
    other.socket.write(command('GET', 'a'));
    await other.bytes(5);
    using one = new WatchedClient(setup.port);
    one.socket.write(incr + command('GET', 'b') + incr);
    await one.bytes(13);
    one.socket.write(command('GET', 'a') + get + incr);
    await one.closed();
    expect(setup.executed().slice(-2)).toEqual(['GET a', 'GET n']);
  });

  it('loses the reply of what was executed', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'lose-reply', ending: 'reset' } });
    using one = new WatchedClient(setup.port);
    one.socket.write(get + incr);
    await one.closed();
    expect(one.received.toString()).toBe('$-1\r\n');
    expect(one.kinds().at(-2)).toBe('ECONNRESET');
    expect(setup.executed()).toEqual(['GET n', 'INCR n']);
  });

  it('answers with an error of Redis in its place in a pipeline, without asking Redis', async () => {
    await using setup = await redisSetup();
    const error = { code: 'READONLY', message: "You can't write against a read only replica." };
    await setup.inject({ nth: 2, action: { kind: 'answer', error } });
    using one = new WatchedClient(setup.port);
    one.socket.write(incr + incr + get + incr);
    const expected = `:1\r\n-READONLY ${error.message}\r\n$1\r\n1\r\n:2\r\n`;
    await one.bytes(expected.length);
    expect(one.received.toString()).toBe(expected);
    expect(setup.executed().filter((each) => each === 'INCR n').length).toBe(2);
  });

  it('delays a reply', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'delay', delayMs: 50 } });
    using one = new WatchedClient(setup.port);
    one.socket.write(incr + get);
    await one.bytes(11);
    expect(one.received.toString()).toBe(':1\r\n$1\r\n1\r\n');
    expect(await setup.effect()).toMatchObject({ effect: { applied: 1 } });
  });

  it('falls silent before one command until it is removed', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'cut-before', ending: 'hang' } });
    using one = new WatchedClient(setup.port);
    one.socket.write(get);
    await one.bytes(5);
    one.socket.write(incr + get);
    await expect.poll(setup.effect).toMatchObject({ effect: { applied: 1 } });
    expect(one.kinds()).toEqual(['connect', 'data']);
    await request(setup.url, 'DELETE', '/redcliff/injections/i');
    await one.closed();
    expect(setup.executed()).toEqual(['GET n']);
  });

  it('refuses what it does not know by name', async () => {
    await using setup = await redisSetup();
    const injection = { name: 'i', protocol: 'redis', command: 'GET' };
    const refused = async (more: Record<string, unknown>) =>
      (await request(setup.url, 'POST', '/redcliff/injections', { ...injection, ...more })).text;
    expect(await refused({ action: { kind: 'explode' } })).toContain('bad request body: action.kind');
    expect(await refused({ action: { kind: 'cut-before' }, proxies: ['none'] })).toContain('proxy not found');
    const number = { kind: 'answer', error: { code: 112, message: 'm' } };
    expect(await refused({ action: number })).toContain('action.error.code: a word in capitals for redis');
    expect(await request(setup.url, 'GET', '/redcliff/injections')).toMatchObject({
      json: { injections: [] },
    });
    expect((await request(setup.url, 'GET', '/redcliff/holds?waitMs=soon')).text).toContain('waitMs');
  });
});

describe('a hold', () => {
  it('tells of the command before it passes, and waits for the decision', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'hold' } });
    const told = setup.holds();
    using one = new WatchedClient(setup.port);
    one.socket.write(get + incr + get);
    const [hold] = await told;
    expect(hold).toMatchObject({
      injection: 'i',
      side: 'request',
      command: 'INCR',
      target: 'n',
      proxy: 'redis-api-1',
    });
    expect(setup.executed()).toEqual(['GET n']);
    expect(await setup.decide(hold?.id ?? 0, { decision: 'pass' })).toMatchObject({ status: 204 });
    await one.bytes(5 + 4 + 7);
    expect(one.received.toString()).toBe('$-1\r\n:1\r\n$1\r\n1\r\n');
    expect(await setup.holds(0)).toEqual([]);
    expect(await setup.decide(hold?.id ?? 0, { decision: 'pass' })).toMatchObject({ status: 404 });
  });

  it('tells of the reply before it passes: the store has executed, the client knows nothing', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'hold', side: 'reply' } });
    using one = new WatchedClient(setup.port);
    one.socket.write(incr);
    const [hold] = await setup.holds();
    expect(setup.executed()).toEqual(['INCR n']);
    expect(one.kinds()).toEqual(['connect']);
    await setup.decide(hold?.id ?? 0, { decision: 'cut', ending: 'reset' });
    await one.closed();
    expect(one.received.length).toBe(0);
    expect(one.kinds().at(-2)).toBe('ECONNRESET');
  });

  it('lets the message go when no decision comes in time, or when it is removed', async () => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'hold', waitMs: 30 }, times: 2 });
    using one = new WatchedClient(setup.port);
    one.socket.write(incr);
    await one.bytes(4);
    expect(await setup.effect()).toMatchObject({ effect: { applied: 1, expired: 1 } });
    await request(setup.url, 'DELETE', '/redcliff/injections');
    await setup.inject({ action: { kind: 'hold', waitMs: 60_000 } });
    one.socket.write(incr);
    await setup.holds();
    await request(setup.url, 'DELETE', '/redcliff/injections/i');
    await one.bytes(8);
  });

  it.each([
    ['pass', ['INCR n']],
    ['cut', []],
  ])('outlives its client, whose last command takes effect or not: %s', async (decision, executed) => {
    await using setup = await redisSetup();
    await setup.inject({ action: { kind: 'hold', waitMs: 60_000 } });
    using one = new WatchedClient(setup.port);
    one.socket.write(incr);
    const [hold] = await setup.holds();
    one.socket.resetAndDestroy();
    await one.closed();
    expect(await setup.decide(hold?.id ?? 0, { decision })).toMatchObject({ status: 204 });
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/redis-api-1')).json)
      .toMatchObject({ connections: { open: 0 } });
    await expect.poll(setup.executed).toEqual(executed);
  });
});

describe('an injection into MongoDB', () => {
  it('answers one command with an error that the driver takes for the server’s own', async () => {
    await using mongo = await startFakeMongo();
    await using server = await startToxiproxy();
    const port = await proxyTo(server.url, 'mongo', mongo.address);
    const injection = {
      name: 'conflict',
      protocol: 'mongo',
      command: 'update',
      target: 'carts',
      action: {
        kind: 'answer',
        error: {
          code: 112,
          codeName: 'WriteConflict',
          message: 'try again',
          labels: ['TransientTransactionError'],
        },
      },
    };
    await request(server.url, 'POST', '/redcliff/injections', injection);
    const duplicate = {
      name: 'duplicate',
      protocol: 'mongo',
      command: 'insert',
      action: { kind: 'answer', error: { code: 11_000, message: 'E11000 duplicate key', as: 'write' } },
    };
    await request(server.url, 'POST', '/redcliff/injections', duplicate);
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    try {
      const carts = client.db('shop').collection('carts');
      const failure = await carts.updateOne({ no: 1 }, { $set: { a: 1 } }).catch((error: unknown) => error);
      if (!(failure instanceof MongoServerError)) throw new Error('no error of the server');
      expect(failure).toMatchObject({ code: 112, codeName: 'WriteConflict', message: 'try again' });
      expect(failure.hasErrorLabel('TransientTransactionError')).toBe(true);
      await expect(carts.insertOne({ no: 2 })).rejects.toMatchObject({ code: 11_000 });
      await carts.updateOne({ no: 1 }, { $set: { a: 1 } });
    } finally {
      await client.close();
    }
    expect(mongo.executed()).toEqual(['update']);
  });
});

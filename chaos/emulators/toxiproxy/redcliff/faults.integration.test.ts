/** Faults that know Redis and MongoDB: the server executed the command, the client saw what the fault left of it. */
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startToxiproxy } from '../server.ts';
import { request } from '../testing/api-client.ts';
import { startFakeMongo } from '../testing/fake-mongo.ts';
import { command, startFakeRedis, type FakeRedis } from '../testing/fake-redis.ts';
import { WatchedClient } from '../testing/watched-client.ts';

interface Setup extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly redis: FakeRedis;
  add(fault: Record<string, unknown>): Promise<void>;
  remove(name: string): Promise<void>;
  effect(name: string): Promise<unknown>;
}

async function setUp(): Promise<Setup> {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await startFakeRedis());
  const server = stack.use(await startToxiproxy({ seed: 7 }));
  const port = await createProxy(server.url, 'redis', redis.address);
  const faults = '/redcliff/proxies/redis/faults';
  return {
    url: server.url,
    port,
    redis,
    add: async (fault) => {
      expect(await request(server.url, 'POST', faults, fault)).toMatchObject({ status: 201 });
    },
    remove: async (name) => {
      expect(await request(server.url, 'DELETE', `${faults}/${name}`)).toMatchObject({ status: 204 });
    },
    effect: async (name) => {
      const { json } = await request(server.url, 'GET', `${faults}/${name}`);
      return typeof json === 'object' && json !== null && 'effect' in json ? json.effect : undefined;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function createProxy(url: string, name: string, upstream: string): Promise<number> {
  const { json } = await request(url, 'POST', '/proxies', { name, listen: '127.0.0.1:0', upstream });
  if (typeof json !== 'object' || json === null || !('listen' in json)) throw new Error('no proxy');
  return Number(String(json.listen).split(':')[1]);
}

const incr = command('INCR', 'n');
const get = command('GET', 'a');
const set = command('SET', 'a', 'b');

describe('drop-reply', () => {
  it('loses the reply of the n-th command after its execution, and closes', async () => {
    await using setup = await setUp();
    await setup.add({ kind: 'drop-reply', name: 'lost', protocol: 'redis', command: 'incr', nth: 2 });
    using client = new WatchedClient(setup.port);
    client.socket.write(incr);
    await client.bytes(4);
    client.socket.write(set + incr);
    await client.closed();
    expect(client.received.toString()).toBe(':1\r\n+OK\r\n');
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    expect(setup.redis.executed.map(([name]) => name)).toEqual(['INCR', 'SET', 'INCR']);
    expect(await setup.effect('lost')).toMatchObject({
      matched: 2,
      applied: 1,
      applications: [{ command: 'INCR', target: 'n', connection: 1 }],
    });
    using later = new WatchedClient(setup.port);
    later.socket.write(incr);
    await later.bytes(4);
  });

  it('finds the right reply on a connection with commands in flight before the fault came', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    client.socket.write(set);
    await client.bytes(5);
    setup.redis.holdReplies = true;
    client.socket.write(set + get);
    await expect.poll(() => setup.redis.executed.length).toBe(3);
    await setup.add({ kind: 'drop-reply', protocol: 'redis', command: 'GET', ending: 'reset' });
    client.socket.write(set + get);
    await expect.poll(() => setup.redis.executed.length).toBe(5);
    setup.redis.release();
    await client.closed();
    expect(client.received.toString()).toBe('+OK\r\n+OK\r\n$1\r\nb\r\n+OK\r\n');
    expect(client.kinds().at(-2)).toBe('ECONNRESET');
  });

  it('hangs until it is removed, then closes', async () => {
    await using setup = await setUp();
    await setup.add({ kind: 'drop-reply', name: 'hang', protocol: 'redis', command: 'INCR', ending: 'hang' });
    using client = new WatchedClient(setup.port);
    client.socket.write(incr);
    await expect.poll(() => setup.redis.executed.length).toBe(1);
    client.socket.write(get);
    await expect.poll(() => setup.effect('hang')).toMatchObject({ applied: 1 });
    expect(client.kinds()).toEqual(['connect']);
    await setup.remove('hang');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
    expect(setup.redis.executed.map(([name]) => name)).toEqual(['INCR']);
  });

  it('chooses by target', async () => {
    await using setup = await setUp();
    await setup.add({ kind: 'drop-reply', protocol: 'redis', command: '*', target: 'general:*' });
    using client = new WatchedClient(setup.port);
    client.socket.write(command('SET', 'city:1', 'x') + command('SET', 'general:1', 'x'));
    await client.closed();
    expect(client.received.toString()).toBe('+OK\r\n');
    expect(setup.redis.executed.length).toBe(2);
  });

  it('loses the reply of commitTransaction, which the driver then sends again', async () => {
    await using stack = new AsyncDisposableStack();
    const mongo = stack.use(await startFakeMongo());
    const server = stack.use(await startToxiproxy());
    const port = await createProxy(server.url, 'mongo', mongo.address);
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    stack.defer(() => client.close());
    await client.db('d').collection('c').insertOne({ before: true });
    const fault = {
      kind: 'drop-reply',
      name: 'lost-commit',
      protocol: 'mongo',
      command: 'commitTransaction',
    };
    expect(await request(server.url, 'POST', '/redcliff/proxies/mongo/faults', fault)).toMatchObject({
      status: 201,
    });
    const session = client.startSession();
    stack.defer(() => session.endSession());
    session.startTransaction();
    await client.db('d').collection('c').insertOne({ inside: true }, { session });
    await session.commitTransaction();
    expect(mongo.executed()).toEqual(['insert', 'insert', 'commitTransaction', 'commitTransaction']);
    const { json } = await request(server.url, 'GET', '/redcliff/counters/mongo');
    expect(json).toMatchObject({
      connections: { affected: 1 },
      faults: [{ name: 'lost-commit', effect: { matched: 2, applied: 1 } }],
    });
  });
});

describe('delay-commands', () => {
  it.each(['request', 'reply'] as const)('delays only the chosen commands (%s)', async (side) => {
    await using setup = await setUp();
    await setup.add({
      kind: 'delay-commands',
      name: 'slow',
      protocol: 'redis',
      command: 'GET',
      side,
      delayMs: 3_600_000,
    });
    using slow = new WatchedClient(setup.port);
    slow.socket.write(set + get + incr);
    await slow.bytes(5);
    using fast = new WatchedClient(setup.port);
    fast.socket.write(set + incr);
    await fast.bytes(9);
    await expect.poll(() => setup.effect('slow')).toMatchObject({ matched: 1, applied: 1 });
    expect(slow.received.toString()).toBe('+OK\r\n');
    expect(setup.redis.executed.filter(([name]) => name === 'GET').length).toBe(side === 'reply' ? 1 : 0);
    await setup.remove('slow');
    await slow.bytes(16);
    expect(slow.received.toString()).toMatch(/^\+OK\r\n\$1\r\nb\r\n:\S+\r\n$/);
  });

  it('lets a delayed command go when its time has come', async () => {
    await using setup = await setUp();
    await setup.add({
      kind: 'delay-commands',
      protocol: 'redis',
      command: ['SET', 'GET'],
      delayMs: 20,
      jitterMs: 10,
    });
    using client = new WatchedClient(setup.port);
    client.socket.write(set + get);
    await client.bytes(12);
    expect(client.received.toString()).toBe('+OK\r\n$1\r\nb\r\n');
  });
});

describe('cut-message', () => {
  it('cuts a reply in the middle', async () => {
    await using setup = await setUp();
    await setup.add({ kind: 'cut-message', protocol: 'redis', command: 'GET' });
    using client = new WatchedClient(setup.port);
    client.socket.write(set + get);
    await client.closed();
    expect(client.received.toString()).toBe('+OK\r\n$1\r');
  });

  it('cuts a request, which is then never executed', async () => {
    await using setup = await setUp();
    await setup.add({
      kind: 'cut-message',
      protocol: 'redis',
      command: 'SET',
      side: 'request',
      afterBytes: 10,
      ending: 'reset',
    });
    using client = new WatchedClient(setup.port);
    client.socket.write(incr + set);
    await client.closed();
    expect(client.kinds().at(-2)).toBe('ECONNRESET');
    expect(setup.redis.executed).toEqual([['INCR', 'n']]);
    expect(setup.redis.received[0]?.toString()).toBe(incr + set.slice(0, 10));
  });

  it('never lets the whole message through', async () => {
    await using setup = await setUp();
    await setup.add({ kind: 'cut-message', protocol: 'redis', command: 'GET', afterBytes: 1000 });
    using client = new WatchedClient(setup.port);
    client.socket.write(set + get);
    await client.closed();
    expect(client.received.toString()).toBe('+OK\r\n$1\r\nb\r');
  });
});

describe('first-connections', () => {
  it('spares open connections, hits the first new ones, then all is healthy', async () => {
    await using setup = await setUp();
    using before = new WatchedClient(setup.port);
    before.socket.write(incr);
    await before.bytes(4);
    await setup.add({
      kind: 'first-connections',
      name: 'first',
      connections: 2,
      toxic: { type: 'reset_peer' },
    });
    for (let number = 0; number < 2; number += 1) {
      using hit = new WatchedClient(setup.port);
      hit.socket.write(incr);
      await hit.closed();
      expect(hit.kinds()).toEqual(['connect', 'ECONNRESET', 'close']);
    }
    using healthy = new WatchedClient(setup.port);
    healthy.socket.write(incr);
    before.socket.write(incr);
    await healthy.bytes(4);
    await before.bytes(8);
    expect(await setup.effect('first')).toMatchObject({ matched: 2, applied: 2, effects: { reset: 2 } });
    expect((await request(setup.url, 'GET', '/proxies/redis/toxics')).json).toEqual([]);
  });
});

describe('the list of faults', () => {
  it('shows, refuses doubles, removes, and is emptied by a reset', async () => {
    await using setup = await setUp();
    const fault = { kind: 'drop-reply', protocol: 'redis', command: 'GET' };
    await setup.add(fault);
    const list = await request(setup.url, 'GET', '/redcliff/proxies/redis/faults');
    expect(list.json).toEqual({
      faults: [
        {
          name: 'drop-reply',
          kind: 'drop-reply',
          settings: { protocol: 'redis', command: 'GET', toxicity: 1, nth: 1, times: 1, ending: 'close' },
          removed: false,
          effect: { matched: 0, applied: 0, applications: [] },
        },
      ],
    });
    expect(await request(setup.url, 'POST', '/redcliff/proxies/redis/faults', fault)).toMatchObject({
      status: 409,
      json: { error: 'fault already exists', status: 409 },
    });
    await setup.remove('drop-reply');
    expect(await request(setup.url, 'DELETE', '/redcliff/proxies/redis/faults/drop-reply')).toMatchObject({
      status: 404,
      json: { error: 'fault not found', status: 404 },
    });
    await setup.add({ ...fault, name: 'second' });
    await request(setup.url, 'POST', '/reset');
    expect((await request(setup.url, 'GET', '/redcliff/proxies/redis/faults')).json).toEqual({ faults: [] });
  });

  it.each([
    ['no JSON', '{', 'bad request body: '],
    ['an unknown kind', { kind: 'melt' }, 'bad request body: kind: '],
    [
      'an unknown protocol',
      { kind: 'drop-reply', protocol: 'smtp', command: 'x' },
      'bad request body: protocol: ',
    ],
    [
      'an unknown field',
      { kind: 'drop-reply', protocol: 'redis', command: 'x', typo: 1 },
      'bad request body: ',
    ],
    ['a missing command', { kind: 'drop-reply', protocol: 'redis' }, 'bad request body: command: '],
    [
      'a count of 0',
      { kind: 'first-connections', connections: 0, toxic: { type: 'timeout' } },
      'bad request body: connections: ',
    ],
    [
      'an unknown attribute',
      { kind: 'first-connections', connections: 1, toxic: { type: 'timeout', attributes: { latency: 1 } } },
      'bad request body: toxic.attributes: unknown attribute latency',
    ],
  ])('refuses %s and names the field', async (_, body, error) => {
    await using setup = await setUp();
    const answer = await request(setup.url, 'POST', '/redcliff/proxies/redis/faults', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ status: 400, error: expect.stringContaining(error) });
  });

  it('answers 404 for an unknown proxy', async () => {
    await using setup = await setUp();
    expect(await request(setup.url, 'GET', '/redcliff/proxies/none/faults')).toMatchObject({ status: 404 });
  });
});

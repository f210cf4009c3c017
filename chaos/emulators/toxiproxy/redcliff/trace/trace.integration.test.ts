/** What the proxy records of real connections: commands with their replies, faults, long and cut messages, and a memory that is bounded. */
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startToxiproxy } from '../../server.ts';
import { request } from '../../testing/api-client.ts';
import { startFakeMongo } from '../../testing/fake-mongo.ts';
import { command, startFakeRedis } from '../../testing/fake-redis.ts';
import { startUpstream } from '../../testing/upstream.ts';
import { WatchedClient } from '../../testing/watched-client.ts';

const lineSchema = z.looseObject({
  command: z.string(),
  startedMs: z.number(),
  endedMs: z.number().nullable(),
});
const headSchema = z.object({
  traceVersion: z.literal(1),
  fromMs: z.number(),
  toMs: z.number(),
  dropped: z.array(z.object({ fromMs: z.number(), toMs: z.number() })),
});

async function readTrace(url: string) {
  const { text } = await request(url, 'GET', '/redcliff/trace');
  const [head, ...lines] = text.trimEnd().split('\n');
  return {
    head: headSchema.parse(JSON.parse(head ?? '')),
    commands: lines.map((line) => lineSchema.parse(JSON.parse(line))),
  };
}

async function createProxy(url: string, name: string, upstream: string): Promise<number> {
  const { text } = await request(url, 'POST', '/proxies', { name, listen: '127.0.0.1:0', upstream });
  return Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
}

async function redisSetup() {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await startFakeRedis());
  const server = stack.use(await startToxiproxy());
  const port = await createProxy(server.url, 'redis-api-1', redis.address);
  return { url: server.url, port, redis, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('the trace', () => {
  it('tells each command with its arguments, reply, size and place', async () => {
    await using setup = await redisSetup();
    using client = new WatchedClient(setup.port);
    client.socket.write(command('SET', 'before', '1'));
    await client.bytes(5);
    expect(await request(setup.url, 'POST', '/redcliff/trace', {})).toMatchObject({ status: 201 });
    client.socket.write(command('SET', 'lock:1', 'token', 'NX', 'PX', '2000') + command('INCR', 'n'));
    await client.bytes(14);
    client.socket.write(command('AUTH', 'secret'));
    await client.bytes(19);
    const { head, commands } = await readTrace(setup.url);
    expect(commands).toMatchObject([
      {
        proxy: 'redis-api-1',
        connection: 1,
        protocol: 'redis',
        command: 'SET',
        target: 'lock:1',
        arguments: ['lock:1', 'token', 'NX', 'PX', '2000'],
        reply: 'OK',
        replyBytes: 5,
        streamOffset: command('SET', 'before', '1').length,
        requestBytes: command('SET', 'lock:1', 'token', 'NX', 'PX', '2000').length,
      },
      { command: 'INCR', target: 'n', reply: 1, replyBytes: 4 },
      { command: 'AUTH', arguments: ['(not told)'] },
    ]);
    expect(head.dropped).toEqual([]);
    for (const { startedMs, endedMs } of commands) {
      expect(startedMs).toBeGreaterThanOrEqual(head.fromMs);
      expect(endedMs).toBeGreaterThanOrEqual(startedMs);
    }
    expect(await request(setup.url, 'DELETE', '/redcliff/trace')).toMatchObject({ status: 204 });
    expect(await request(setup.url, 'GET', '/redcliff/trace')).toMatchObject({ status: 409 });
  });

  it('says which fault lost a reply, and which commands have none', async () => {
    await using setup = await redisSetup();
    await request(setup.url, 'POST', '/redcliff/trace', {});
    await request(setup.url, 'POST', '/redcliff/proxies/redis-api-1/faults', {
      kind: 'drop-reply',
      name: 'lost',
      protocol: 'redis',
      command: 'INCR',
    });
    using client = new WatchedClient(setup.port);
    client.socket.write(command('INCR', 'n'));
    await client.closed();
    setup.redis.holdReplies = true;
    using other = new WatchedClient(setup.port);
    other.socket.write(command('GET', 'n'));
    await expect.poll(() => setup.redis.executed.length).toBe(2);
    const { commands } = await readTrace(setup.url);
    expect(commands).toMatchObject([
      { command: 'INCR', reply: 1, fault: { name: 'lost', side: 'reply', action: 'close' } },
      { command: 'GET', connection: 2, reply: null, endedMs: null },
    ]);
  });

  it('keeps the beginning of a long command that comes in parts, and of a long reply', async () => {
    await using upstream = await startUpstream({
      onData: (socket, data) => {
        if (data.subarray(-3).toString() !== 'z\r\n') return;
        socket.write(`$300000\r\n${'v'.repeat(300_000)}\r\n+OK\r\n`);
      },
    });
    await using server = await startToxiproxy();
    const port = await createProxy(server.url, 'redis', upstream.address);
    await request(server.url, 'POST', '/redcliff/trace', { messageBytesMax: 1024 });
    using client = new WatchedClient(port);
    const long = command('SET', 'k', `${'x'.repeat(200_000)}z`);
    client.socket.write(command('GET', 'k') + long);
    await client.bytes(300_000 + 16);
    const { commands } = await readTrace(server.url);
    expect(commands).toMatchObject([
      {
        command: 'GET',
        target: 'k',
        replyBytes: 300_011,
        reply: expect.stringMatching(/^v{200}… \d+ more$/),
      },
      { command: 'SET', target: 'k', requestBytes: long.length, reply: 'OK' },
    ]);
  });

  it('tells filter, update and errors of MongoDB', async () => {
    await using mongo = await startFakeMongo();
    await using server = await startToxiproxy();
    const port = await createProxy(server.url, 'mongo-worker-1', mongo.address);
    await request(server.url, 'POST', '/redcliff/trace', {});
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    try {
      const carts = client.db('shop').collection('carts');
      await carts.updateOne({ no: 7 }, { $inc: { items: 1 } });
      await carts.insertMany([{ no: 8 }, { no: 9 }]);
    } finally {
      await client.close();
    }
    const { commands } = await readTrace(server.url);
    const own = commands.filter(({ target }) => target === 'carts');
    expect(own).toMatchObject([
      {
        proxy: 'mongo-worker-1',
        protocol: 'mongo',
        command: 'update',
        database: 'shop',
        body: { updates: [{ q: { no: 7 }, u: { $inc: { items: 1 } } }] },
        reply: { n: 1, ok: 1 },
      },
      { command: 'insert', body: { documents: [{ no: 8 }, { no: 9 }] } },
    ]);
  });

  it('drops the oldest when its memory is used up, but not what is to be kept', async () => {
    await using setup = await redisSetup();
    await request(setup.url, 'POST', '/redcliff/trace', { bytesMax: 2 * 1024 * 1024 });
    using client = new WatchedClient(setup.port);
    client.socket.write(command('INCR', 'kept'));
    await client.bytes(4);
    const before = await readTrace(setup.url);
    const { startedMs = 0 } = before.commands[0] ?? {};
    await request(setup.url, 'POST', '/redcliff/trace/keep', { fromMs: startedMs - 1, toMs: startedMs + 1 });
    const chunk = command('SET', 'k', 'v'.repeat(900)).repeat(200);
    for (let sent = 1; sent <= 20; sent += 1) {
      client.socket.write(chunk);
      await client.bytes(4 + 1000 * sent);
    }
    const { head, commands } = await readTrace(setup.url);
    expect(head.dropped.length).toBeGreaterThan(0);
    expect(commands[0]).toMatchObject({ command: 'INCR', target: 'kept', reply: 1 });
    expect(commands.length).toBeLessThan(2500);
    const { toMs = 0 } = head.dropped.at(-1) ?? {};
    const later = commands.filter(({ startedMs }) => startedMs > toMs);
    expect(later.length).toBeGreaterThan(0);
    for (const one of later) expect(one).toMatchObject({ command: 'SET', reply: 'OK' });
    for (const one of commands.filter(({ endedMs }) => endedMs === null)) {
      expect(one).toMatchObject({ replyKept: false });
    }
  });
});

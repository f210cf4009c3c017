/** Counters tell what really happened, and flips happen to all proxies or to none. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startToxiproxy } from '../server.ts';
import { request } from '../testing/api-client.ts';
import { startEcho } from '../testing/upstream.ts';
import { WatchedClient } from '../testing/watched-client.ts';

async function setUp() {
  const stack = new AsyncDisposableStack();
  const echo = stack.use(await startEcho());
  const { url } = stack.use(await startToxiproxy({ proxyMetrics: true, runtimeMetrics: true }));
  const create = async (name: string, upstream = echo.address): Promise<number> => {
    await request(url, 'POST', '/proxies', { name, listen: '127.0.0.1:0', upstream });
    return portOf(url, name);
  };
  return { url, echo, create, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function portOf(url: string, name: string): Promise<number> {
  const { text } = await request(url, 'GET', `/proxies/${name}`);
  return Number(/"listen":"127\.0\.0\.1:(\d+)"/.exec(text)?.[1]);
}

describe('counters', () => {
  it('count bytes and connections, open and past', async () => {
    await using setup = await setUp();
    const port = await setup.create('p');
    {
      using first = new WatchedClient(port);
      await first.echo('12345');
    }
    using second = new WatchedClient(port);
    await second.echo('678');
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters')).json)
      .toMatchObject({
        proxies: {
          p: {
            enabled: true,
            connections: { accepted: 2, open: 1, unreachedUpstream: 0, affected: 0 },
            bytes: { upstream: { received: 8, sent: 8 }, downstream: { received: 8, sent: 8 } },
          },
        },
      });
    const { json } = await request(setup.url, 'GET', '/redcliff/counters/p');
    expect(json).toMatchObject({
      connectionList: [
        {
          number: 1,
          closedAtMs: expect.any(Number),
          affected: false,
          bytes: { upstream: { received: 5, sent: 5 } },
        },
        { number: 2, closedAtMs: null, affected: false, bytes: { upstream: { received: 3, sent: 3 } } },
      ],
    });
  });

  it('tell a toxic that acted from one that was only there, also after its removal', async () => {
    await using setup = await setUp();
    const port = await setup.create('p');
    const toxic = { name: 'drop', type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } };
    await request(setup.url, 'POST', '/proxies/p/toxics', toxic);
    await request(setup.url, 'POST', '/proxies/p/toxics', { name: 'idle', type: 'latency', toxicity: 0 });
    using client = new WatchedClient(port);
    await client.connected();
    client.socket.write('lost');
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/p')).json)
      .toMatchObject({ connections: { affected: 1 } });
    await request(setup.url, 'DELETE', '/proxies/p/toxics/drop');
    await client.closed();
    const { json } = await request(setup.url, 'GET', '/redcliff/counters/p');
    expect(json).toMatchObject({
      bytes: { upstream: { received: 4, sent: 0 } },
      toxics: [
        {
          name: 'drop',
          removed: true,
          connections: 1,
          connectionsDrawn: 1,
          connectionsAffected: 1,
          effects: { bytesDropped: 4 },
        },
        { name: 'idle', removed: false, connections: 1, connectionsDrawn: 0, connectionsAffected: 0 },
      ],
      connectionList: [
        {
          affected: true,
          toxics: [
            { name: 'drop', drawn: true },
            { name: 'idle', drawn: false },
          ],
        },
      ],
    });
  });

  it('count connections whose upstream could not be reached', async () => {
    await using setup = await setUp();
    const port = await setup.create('p', '127.0.0.1:1');
    using client = new WatchedClient(port);
    await client.closed();
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/p')).json)
      .toMatchObject({ connections: { accepted: 1, open: 0, unreachedUpstream: 1 } });
  });
});

describe('flip', () => {
  it('disables and enables several proxies in one request', async () => {
    await using setup = await setUp();
    const ports = [await setup.create('a'), await setup.create('b')] as const;
    using first = new WatchedClient(ports[0]);
    using second = new WatchedClient(ports[1]);
    await Promise.all([first.echo('x'), second.echo('x')]);
    const off = await request(setup.url, 'POST', '/redcliff/flip', { proxies: { a: false, b: false } });
    expect(off).toMatchObject({
      status: 200,
      json: { proxies: { a: { enabled: false }, b: { enabled: false } } },
    });
    await Promise.all([first.closed(), second.closed()]);
    expect(first.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    using refused = new WatchedClient(ports[1]);
    await refused.closed();
    expect(refused.kinds()).toEqual(['ECONNREFUSED', 'close']);
    await request(setup.url, 'POST', '/redcliff/flip', { proxies: { a: true, b: true } });
    using again = new WatchedClient(ports[1]);
    await again.echo('x');
  });

  it('changes nothing when one of them cannot be enabled', async () => {
    await using setup = await setUp();
    await setup.create('a');
    const port = await setup.create('b');
    await request(setup.url, 'POST', '/redcliff/flip', { proxies: { a: false, b: false } });
    const blocker = createServer().listen({ port, host: '127.0.0.1' });
    await once(blocker, 'listening');
    const answer = await request(setup.url, 'POST', '/redcliff/flip', { proxies: { a: true, b: true } });
    blocker.close();
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ error: expect.stringContaining('address already in use') });
    const { json } = await request(setup.url, 'GET', '/proxies');
    expect(json).toMatchObject({ a: { enabled: false }, b: { enabled: false } });
  });

  it.each([
    ['an unknown proxy', { proxies: { none: true } }, 404],
    ['no proxies', { proxies: {} }, 400],
    ['a state that is none', { proxies: { a: 'off' } }, 400],
  ])('refuses %s', async (_, body, status) => {
    await using setup = await setUp();
    await setup.create('a');
    expect(await request(setup.url, 'POST', '/redcliff/flip', body)).toMatchObject({ status });
  });
});

describe('metrics', () => {
  it('have the names and labels of the original', async () => {
    await using setup = await setUp();
    const port = await setup.create('m');
    using client = new WatchedClient(port);
    await client.echo('x'.repeat(1000));
    const { text } = await request(setup.url, 'GET', '/metrics');
    for (const name of ['toxiproxy_proxy_received_bytes_total', 'toxiproxy_proxy_sent_bytes_total']) {
      expect(text).toContain(`# HELP ${name} \n# TYPE ${name} counter\n`);
      for (const direction of ['downstream', 'upstream']) {
        const labels = `direction="${direction}",listener="127.0.0.1:${port}",proxy="m",upstream="${setup.echo.address}"`;
        expect(text).toContain(`${name}{${labels}} 1000\n`);
      }
    }
    expect(text).toContain('process_resident_memory_bytes ');
  });

  it('are absent unless switched on', async () => {
    await using server = await startToxiproxy();
    expect(await request(server.url, 'GET', '/metrics')).toMatchObject({
      status: 404,
      text: '404 page not found\n',
    });
  });
});

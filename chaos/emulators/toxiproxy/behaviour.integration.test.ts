/** What the original was observed to do to open connections when toxics and proxies change under them. */
import { describe, expect, it } from 'vitest';
import { startToxiproxy } from './server.ts';
import { request } from './testing/api-client.ts';
import { startEcho, startUpstream, type Upstream } from './testing/upstream.ts';
import { WatchedClient } from './testing/watched-client.ts';

const HOUR_MS = 3_600_000;

async function setUp(givenUpstream?: Upstream) {
  const stack = new AsyncDisposableStack();
  const upstream = stack.use(givenUpstream ?? (await startEcho()));
  const { url } = stack.use(await startToxiproxy({ seed: 5 }));
  const created = await request(url, 'POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: upstream.address,
  });
  const change = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await request(url, method, `/proxies/p${path}`, body);
    expect(answer.status).toBeLessThan(300);
  };
  return {
    url,
    upstream,
    port: Number(/127\.0\.0\.1:(\d+)/.exec(created.text)?.[1]),
    change,
    toxic: (type: string, attributes: Record<string, number>, more: Record<string, unknown> = {}) =>
      change('POST', '/toxics', { name: 't', type, attributes, ...more }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('connections', () => {
  it('end with FIN when the other side was reset', async () => {
    await using setup = await setUp();
    using first = new WatchedClient(setup.port);
    await first.echo('x');
    first.socket.resetAndDestroy();
    await expect.poll(() => setup.upstream.endings[0]).toBe('end');
    using second = new WatchedClient(setup.port);
    await second.echo('x');
    setup.upstream.sockets[1]?.resetAndDestroy();
    await second.closed();
    expect(second.kinds()).toEqual(['connect', 'data', 'end', 'close']);
  });

  it('lose an answer that comes after the client ended its side', async () => {
    const late = await startUpstream({
      onConnection: (socket) => socket.on('end', () => socket.write('late')),
    });
    await using setup = await setUp(late);
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.end('question');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
    await expect.poll(() => late.received[0]?.toString()).toBe('question');
  });

  it('are reset by a disable while the client has bytes that were not read', async () => {
    await using setup = await setUp();
    await setup.toxic('bandwidth', { rate: 1 }, { stream: 'upstream' });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write(Buffer.alloc(8 * 1024 * 1024));
    await expect.poll(() => setup.upstream.received[0]?.length).toBeGreaterThan(0);
    await setup.change('PATCH', '', { enabled: false });
    await client.closed();
    expect(client.kinds().at(-2)).toBe('ECONNRESET');
  });

  it('end when the upstream or the port changes, and stay when nothing does', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('x');
    await setup.change('PATCH', '', { enabled: true, upstream: setup.upstream.address });
    await client.echo('y');
    await request(setup.url, 'POST', '/reset');
    await client.echo('z');
    await using other = await startEcho();
    await setup.change('PATCH', '', { upstream: other.address });
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    using moved = new WatchedClient(setup.port);
    await moved.echo('w');
    expect(other.sockets.length).toBe(1);
    await setup.change('PATCH', '', { listen: '127.0.0.1:0' });
    await moved.closed();
    using refused = new WatchedClient(setup.port);
    await refused.closed();
    expect(refused.kinds()).toEqual(['ECONNREFUSED', 'close']);
  });
});

describe('timeout', () => {
  it('on the upstream stream lets nothing reach the server', async () => {
    await using setup = await setUp();
    await setup.toxic('timeout', { timeout: 0 }, { stream: 'upstream' });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('x');
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/p')).json)
      .toMatchObject({ bytes: { upstream: { received: 1, sent: 0 } } });
    expect(setup.upstream.received[0]?.length).toBe(0);
    expect(client.kinds()).toEqual(['connect']);
  });

  it('of 0 begins to count when it is set', async () => {
    await using setup = await setUp();
    await setup.toxic('timeout', { timeout: 0 });
    using client = new WatchedClient(setup.port);
    await client.connected();
    await setup.change('PATCH', '/toxics/t', { attributes: { timeout: 20 } });
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
  });

  it('closes its connections when a reset removes it', async () => {
    await using setup = await setUp();
    await setup.toxic('timeout', { timeout: 0 });
    using client = new WatchedClient(setup.port);
    await client.connected();
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/p')).json)
      .toMatchObject({ toxics: [{ connections: 1 }] });
    await request(setup.url, 'POST', '/reset');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
    using healthy = new WatchedClient(setup.port);
    await healthy.echo('x');
  });
});

describe('reset_peer', () => {
  it('waits for its timeout after the first chunk', async () => {
    await using setup = await setUp();
    await setup.toxic('reset_peer', { timeout: 100 });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('x');
    await expect.poll(() => setup.upstream.received[0]?.length).toBe(1);
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'ECONNRESET', 'close']);
  });

  it('resets the server when a client of the upstream stream leaves without a word', async () => {
    await using setup = await setUp();
    await setup.toxic('reset_peer', { timeout: 0 }, { stream: 'upstream' });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.end();
    await expect.poll(() => setup.upstream.endings[0]).toBe('ECONNRESET');
  });
});

describe('toxics on open connections', () => {
  it('act at once when added, changed and removed', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('x');
    await setup.toxic('latency', { latency: HOUR_MS });
    client.socket.write('slow');
    await expect.poll(() => setup.upstream.received[0]?.toString()).toBe('xslow');
    await setup.change('PATCH', '/toxics/t', { attributes: { latency: 1 } });
    await client.bytes(5);
    await setup.change('DELETE', '/toxics/t');
    await client.echo('fast');
    expect(client.received.toString()).toBe('xslowfast');
  });

  it('let go what an earlier toxic holds when a later one is added', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.connected();
    await setup.toxic('latency', { latency: HOUR_MS });
    client.socket.write('a');
    await expect.poll(() => setup.upstream.received[0]?.toString()).toBe('a');
    await setup.toxic('slow_close', { delay: 0 }, { name: 'later' });
    await client.bytes(1);
  });

  it('in a chain act in the order of adding', async () => {
    await using setup = await setUp();
    await setup.toxic('limit_data', { bytes: 4 }, { name: 'limit' });
    await setup.toxic('slicer', { average_size: 1, size_variation: 0, delay: 5000 }, { name: 'slice' });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('abcdefgh');
    await client.closed();
    expect(client.received.toString()).toBe('abcd');
    expect(client.dataSizes()).toEqual([1, 1, 1, 1]);
  });

  it('removed from the middle of a chain lose nothing', async () => {
    await using setup = await setUp();
    await setup.toxic('slicer', { average_size: 3, size_variation: 1, delay: 0 }, { name: 'first' });
    await setup.toxic('bandwidth', { rate: 0 }, { name: 'middle' });
    await setup.toxic('latency', { latency: 1, jitter: 1 }, { name: 'last' });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('the whole text, in order');
    await expect.poll(() => setup.upstream.received[0]?.length).toBe(24);
    await setup.change('DELETE', '/toxics/middle');
    await client.bytes(24);
    expect(client.received.toString()).toBe('the whole text, in order');
  });

  it('end a delayed close at once when removed', async () => {
    await using setup = await setUp();
    await setup.toxic('slow_close', { delay: HOUR_MS });
    using client = new WatchedClient(setup.port);
    await client.echo('x');
    setup.upstream.sockets[0]?.end();
    await expect
      .poll(async () => (await request(setup.url, 'GET', '/redcliff/counters/p')).json)
      .toMatchObject({ connections: { affected: 1 } });
    expect(client.kinds()).toEqual(['connect', 'data']);
    await setup.change('DELETE', '/toxics/t');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
  });

  it('hit a connection wholly or not at all', async () => {
    await using setup = await setUp();
    await setup.toxic('limit_data', { bytes: 3 }, { toxicity: 0.5 });
    let hit = 0;
    for (let number = 0; number < 40; number += 1) {
      using client = new WatchedClient(setup.port);
      await client.connected();
      client.socket.write('abcd');
      await client.until(() => client.received.length === 4 || client.saw('close'));
      if (client.saw('close')) hit += 1;
    }
    expect(hit).toBeGreaterThan(8);
    expect(hit).toBeLessThan(32);
  });

  it('repeat their choice of connections with the seed', async () => {
    const choices = async (): Promise<string[]> => {
      await using setup = await setUp();
      await setup.toxic('limit_data', { bytes: 1 }, { toxicity: 0.5 });
      const seen: string[] = [];
      for (let number = 0; number < 20; number += 1) {
        using client = new WatchedClient(setup.port);
        await client.connected();
        client.socket.write('ab');
        await client.until(() => client.received.length === 2 || client.saw('close'));
        seen.push(client.received.toString());
      }
      return seen;
    };
    const first = await choices();
    expect(new Set(first)).toEqual(new Set(['a', 'ab']));
    expect(await choices()).toEqual(first);
  });
});

describe('the process', () => {
  it('closes what is open when it is disposed of', async () => {
    const upstream = await startEcho();
    const server = await startToxiproxy();
    await request(server.url, 'POST', '/proxies', {
      name: 'p',
      listen: '127.0.0.1:0',
      upstream: upstream.address,
    });
    const { text } = await request(server.url, 'GET', '/proxies/p');
    using client = new WatchedClient(Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]));
    await client.echo('x');
    await server[Symbol.asyncDispose]();
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    await upstream[Symbol.asyncDispose]();
  });
});

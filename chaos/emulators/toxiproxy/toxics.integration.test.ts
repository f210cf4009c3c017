/** Each toxic through a real client of the API and real sockets: kinds and order of what both sides see. */
import { Toxiproxy } from 'toxiproxy-node-client';
import { describe, expect, it } from 'vitest';
import { startToxiproxy } from './server.ts';
import { startEcho, type Upstream } from './testing/upstream.ts';
import { WatchedClient } from './testing/watched-client.ts';

interface Setup extends AsyncDisposable {
  readonly echo: Upstream;
  readonly proxy: Awaited<ReturnType<Toxiproxy['createProxy']>>;
  readonly port: number;
}

async function setUp(): Promise<Setup> {
  const stack = new AsyncDisposableStack();
  const echo = stack.use(await startEcho());
  const server = stack.use(await startToxiproxy({ seed: 1 }));
  const client = new Toxiproxy(server.url);
  const proxy = await client.createProxy({ name: 'p', listen: '127.0.0.1:0', upstream: echo.address });
  return {
    echo,
    proxy,
    port: Number(proxy.listen.split(':')[1]),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('without toxics', () => {
  it('passes bytes both ways', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('hello');
    expect(client.received.toString()).toBe('hello');
    expect(client.kinds()).toEqual(['connect', 'data']);
  });

  it('ends a connection whose upstream refuses', async () => {
    await using setup = await setUp();
    await setup.proxy.update({ enabled: true, listen: setup.proxy.listen, upstream: '127.0.0.1:1' });
    using client = new WatchedClient(setup.port);
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
  });

  it('does not keep half-open connections: the end of one side closes both', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('x');
    client.socket.end();
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    expect(setup.echo.endings).toEqual(['end']);
  });
});

describe('disabling and deleting', () => {
  it('ends open connections with FIN and refuses new ones until enabled', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('ab');
    await setup.proxy.update({ enabled: false, listen: setup.proxy.listen, upstream: setup.proxy.upstream });
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    using refused = new WatchedClient(setup.port);
    await refused.closed();
    expect(refused.kinds()).toEqual(['ECONNREFUSED', 'close']);
    await setup.proxy.update({ enabled: true, listen: setup.proxy.listen, upstream: setup.proxy.upstream });
    using again = new WatchedClient(setup.port);
    await again.echo('back');
  });

  it('ends open connections with FIN when the proxy is deleted', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('ab');
    await setup.proxy.remove();
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
  });
});

describe('timeout', () => {
  it('swallows data, and its removal closes the connection', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('a');
    const toxic = await setup.proxy.addToxic({
      name: 't',
      type: 'timeout',
      stream: 'downstream',
      toxicity: 1,
      attributes: { timeout: 0 },
    });
    client.socket.write('lost');
    await expect.poll(() => setup.echo.received[0]?.toString()).toBe('alost');
    expect(client.received.toString()).toBe('a');
    await toxic.remove();
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    expect(client.received.toString()).toBe('a');
  });

  it('closes an idle connection that was open before', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.connected();
    await setup.proxy.addToxic({
      name: 't',
      type: 'timeout',
      stream: 'downstream',
      toxicity: 1,
      attributes: { timeout: 30 },
    });
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'end', 'close']);
  });
});

describe('reset_peer', () => {
  it.each(['downstream', 'upstream'] as const)('sends RST on new connections (%s)', async (stream) => {
    await using setup = await setUp();
    await setup.proxy.addToxic({
      name: 'r',
      type: 'reset_peer',
      stream,
      toxicity: 1,
      attributes: { timeout: 0 },
    });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('x');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'ECONNRESET', 'close']);
    await expect.poll(() => setup.echo.endings).toEqual(['ECONNRESET']);
  });

  it('ends a connection that was open before with FIN', async () => {
    await using setup = await setUp();
    using client = new WatchedClient(setup.port);
    await client.echo('a');
    await setup.proxy.addToxic({
      name: 'r',
      type: 'reset_peer',
      stream: 'downstream',
      toxicity: 1,
      attributes: { timeout: 0 },
    });
    client.socket.write('b');
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    expect(client.received.toString()).toBe('a');
  });
});

describe('limit_data', () => {
  it('passes exactly its bytes, then ends', async () => {
    await using setup = await setUp();
    await setup.proxy.addToxic({
      name: 'l',
      type: 'limit_data',
      stream: 'downstream',
      toxicity: 1,
      attributes: { bytes: 5 },
    });
    using client = new WatchedClient(setup.port);
    await client.echo('abc');
    client.socket.write('defgh');
    await client.closed();
    expect(client.received.toString()).toBe('abcde');
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
  });
});

describe('latency', () => {
  it('lets waiting data go at once when removed', async () => {
    await using setup = await setUp();
    const toxic = await setup.proxy.addToxic({
      name: 'l',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 3_600_000, jitter: 0 },
    });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('a');
    await expect.poll(() => setup.echo.received[0]?.toString()).toBe('a');
    client.socket.write('b');
    await expect.poll(() => setup.echo.received[0]?.toString()).toBe('ab');
    expect(client.received.length).toBe(0);
    await toxic.remove();
    await client.bytes(2);
    expect(client.received.toString()).toBe('ab');
  });
});

describe('bandwidth', () => {
  it('sends portions of 100 ms', async () => {
    await using setup = await setUp();
    await setup.proxy.addToxic({
      name: 'b',
      type: 'bandwidth',
      stream: 'downstream',
      toxicity: 1,
      attributes: { rate: 10 },
    });
    using client = new WatchedClient(setup.port);
    await client.echo('x'.repeat(5000));
    expect(client.dataSizes()).toEqual([1000, 1000, 1000, 1000, 1000]);
  });

  it('blocks everything at rate 0, and loses nothing when removed', async () => {
    await using setup = await setUp();
    const toxic = await setup.proxy.addToxic({
      name: 'b',
      type: 'bandwidth',
      stream: 'downstream',
      toxicity: 1,
      attributes: { rate: 0 },
    });
    using client = new WatchedClient(setup.port);
    await client.connected();
    client.socket.write('held back');
    await expect.poll(() => setup.echo.received[0]?.toString()).toBe('held back');
    expect(client.received.length).toBe(0);
    await toxic.remove();
    await client.bytes('held back'.length);
  });
});

describe('slow_close', () => {
  it('delays only the end', async () => {
    await using setup = await setUp();
    await setup.proxy.addToxic({
      name: 's',
      type: 'slow_close',
      stream: 'downstream',
      toxicity: 1,
      attributes: { delay: 100 },
    });
    using client = new WatchedClient(setup.port);
    await client.echo('a');
    setup.echo.sockets[0]?.end();
    await client.closed();
    expect(client.kinds()).toEqual(['connect', 'data', 'end', 'close']);
    const times = new Map(client.seen.map((event) => [event.kind, event.atMs]));
    expect((times.get('end') ?? 0) - (times.get('data') ?? 0)).toBeGreaterThan(95);
  });
});

describe('slicer', () => {
  it('halves data down to the average size', async () => {
    await using setup = await setUp();
    await setup.proxy.addToxic({
      name: 's',
      type: 'slicer',
      stream: 'downstream',
      toxicity: 1,
      attributes: { average_size: 10, size_variation: 0, delay: 20_000 },
    });
    using client = new WatchedClient(setup.port);
    await client.echo('y'.repeat(50));
    expect(client.dataSizes()).toEqual([6, 6, 6, 7, 6, 6, 6, 7]);
  });
});

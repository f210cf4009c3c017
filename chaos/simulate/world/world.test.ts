import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../random.ts';
import type { EventOwner, SimulatedEvent } from './event-queue.ts';
import { EventQueue } from './event-queue.ts';
import { Network, type ConnectionUser } from './network.ts';
import { nsPerMs, Scheduler } from './scheduler.ts';
import { Trace } from './trace.ts';

function openWorld(seed = 'a') {
  const random = seededRandom(seed);
  const trace = new Trace();
  const scheduler = new Scheduler({ random: random.fork('order'), trace, epochMs: 0 });
  const network = new Network({ scheduler, random: random.fork('network'), trace });
  const unexpected = (_: unknown, error: unknown): never => {
    throw error;
  };
  const runFor = async (ms: number): Promise<void> => {
    scheduler.after(ms * nsPerMs, null, () => scheduler.end());
    await scheduler.run(Infinity, unexpected);
  };
  return { scheduler, network, trace, runFor };
}

function owner(pid: number, takes: (event: SimulatedEvent) => boolean = () => true): EventOwner {
  return { pid, takes, settle: () => undefined, fail: () => undefined, rejected: () => undefined };
}

/** Writes down what a connection tells. */
function user(told: string[]): ConnectionUser {
  return {
    connected: () => told.push('connected'),
    refused: (code) => told.push(code),
    received: (bytes) => told.push(bytes.toString()),
    ended: () => told.push('ended'),
    reset: () => told.push('reset'),
    drained: () => told.push('drained'),
  };
}

describe('the event queue', () => {
  it('gives events by time, rank and number', () => {
    const queue = new EventQueue();
    const random = seededRandom('queue');
    const events = Array.from({ length: 500 }, (_, number): SimulatedEvent => ({
      atNs: random.integer(0, 20),
      rank: random.integer(0, 3),
      number,
      owner: null,
      run: () => undefined,
      cancelled: false,
    }));
    for (const event of events) queue.push(event);
    const given = events.map(() => queue.pop());
    expect(given).toEqual(
      events.toSorted(
        (left, right) => left.atNs - right.atNs || left.rank - right.rank || left.number - right.number,
      ),
    );
    expect(queue.pop()).toBeUndefined();
  });
});

describe('the virtual clock', () => {
  it('passes only from event to event, and runs microtasks and ticks between two', async () => {
    const { scheduler, runFor } = openWorld();
    const order: string[] = [];
    scheduler.after(3_600_000 * nsPerMs, null, () => order.push('an hour later'));
    scheduler.after(1, null, () => {
      process.nextTick(() => order.push('tick'));
      void Promise.resolve().then(() => order.push('microtask'));
      order.push('event');
    });
    await runFor(3_600_001);
    expect(order).toEqual(['event', 'tick', 'microtask', 'an hour later']);
  });

  it('orders events of one time by the seed, unless they are ordered', async () => {
    const orderOf = async (seed: string, ordered: boolean): Promise<string> => {
      const { scheduler, runFor } = openWorld(seed);
      const order: number[] = [];
      for (let number = 0; number < 8; number += 1) scheduler.at(10, null, () => order.push(number), ordered);
      await runFor(1);
      return order.join('');
    };
    expect(await orderOf('a', true)).toBe('01234567');
    expect(await orderOf('a', false)).toBe(await orderOf('a', false));
    expect(await orderOf('a', false)).not.toBe(await orderOf('b', false));
  });

  it('moves when it is read, so that code which waits for it ends', () => {
    const { scheduler } = openWorld();
    const before = scheduler.readClockNs();
    expect(scheduler.readClockNs()).toBeGreaterThan(before);
  });

  it('drops a cancelled event, and one that its owner does not take', async () => {
    const { scheduler, runFor } = openWorld();
    const ran: string[] = [];
    scheduler.after(1, null, () => ran.push('cancelled')).cancelled = true;
    scheduler.after(
      1,
      owner(1, () => false),
      () => ran.push('refused'),
    );
    scheduler.after(2, owner(2), () => ran.push('taken'));
    await runFor(1);
    expect(ran).toEqual(['taken']);
  });

  it('rejects when nothing is left to happen, and when virtual time is over', async () => {
    const { scheduler } = openWorld();
    await expect(scheduler.run(Infinity, () => undefined)).rejects.toThrow('nothing is left');
    const { scheduler: late } = openWorld();
    late.after(5 * nsPerMs, null, () => undefined);
    await expect(late.run(nsPerMs, () => undefined)).rejects.toThrow('within 1 ms of virtual time');
  });
});

describe('the network', () => {
  const server = owner(1);
  const client = owner(2);

  it('carries bytes in order, and the end behind them', async () => {
    const { network, runFor } = openWorld();
    const [atServer, atClient]: [string[], string[]] = [[], []];
    network.listen({
      owner: server,
      port: 80,
      accepted: (connection) => {
        connection.user = user(atServer);
        connection.send(Buffer.from('hello'));
      },
    });
    const connection = network.connect(client, 80, {
      ...user(atClient),
      received: (bytes) => {
        atClient.push(bytes.toString());
        for (const text of ['a', 'b', 'c']) connection.send(Buffer.from(text));
        connection.end();
      },
    });
    await runFor(50);
    expect(atClient).toEqual(['connected', 'hello']);
    expect(atServer).toEqual(['a', 'b', 'c', 'ended']);
  });

  it('refuses a connection to a port that nothing listens on', async () => {
    const { network, runFor } = openWorld();
    const told: string[] = [];
    network.connect(client, 81, user(told));
    await runFor(10);
    expect(told).toEqual(['ECONNREFUSED']);
  });

  it('stops a writer whose reader does not read, until it does', async () => {
    const { network, scheduler, runFor } = openWorld();
    const told: string[] = [];
    const large = Buffer.alloc(300_000);
    network.listen({
      owner: server,
      port: 80,
      accepted: (connection) => {
        connection.user = {
          ...user([]),
          received: (bytes) => void scheduler.after(5 * nsPerMs, server, () => connection.read(bytes.length)),
        };
      },
    });
    const connection = network.connect(client, 80, {
      ...user(told),
      connected: () => told.push(connection.send(large) ? 'sent' : 'full'),
    });
    await runFor(50);
    expect(told).toEqual(['full', 'drained']);
  });

  it('closes what belongs to a process that ends: with an end when all was read, else with a reset', async () => {
    const { network, scheduler, runFor } = openWorld();
    const told: string[] = [];
    network.listen({ owner: server, port: 80, accepted: (connection) => (connection.user = user([])) });
    network.connect(client, 80, user(told));
    const unread = network.connect(client, 80, {
      ...user(told),
      connected: () => void unread.send(Buffer.from('x')),
    });
    scheduler.after(20 * nsPerMs, null, () => network.processEnded(server));
    await runFor(50);
    expect(told.toSorted()).toEqual(['connected', 'ended', 'reset']);
    const late: string[] = [];
    expect(network.listen({ owner: client, port: 80, accepted: () => late.push('taken') })).toBe(true);
  });
});

describe('the trace', () => {
  it('is the same for the same entries however they fall into portions, and differs in the last byte', () => {
    const hashOf = (last: number): string => {
      const trace = new Trace();
      for (let entry = 0; entry < 10_000; entry += 1) trace.add('send', entry, 1, Buffer.from([entry % 256]));
      trace.add('send', 1, 1, Buffer.alloc(100_000, 1));
      trace.add('event', 2, last);
      return trace.end();
    };
    expect(hashOf(1)).toBe(hashOf(1));
    expect(hashOf(1)).not.toBe(hashOf(2));
  });
});

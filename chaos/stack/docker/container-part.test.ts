import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { ContainerRuntimeClient } from 'testcontainers';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { ContainerPart, type HostPorts } from './container-part.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'redcliff-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An engine of one container that keeps book of what is asked of it, and can be made to end. */
function testEngine() {
  const calls: string[] = [];
  let life = Promise.withResolvers<{ StatusCode: number }>();
  const container = {
    kill: async () => {
      calls.push('kill');
      life.resolve({ StatusCode: 137 });
      life = Promise.withResolvers();
    },
    pause: async () => void calls.push('pause'),
    unpause: async () => void calls.push('unpause'),
    start: async () => void calls.push('start'),
    remove: async () => void calls.push('remove'),
    wait: () => life.promise,
  };
  const logs = async () => new PassThrough().end('a line of its log\n');
  const client = { container: { getById: () => container, logs } };
  return {
    calls,
    end: (status: number) => life.resolve({ StatusCode: status }),
    // Only what a part asks of it.
    client: client as unknown as ContainerRuntimeClient,
  };
}

function start(
  engine: ReturnType<typeof testEngine>,
  run: (ports: HostPorts) => Promise<string>,
  ask: () => Promise<unknown> = async () => undefined,
) {
  const exits: string[] = [];
  const starting = ContainerPart.start({
    launch: { part: 'redis', ports: [6379], run, ask },
    client: engine.client,
    logFile: path.join(folder, 'redis.log'),
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
    onUnexpectedExit: ({ detail }) => exits.push(detail),
  });
  return { starting, exits };
}

describe('a part in a container', () => {
  it('takes another port when the first was taken in the meantime, and keeps it', async () => {
    const tried: (number | undefined)[] = [];
    const { starting } = start(testEngine(), async (ports) => {
      tried.push(ports.get(6379));
      if (tried.length === 1) throw new Error('driver failed: Bind for 127.0.0.1: port is already allocated');
      return 'id';
    });
    await using part = await starting;
    expect(tried).toHaveLength(2);
    expect(tried[0]).not.toBe(tried[1]);
    expect(part.ports.get(6379)).toBe(tried[1]);
  });

  it('gives up at once for any other reason', async () => {
    const { starting } = start(testEngine(), () => Promise.reject(new Error('no such image')));
    await expect(starting).rejects.toThrow('no such image');
  });

  it('says so when its container ends before it is ready, and removes it', async () => {
    const engine = testEngine();
    engine.end(1);
    const { starting } = start(
      engine,
      async () => 'id',
      () => Promise.reject(new Error('connect ECONNREFUSED')),
    );
    await expect(starting).rejects.toMatchObject({
      code: 'stack_failed',
      message: 'the container of redis ended with status 1',
    });
    expect(engine.calls).toContain('remove');
  });

  it('notices an unexpected end', async () => {
    const engine = testEngine();
    const { starting, exits } = start(engine, async () => 'id');
    await using _part = await starting;
    engine.end(139);
    await expect.poll(() => exits).toEqual(['its container ended with status 139']);
  });

  it('starts, pauses and stops, and refuses what its state does not allow', async () => {
    const engine = testEngine();
    const { starting } = start(engine, async () => 'id');
    await using part = await starting;
    await expect(part.restart(false)).rejects.toMatchObject({ code: 'part_state' });
    await expect(part.resume()).rejects.toMatchObject({ code: 'part_state' });
    await part.pause();
    await expect(part.kill()).rejects.toMatchObject({ code: 'part_state' });
    await part.resume();
    await part.kill();
    await part.restart(false);
    expect(engine.calls).toEqual(['pause', 'unpause', 'kill', 'start']);
    await part.kill();
    await part.restart(true);
    expect(engine.calls.slice(4)).toEqual(['kill', 'remove']);
  });
});

import { describe, expect, test } from 'vitest';
import type { AttachedTarget } from '../api/target.ts';
import { systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import { chooseWorkers, shared, workersFor } from './workers.ts';

const always = (): boolean => true;

test('every item is done once, by the next free worker', async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: string[] = [];
  const running = shared(
    [0, 1, 2, 3, 4],
    ['a', 'b'].map((worker) => async (item: number, index: number) => {
      begun.push(`${worker}${index}`);
      await gates[item]?.promise;
      return true;
    }),
    always,
  );
  for (const at of [1, 2, 0, 4, 3]) {
    gates[at]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await running;
  expect(begun).toEqual(['a0', 'b1', 'b2', 'b3', 'a4']);
});

test('no worker begins another item once it was told to stop', async () => {
  const done: number[] = [];
  await shared(
    [0, 1, 2, 3],
    ['a', 'b'].map(() => (item: number) => Promise.resolve(done.push(item) > 0)),
    () => done.length < 2,
  );
  expect(done).toHaveLength(2);
});

test('a worker that takes no more leaves the rest to the others, and the last one goes on', async () => {
  const begun: string[] = [];
  await shared(
    [0, 1, 2, 3, 4, 5],
    ['a', 'b'].map((worker) => async (item: number) => {
      begun.push(`${worker}${item}`);
      await new Promise((resolve) => setImmediate(resolve));
      return false;
    }),
    always,
  );
  expect(begun.toSorted()).toEqual(['a0', 'b1', 'b2', 'b3', 'b4', 'b5']);
});

test('a failure ends it after the other workers have ended their items', async () => {
  const gate = Promise.withResolvers<void>();
  let ended = false;
  const running = shared(
    ['fails', 'goes on', 'never'],
    [1, 2].map(() => async (item: string) => {
      if (item === 'fails') throw new Error('broken');
      await gate.promise;
      ended = true;
      return true;
    }),
    always,
  );
  const judged = running.catch((error: unknown) => ({ error, ended }));
  gate.resolve();
  expect(await judged).toMatchObject({ error: { message: 'broken' }, ended: true });
});

describe('the workers of a stack', () => {
  const on = (name: 'docker' | 'external' | 'local', attach?: AttachedTarget) => ({
    provider: { name },
    target: attach === undefined ? {} : { attach },
    clock: systemClock,
    signal: new AbortController().signal,
  });

  test.each(['docker', 'local'] as const)('of our own (%s) are as many as were asked for', async (name) => {
    expect((await chooseWorkers(on(name), 3, true)).count).toBe(3);
    expect((await chooseWorkers(on(name), undefined, false)).count).toBe(1);
    expect([1, 2]).toContain((await chooseWorkers(on(name), undefined, true)).count);
  });

  test('of an attached target are one, and no more can be asked for', async () => {
    const attached = on('local', { urls: { api: ['http://127.0.0.1:3000'] }, ports: {}, database: 'shop' });
    expect((await chooseWorkers(attached, undefined, true)).count).toBe(1);
    expect((await chooseWorkers(attached, 1, true)).count).toBe(1);
    await expect(chooseWorkers(attached, 2, true)).rejects.toThrow(UsageError);
  });

  test('of an external stack are one, and no more can be asked for', async () => {
    expect((await chooseWorkers(on('external'), undefined, true)).count).toBe(1);
    expect((await chooseWorkers(on('external'), 1, true)).count).toBe(1);
    await expect(chooseWorkers(on('external'), 2, true)).rejects.toThrow(UsageError);
  });

  test.each([
    { free: 0, count: 1 },
    { free: 1.4, count: 1 },
    { free: 1.6, count: 2 },
    { free: 16, count: 2 },
  ])('are $count where $free processors are idle', ({ free, count }) => {
    expect(workersFor(free)).toBe(count);
  });
});

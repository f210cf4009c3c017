import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { shared, workersOn } from './workers.ts';

const always = (): boolean => true;

test('every item is done once, by the next free worker, and the results are in order', async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: string[] = [];
  const running = shared(
    [0, 1, 2, 3, 4],
    ['a', 'b'].map((worker) => async (item: number, index: number) => {
      begun.push(`${worker}${index}`);
      await gates[item]?.promise;
      return item * 10;
    }),
    always,
  );
  for (const at of [1, 2, 0, 4, 3]) {
    gates[at]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await running).toEqual([0, 10, 20, 30, 40]);
  expect(begun).toEqual(['a0', 'b1', 'b2', 'b3', 'a4']);
});

test('no worker begins another item once it was told to stop', async () => {
  const done: number[] = [];
  const results = await shared(
    [0, 1, 2, 3],
    ['a', 'b'].map(() => (item: number) => Promise.resolve(done.push(item))),
    () => done.length < 2,
  );
  expect(results.filter((result) => result !== undefined)).toHaveLength(2);
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
      return item;
    }),
    always,
  );
  const judged = running.catch((error: unknown) => ({ error, ended }));
  gate.resolve();
  expect(await judged).toMatchObject({ error: { message: 'broken' }, ended: true });
});

describe('the workers of a stack', () => {
  const much = true;

  test.each(['docker', 'local'] as const)('of our own (%s) are as many as were asked for', (name) => {
    expect(workersOn({ name }, 3, much)).toBe(3);
    expect(workersOn({ name }, undefined, false)).toBe(1);
    expect(workersOn({ name }, undefined, much)).toBeGreaterThanOrEqual(1);
  });

  test('of an external stack are one, and no more can be asked for', () => {
    expect(workersOn({ name: 'external' }, undefined, much)).toBe(1);
    expect(workersOn({ name: 'external' }, 1, much)).toBe(1);
    expect(() => workersOn({ name: 'external' }, 2, much)).toThrow(UsageError);
  });
});

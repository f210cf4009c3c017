import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { inLanes, lanesOn } from './lanes.ts';

const always = (): boolean => true;

test('every item is done once, by whichever lane is free, and the results are in order', async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: string[] = [];
  const running = inLanes([0, 1, 2, 3, 4], ['a', 'b'], always, async (item, index, lane) => {
    begun.push(`${lane}${index}`);
    await gates[item]?.promise;
    return item * 10;
  });
  for (const at of [1, 2, 0, 4, 3]) {
    gates[at]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await running).toEqual([0, 10, 20, 30, 40]);
  expect(begun).toEqual(['a0', 'b1', 'b2', 'b3', 'a4']);
});

test('no lane begins another item once it was told to stop', async () => {
  const done: number[] = [];
  const results = await inLanes(
    [0, 1, 2, 3],
    ['a', 'b'],
    () => done.length < 2,
    (item) => Promise.resolve(done.push(item)),
  );
  expect(results.filter((result) => result !== undefined)).toHaveLength(2);
});

test('a failure ends it after the other lanes have ended what they were at', async () => {
  const gate = Promise.withResolvers<void>();
  let ended = false;
  const running = inLanes(['fails', 'goes on', 'never'], [1, 2], always, async (item) => {
    if (item === 'fails') throw new Error('broken');
    await gate.promise;
    ended = true;
    return item;
  });
  const judged = running.catch((error: unknown) => ({ error, ended }));
  gate.resolve();
  expect(await judged).toMatchObject({ error: { message: 'broken' }, ended: true });
});

describe('the lanes of a stack', () => {
  const much = true;

  test.each(['docker', 'local'] as const)('of our own (%s) are as many as were asked for', (name) => {
    expect(lanesOn({ name }, 3, much)).toBe(3);
    expect(lanesOn({ name }, undefined, false)).toBe(1);
    expect(lanesOn({ name }, undefined, much)).toBeGreaterThanOrEqual(1);
  });

  test('of somebody else’s are one, however it was chosen, and no more can be asked for', () => {
    expect(lanesOn({ name: 'external' }, undefined, much)).toBe(1);
    expect(lanesOn({ name: 'external' }, 1, much)).toBe(1);
    expect(() => lanesOn({ name: 'external' }, 2, much)).toThrow(UsageError);
  });
});

import { expect, test } from 'vitest';
import { repeatUntilHealed } from './repeated.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('goes on until it is stopped, and ends with the round under way', async () => {
  let rounds = 0;
  let underWay = 0;
  const repeated = repeatUntilHealed(new AbortController().signal, async () => {
    underWay += 1;
    await turn();
    underWay -= 1;
    rounds += 1;
  });
  while (rounds < 3) await turn();
  await repeated.stop();
  const atStop = rounds;
  expect(underWay).toBe(0);
  await turn();
  expect(rounds).toBe(atStop);
  expect(repeated.failure()).toBeNull();
});

test('a round that fails ends it, and the reason is kept', async () => {
  let rounds = 0;
  const repeated = repeatUntilHealed(new AbortController().signal, () => {
    rounds += 1;
    return rounds === 2 ? Promise.reject(new Error('torn')) : turn();
  });
  while (repeated.failure() === null) await turn();
  expect(repeated.failure()).toEqual(new Error('torn'));
  await repeated.stop();
  expect(rounds).toBe(2);
});

test('an error of a round that is being stopped is not a failure', async () => {
  const repeated = repeatUntilHealed(new AbortController().signal, async (stopping) => {
    await turn();
    stopping.throwIfAborted();
  });
  await turn();
  await repeated.stop();
  expect(repeated.failure()).toBeNull();
});

test('the end of the run ends it as well', async () => {
  const run = new AbortController();
  let rounds = 0;
  const repeated = repeatUntilHealed(run.signal, async () => {
    await turn();
    rounds += 1;
  });
  while (rounds < 2) await turn();
  run.abort();
  await turn();
  const atEnd = rounds;
  await turn();
  await turn();
  expect(rounds).toBeLessThanOrEqual(atEnd + 1);
  await repeated.stop();
});

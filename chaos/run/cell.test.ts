import { expect, test } from 'vitest';
import { togetherOrNotAtAll } from './cell.ts';

const never = new AbortController().signal;

test('the results of both tasks come back', async () => {
  expect(await togetherOrNotAtAll(never, () => [Promise.resolve(1), Promise.resolve('a')])).toEqual([1, 'a']);
});

test('the first failure ends the other task, and is what is thrown', async () => {
  let ended = false;
  const both = togetherOrNotAtAll(never, (signal) => [
    Promise.reject(new Error('first')),
    new Promise((resolve) =>
      signal.addEventListener('abort', () => {
        ended = true;
        resolve(undefined);
      }),
    ),
  ]);
  await expect(both).rejects.toThrow('first');
  expect(ended).toBe(true);
});

test('the outer signal ends both tasks with its own reason', async () => {
  const outer = new AbortController();
  const both = togetherOrNotAtAll(outer.signal, (signal) => [
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut')))),
    Promise.resolve(1),
  ]);
  outer.abort(new Error('asked to stop'));
  await expect(both).rejects.toThrow('asked to stop');
});

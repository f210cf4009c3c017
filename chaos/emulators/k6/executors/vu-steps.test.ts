/** The number of VUs follows the straight lines between stages. */
import { expect, test } from 'vitest';
import { vuSteps } from './vu-steps.ts';

test('each number is reached when the line reaches it, up and down', () => {
  const steps = vuSteps(4, [
    { duration: 2000, target: 6 },
    { duration: 5000, target: 1 },
  ]);
  expect(steps.map(({ offsetMs, vus }) => [offsetMs, vus])).toEqual([
    [0, 4],
    [1000, 5],
    [2000, 6],
    [3000, 5],
    [4000, 4],
    [5000, 3],
    [6000, 2],
    [7000, 1],
  ]);
});

test('a stage without duration jumps, and of several steps at once the last counts', () => {
  expect(
    vuSteps(1, [
      { duration: 0, target: 10 },
      { duration: 0, target: 3 },
      { duration: 1000, target: 3 },
    ]),
  ).toEqual([{ offsetMs: 0, vus: 3 }]);
});

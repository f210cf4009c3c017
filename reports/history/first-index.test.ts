import { expect, test } from 'vitest';
import { firstIndex } from './first-index.ts';

test.each([
  [[], 5, 0],
  [[1, 3, 5, 5, 7], 0, 0],
  [[1, 3, 5, 5, 7], 5, 2],
  [[1, 3, 5, 5, 7], 6, 4],
  [[1, 3, 5, 5, 7], 8, 5],
])('of %j the first that is at least %d has index %d', (items, least, index) => {
  expect(firstIndex(items, (item) => item >= least)).toBe(index);
});

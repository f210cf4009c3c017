import { expect, it } from 'vitest';
import { narrow } from './narrow.ts';

const all = Array.from({ length: 40 }, (_, index) => index);

/** Shows a violation when every culprit is in the set; counts the runs. */
function showing(...culprits: number[]) {
  const runs: number[] = [];
  const show = (set: readonly number[]) => {
    runs.push(set.length);
    return Promise.resolve(culprits.every((culprit) => set.includes(culprit)) ? `run ${runs.length}` : null);
  };
  return { runs, show };
}

it('finds one culprit among many by halves', async () => {
  const { runs, show } = showing(17);
  const { set, shown } = await narrow(all, 'all', [], show, () => true);
  expect(set).toEqual([17]);
  expect(shown).toMatch(/^run \d+$/);
  expect(runs.length).toBeLessThanOrEqual(12);
});

it('needs one run when the first suspect is the one', async () => {
  const { runs, show } = showing(17);
  expect((await narrow(all, 'all', [17, 3], show, () => true)).set).toEqual([17]);
  expect(runs).toEqual([1]);
});

it('tries the first suspects by themselves before all of them', async () => {
  const { runs, show } = showing(9);
  expect((await narrow(all, 'all', [3, 17, 9], show, () => true)).set).toEqual([9]);
  expect(runs).toEqual([1, 1, 1]);
});

it('finds the two that a violation needs together', async () => {
  const { show } = showing(3, 30);
  expect((await narrow(all, 'all', [3], show, () => true)).set).toEqual([3, 30]);
});

it('keeps the set in which a violation was seen that does not come again', async () => {
  const { set, shown } = await narrow(
    all,
    'all',
    [3],
    () => Promise.resolve(null),
    () => true,
  );
  expect(set).toEqual(all);
  expect(shown).toBe('all');
});

it('stops when there is no time left', async () => {
  const { runs, show } = showing(3);
  expect((await narrow(all, 'all', [3], show, () => false)).set).toEqual(all);
  expect(runs).toEqual([]);
});

import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type DisturbedLoad, loadDisturbed } from './disturbed-load.ts';
import type { Bench } from './measure-step.ts';

const outcome = { startedMs: 1 };

/** A load that `load` decides the end of, and a disturbance that tells what was done to it. */
function rig(load: (signal: AbortSignal) => Promise<unknown>, disturb?: () => Promise<never>) {
  const told: string[] = [];
  const plan: DisturbedLoad = {
    urls: [],
    traffic: [] as never,
    ratePerSecond: 1,
    seed: 's',
    durationMs: 20,
    beforeMs: 1,
    forMs: 5,
    disturb:
      disturb ??
      (async () => {
        told.push('broken');
        return async () => void told.push('mended');
      }),
  };
  const generator = { run: (_: unknown, signal: AbortSignal) => load(signal) };
  const bench = { generator, clock: systemClock, signal: new AbortController().signal } as unknown as Bench;
  return { told, run: () => loadDisturbed(bench, plan) };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('the load goes on over the disturbance, which is made good in the middle of it', async () => {
  const { told, run } = rig(() => systemClock.sleep(30).then(() => outcome));
  const before = systemClock.nowMs();
  const { result, mendedMs } = await run();
  expect(result).toBe(outcome);
  expect(mendedMs).toBeGreaterThanOrEqual(before);
  expect(told).toEqual(['broken', 'mended']);
});

test('a load that fails ends the disturbance, and it is made good', async () => {
  const { told, run } = rig(() => systemClock.sleep(3).then(() => Promise.reject(new Error('no port'))));
  await expect(run()).rejects.toThrow('no port');
  expect(told.filter((word) => word === 'broken')).toHaveLength(
    told.filter((word) => word === 'mended').length,
  );
});

test('a disturbance that cannot be made ends the load', async () => {
  const { run } = rig(aborted, () => Promise.reject(new Error('no Redis to break')));
  await expect(run()).rejects.toThrow('no Redis to break');
});

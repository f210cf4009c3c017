import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Bench } from './measure-step.ts';
import { type Disturbance, loadDisturbed } from './recovery.ts';

const outcome = { startedMs: 1 };

/** `load` decides when the load ends; `told` says what was done by the disturbance. */
function rig(load: (signal: AbortSignal) => Promise<unknown>, disturb?: () => Promise<never>) {
  const told: string[] = [];
  const plan: Disturbance = {
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
        told.push('begun');
        return async () => void told.push('ended');
      }),
  };
  const generator = { run: (_: unknown, signal: AbortSignal) => load(signal) };
  const bench = { generator, clock: systemClock, signal: new AbortController().signal } as unknown as Bench;
  return { told, run: () => loadDisturbed(bench, plan) };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('the load goes on through the disturbance, which ends before it', async () => {
  const { told, run } = rig(() => systemClock.sleep(30).then(() => outcome));
  const before = systemClock.nowMs();
  const { result, endedMs } = await run();
  expect(result).toBe(outcome);
  expect(endedMs).toBeGreaterThanOrEqual(before);
  expect(told).toEqual(['begun', 'ended']);
});

test('a load that fails ends the disturbance', async () => {
  const { told, run } = rig(() => systemClock.sleep(3).then(() => Promise.reject(new Error('no port'))));
  await expect(run()).rejects.toThrow('no port');
  expect(told.filter((word) => word === 'begun')).toHaveLength(
    told.filter((word) => word === 'ended').length,
  );
});

test('a disturbance that cannot begin ends the load', async () => {
  const { run } = rig(aborted, () => Promise.reject(new Error('no Redis to break')));
  await expect(run()).rejects.toThrow('no Redis to break');
});

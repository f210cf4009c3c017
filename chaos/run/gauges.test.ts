import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { sampleGauges } from './gauges.ts';
import { recoveryTimeMs } from './recovery.ts';

test('a heal right before the end is followed by a sample, so that recovery is known', async () => {
  // Never connected: no lock is watched.
  const redis = new Redis({ lazyConnect: true });
  let well = false;
  const begun = Promise.withResolvers<void>();
  const health = () => {
    begun.resolve();
    return Promise.resolve({ well });
  };
  const sampler = sampleGauges({ target: {}, context: { clock: systemClock, redis }, health }, 0);
  await begun.promise;
  well = true;
  const healedMs = systemClock.nowMs();
  const { health: samples } = await sampler.finish([]);
  expect(samples.at(-1)?.well).toBe(true);
  const fault = {
    fault: 'api-killed',
    applyAtMs: 0,
    healAtMs: 1,
    parameters: {},
    appliedMs: healedMs - 1,
    healedMs,
    effect: { observed: true, evidence: '', measures: {} },
  };
  expect(recoveryTimeMs([fault], samples, [])).not.toBeNull();
  redis.disconnect();
});

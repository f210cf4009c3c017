/** Iterations that begin at a fixed rate, however long they take. */
import { formatDuration } from '../options/duration.ts';
import { runArrivals } from './arrival-rate.ts';
import { constantArrivals } from './arrivals.ts';
import type { Executor } from './executor.ts';

export const constantArrivalRate: Executor<'constant-arrival-rate'> = {
  describe: ({ duration, maxVUs, preAllocatedVUs, rate, timeUnit }) =>
    `${rate} iterations per ${formatDuration(timeUnit)} for ${formatDuration(duration)} (maxVUs: ${preAllocatedVUs}-${maxVUs ?? preAllocatedVUs})`,
  durationMs: ({ duration }) => duration,
  maxVus: ({ maxVUs, preAllocatedVUs }) => maxVUs ?? preAllocatedVUs,
  name: 'constant-arrival-rate',
  plannedVus: ({ preAllocatedVUs }) => preAllocatedVUs,
  run: (scenario, { duration, gracefulStop, maxVUs, preAllocatedVUs, rate, timeUnit }) =>
    runArrivals(scenario, constantArrivals(rate, timeUnit, duration), {
      durationMs: duration,
      gracefulStopMs: gracefulStop,
      maxVUs: maxVUs ?? preAllocatedVUs,
      preAllocatedVUs,
    }),
};

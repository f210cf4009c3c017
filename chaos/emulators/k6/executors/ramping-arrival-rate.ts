/** Iterations that begin at a rate which goes from stage to stage in straight lines. */
import { formatDuration } from '../options/duration.ts';
import { runArrivals } from './arrival-rate.ts';
import { rampingArrivals } from './arrivals.ts';
import type { Executor } from './executor.ts';
import { totalMs } from './vu-steps.ts';

export const rampingArrivalRate: Executor<'ramping-arrival-rate'> = {
  describe: ({ maxVUs, preAllocatedVUs, stages, timeUnit }) =>
    `up to ${Math.max(...stages.map(({ target }) => target))} iterations per ${formatDuration(timeUnit)} for ${formatDuration(totalMs(stages))} over ${stages.length} stages (maxVUs: ${preAllocatedVUs}-${maxVUs ?? preAllocatedVUs})`,
  durationMs: ({ stages }) => totalMs(stages),
  maxVus: ({ maxVUs, preAllocatedVUs }) => maxVUs ?? preAllocatedVUs,
  name: 'ramping-arrival-rate',
  plannedVus: ({ preAllocatedVUs }) => preAllocatedVUs,
  run: (scenario, { gracefulStop, maxVUs, preAllocatedVUs, stages, startRate, timeUnit }) =>
    runArrivals(scenario, rampingArrivals(startRate, timeUnit, stages), {
      durationMs: totalMs(stages),
      gracefulStopMs: gracefulStop,
      maxVUs: maxVUs ?? preAllocatedVUs,
      preAllocatedVUs,
    }),
};

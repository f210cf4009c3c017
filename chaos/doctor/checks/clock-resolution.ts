/** Latencies are only as good as the clock, and an open load schedule only as even as the timers. */
import type { Clock } from '../../clock.ts';
import { type Check, ok, optional } from '../finding.ts';

const readings = 2_000;
const naps = 21;
const worstStepMs = 0.1;
/** A sleep of 1 ms takes little more on an idle machine. */
const worstNapMs = 5;

export const clockResolution: Check = {
  name: 'clock',
  run: async ({ clock }) => {
    const stepMs = smallestStepMs(clock);
    const napMs = await medianNapMs(clock);
    const detail = `steps of ${(stepMs * 1_000).toFixed(2)} µs; a sleep of 1 ms takes ${napMs.toFixed(2)} ms`;
    if (stepMs <= worstStepMs && napMs <= worstNapMs) return ok(detail);
    return optional(
      `${detail}: latencies and arrivals will be coarse`,
      'stop other programs on this machine',
    );
  },
};

/** Smallest difference between two readings of the clock that differ at all. */
function smallestStepMs(clock: Clock): number {
  let smallest = Number.POSITIVE_INFINITY;
  let before = clock.monotonicMs();
  for (let reading = 0; reading < readings; reading += 1) {
    const now = clock.monotonicMs();
    if (now > before) smallest = Math.min(smallest, now - before);
    before = now;
  }
  return smallest;
}

async function medianNapMs(clock: Clock): Promise<number> {
  const durations: number[] = [];
  for (let nap = 0; nap < naps; nap += 1) {
    const before = clock.monotonicMs();
    await clock.sleep(1);
    durations.push(clock.monotonicMs() - before);
  }
  durations.sort((left, right) => left - right);
  return durations[Math.floor(naps / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Before the first step: a process that has just started compiles what it runs, and would make the first level look slow. */
import type { Traffic } from './load/job.ts';
import { type Bench, measureStep, type Target } from './measure-step.ts';

const connections = 8;
const roundsMax = 6;
const roundMs = 1_000;
/** It is warm when another round brings hardly more. */
const gainWhenWarm = 1.1;

export async function warmUp(bench: Bench, target: Target, traffic: Traffic, seed: string): Promise<void> {
  let best = 0;
  for (let round = 1; round <= roundsMax; round += 1) {
    const { throughputPerSecond } = await measureStep(bench, target, {
      traffic,
      load: { kind: 'closed', connections },
      repeat: round,
      seed: `${seed}/warm-up`,
      durationMsMin: roundMs,
      durationMsMax: roundMs,
    });
    if (round > 1 && throughputPerSecond < gainWhenWarm * best) return;
    best = Math.max(best, throughputPerSecond);
  }
}

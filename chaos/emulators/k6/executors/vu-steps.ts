/** How many VUs a ramp wants at which time: pure, in milliseconds from the scenario's start. */
import type { Stage } from '../options/scenario.ts';

export interface VuStep {
  readonly offsetMs: number;
  readonly vus: number;
}

export function totalMs(stages: readonly Stage[]): number {
  return stages.reduce((sum, { duration }) => sum + duration, 0);
}

/** The number changes to k when the straight line of the stage reaches k; a stage without duration jumps. */
export function vuSteps(startVus: number, stages: readonly Stage[]): VuStep[] {
  const steps: VuStep[] = [{ offsetMs: 0, vus: startVus }];
  let stageStartMs = 0;
  let from = startVus;
  for (const { duration, target } of stages) {
    const direction = Math.sign(target - from);
    for (let vus = from + direction; direction !== 0 && vus !== target + direction; vus += direction) {
      const offsetMs = stageStartMs + (duration * (vus - from)) / (target - from);
      if (duration > 0 || vus === target) steps.push({ offsetMs, vus });
    }
    stageStartMs += duration;
    from = target;
  }
  return withoutOvertaken(steps);
}

/** Of several steps at one time the last counts. */
function withoutOvertaken(steps: readonly VuStep[]): VuStep[] {
  return steps.filter((step, index) => steps[index + 1]?.offsetMs !== step.offsetMs);
}

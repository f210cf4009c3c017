/** The steps of one search, in the order in which they were measured: each is told, and the system comes to rest before the next. */
import type { Step } from '../../reports/capacity/step.ts';
import type { Load, Traffic } from './load/job.ts';
import { type Bench, measureStep, type Target } from './measure-step.ts';

export interface SeriesPlan {
  readonly name: string;
  readonly traffic: Traffic;
  readonly seed: string;
  readonly durationMsMin: number;
  readonly durationMsMax: number;
  /** Done right before each step. */
  readonly before?: () => Promise<void>;
  /** Between two steps: until what the last one left behind is done. */
  readonly settle: () => Promise<void>;
  readonly progress: (step: Step) => void;
}

export interface StepSeries {
  readonly steps: readonly Step[];
  measure(load: Load, repeat: number): Promise<Step>;
}

export function openSeries(bench: Bench, target: Target, plan: SeriesPlan): StepSeries {
  const { traffic, durationMsMin, durationMsMax } = plan;
  const seed = `${plan.seed}/${plan.name}`;
  const steps: Step[] = [];
  return {
    steps,
    measure: async (load, repeat) => {
      await plan.before?.();
      const step = await measureStep(bench, target, {
        traffic,
        load,
        repeat,
        seed,
        durationMsMin,
        durationMsMax,
      });
      steps.push(step);
      plan.progress(step);
      await plan.settle();
      return step;
    },
  };
}

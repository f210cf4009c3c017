/** Throughput against concurrency for one kind of traffic: upwards until the knee is passed, then again in an order drawn from the seed. */
import type { Step } from '../../reports/capacity/step.ts';
import { seededRandom } from '../random.ts';
import type { Traffic } from './load/job.ts';
import { type Bench, measureStep, type Target } from './measure-step.ts';
import { shuffled } from './shuffled.ts';

export interface LadderPlan {
  readonly name: string;
  readonly traffic: Traffic;
  readonly seed: string;
  readonly repeats: number;
  readonly durationMsMin: number;
  readonly durationMsMax: number;
  /** Between two steps: until what the last one left behind is done. */
  readonly settle: () => Promise<void>;
  readonly progress: (step: Step) => void;
}

/** Always climbed: five are the least that a fit takes, and the knee of one process lies among them. */
const firstRungs = [1, 2, 4, 8, 16, 32];
const furtherRungs = [64, 128, 256];
/** Twice the concurrency with hardly more throughput: the knee has been passed. */
const gainAtKnee = 1.07;

export async function climbLadder(bench: Bench, target: Target, plan: LadderPlan): Promise<Step[]> {
  const { traffic, seed, durationMsMin, durationMsMax } = plan;
  const steps: Step[] = [];
  const measure = async (connections: number, repeat: number): Promise<Step> => {
    const load = { kind: 'closed' as const, connections };
    const label = `${seed}/${plan.name}`;
    const step = await measureStep(bench, target, {
      traffic,
      load,
      repeat,
      seed: label,
      durationMsMin,
      durationMsMax,
    });
    steps.push(step);
    plan.progress(step);
    await plan.settle();
    return step;
  };

  const rungs: number[] = [];
  for (const rung of [...firstRungs, ...furtherRungs]) {
    if (!firstRungs.includes(rung) && kneePassed(steps)) break;
    rungs.push(rung);
    // Beyond a step in which the generator was the limit it would be even more so.
    if ((await measure(rung, 1)).discarded !== null && rung >= (firstRungs.at(-1) ?? 0)) break;
  }
  const random = seededRandom(`${seed}/${plan.name}/order`);
  const again = Array.from({ length: plan.repeats - 1 }, (_, index) =>
    rungs.map((rung) => ({ rung, repeat: index + 2 })),
  );
  for (const { rung, repeat } of shuffled(again.flat(), random)) await measure(rung, repeat);
  return steps;
}

function kneePassed(steps: readonly Step[]): boolean {
  const throughputs = steps
    .filter(({ discarded }) => discarded === null)
    .map((step) => step.throughputPerSecond);
  const last = throughputs.at(-1) ?? 0;
  return last < gainAtKnee * Math.max(0, ...throughputs.slice(0, -1));
}

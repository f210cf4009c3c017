/** Throughput against concurrency for one kind of traffic: upwards until the knee is passed, then again in an order drawn from the seed. */
import type { Step } from '../../reports/capacity/step.ts';
import { seededRandom } from '../random.ts';
import type { Bench, Target } from './measure-step.ts';
import { shuffled } from './shuffled.ts';
import { openSeries, type SeriesPlan } from './step-series.ts';

export interface LadderPlan extends SeriesPlan {
  readonly repeats: number;
}

/** Always climbed: five are the least that a fit takes, and the knee of one process lies among them. */
const firstRungs = [1, 2, 4, 8, 16, 32];
const furtherRungs = [64, 128, 256];
/** Twice the concurrency with hardly more throughput: the knee has been passed. */
const gainAtKnee = 1.07;

export async function climbLadder(bench: Bench, target: Target, plan: LadderPlan): Promise<Step[]> {
  const series = openSeries(bench, target, plan);
  const measure = (connections: number, repeat: number): Promise<Step> =>
    series.measure({ kind: 'closed', connections }, repeat);

  const rungs: number[] = [];
  for (const rung of [...firstRungs, ...furtherRungs]) {
    if (!firstRungs.includes(rung) && kneePassed(series.steps)) break;
    rungs.push(rung);
    // Beyond a step in which the generator was the limit it would be even more so.
    if ((await measure(rung, 1)).discarded !== null && rung >= (firstRungs.at(-1) ?? 0)) break;
  }
  const random = seededRandom(`${plan.seed}/${plan.name}/order`);
  const again = Array.from({ length: plan.repeats - 1 }, (_, index) =>
    rungs.map((rung) => ({ rung, repeat: index + 2 })),
  );
  for (const { rung, repeat } of shuffled(again.flat(), random)) await measure(rung, repeat);
  return [...series.steps];
}

function kneePassed(steps: readonly Step[]): boolean {
  const throughputs = steps
    .filter(({ discarded }) => discarded === null)
    .map((step) => step.throughputPerSecond);
  const last = throughputs.at(-1) ?? 0;
  return last < gainAtKnee * Math.max(0, ...throughputs.slice(0, -1));
}

/** Latency against the rate of arrivals: doubled until the objective fails, or halved until it holds, then measured again in between. */
import type { Slo } from '../../reports/capacity/slo.ts';
import { meetsSlo } from '../../reports/capacity/slo.ts';
import { believed, rateStepsOf, type Step } from '../../reports/capacity/step.ts';
import { seededRandom } from '../random.ts';
import type { LadderPlan } from './concurrency-ladder.ts';
import type { Bench, Target } from './measure-step.ts';
import { shuffled } from './shuffled.ts';
import { openSeries } from './step-series.ts';

export interface SearchPlan extends LadderPlan {
  readonly slo: Slo;
  readonly firstRatePerSecond: number;
  /** Levels from the last rate that held to the first that did not, both included. */
  readonly levels: number;
}

const factor = 2;
const ratePerSecondMax = 50_000;
/** When not even the first rate holds, so often half of it is tried. */
const halvingsMax = 4;

export async function searchRate(bench: Bench, target: Target, plan: SearchPlan): Promise<Step[]> {
  const { slo } = plan;
  const series = openSeries(bench, target, plan);
  const measure = (ratePerSecond: number, repeat: number): Promise<Step> =>
    series.measure({ kind: 'open', ratePerSecond }, repeat);
  const holds = (step: Step): boolean => rateStepsOf([step], slo).some((one) => meetsSlo(one, slo));

  const held: number[] = [];
  let failed: number | null = null;
  for (let rate = plan.firstRatePerSecond; failed === null && rate <= ratePerSecondMax; rate *= factor) {
    const step = await measure(rate, 1);
    if (holds(step)) held.push(rate);
    // Once more, for the first failure decides where everything else is measured.
    else if (!holds(await measure(rate, 2))) failed = rate;
    else held.push(rate);
    if (believed(series.steps.slice(-1)).length === 0) break;
  }
  for (let part = 1; held.length === 0 && failed !== null && part <= halvingsMax; part += 1) {
    const lower: number = Math.round(failed / factor);
    if (lower < 1) break;
    if (holds(await measure(lower, 1))) held.push(lower);
    else failed = lower;
  }
  const last = held.at(-1);
  if (last === undefined || failed === null) return [...series.steps];
  const levels = levelsBetween(last, failed, plan.levels);
  const random = seededRandom(`${plan.seed}/${plan.name}/order`);
  const again = Array.from({ length: plan.repeats }, (_, index) =>
    levels.map((rate) => ({ rate, repeat: index + 3 })),
  );
  for (const { rate, repeat } of shuffled(again.flat(), random)) await measure(rate, repeat);
  return [...series.steps];
}

/** Evenly spaced on a logarithmic axis, as whole rates. */
export function levelsBetween(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(from * (to / from) ** (index / (count - 1))));
}

/** Which levels of load are measured: concurrency doubled until the knee is passed, or rates doubled until the objective fails, then repeats. */
import { meetsSlo, type Slo } from '../../reports/capacity/slo.ts';
import { rateStepsOf, type Step, validSteps } from '../../reports/capacity/step.ts';
import { type Random, seededRandom } from '../random.ts';
import type { Load, Traffic } from './load/job.ts';
import { type Bench, measureStep, type Subject } from './measure-step.ts';

export interface SeriesPlan {
  readonly name: string;
  readonly traffic: Traffic;
  readonly seed: string;
  readonly repeats: number;
  readonly durationMsMin: number;
  readonly durationMsMax: number;
  /** Done right before each step. */
  readonly before?: () => Promise<void>;
  /** Between two steps: until the work that the last one left is done. */
  readonly settle: () => Promise<void>;
  readonly progress: (step: Step) => void;
}

/** The steps of one search, in the order in which they were measured. */
class Series {
  readonly steps: Step[] = [];
  readonly #bench: Bench;
  readonly #subject: Subject;
  readonly #plan: SeriesPlan;

  constructor(bench: Bench, subject: Subject, plan: SeriesPlan) {
    this.#bench = bench;
    this.#subject = subject;
    this.#plan = plan;
  }

  async measure(load: Load, repeat: number): Promise<Step> {
    const { traffic, seed, name, durationMsMin, durationMsMax, before, settle, progress } = this.#plan;
    await before?.();
    const limits = { durationMsMin, durationMsMax };
    const step = await measureStep(this.#bench, this.#subject, {
      traffic,
      load,
      repeat,
      seed: `${seed}/${name}`,
      ...limits,
    });
    this.steps.push(step);
    progress(step);
    await settle();
    return step;
  }

  /** Each level again in every repeat, in an order drawn from the seed. */
  async repeat(levels: readonly Load[], repeats: readonly number[]): Promise<void> {
    const random = seededRandom(`${this.#plan.seed}/${this.#plan.name}/order`);
    const again = repeats.flatMap((repeat) => levels.map((load) => ({ load, repeat })));
    for (const { load, repeat } of shuffled(again, random)) await this.measure(load, repeat);
  }
}

/** Always measured: a fit needs five levels, and the knee of one process lies among these. */
const firstLevels = [1, 2, 4, 8, 16, 32];
const furtherLevels = [64, 128, 256];
/** The knee was passed when twice the concurrency brings no more than this. */
const gainAtKnee = 1.07;

/** Throughput against concurrency. */
export async function climbLadder(bench: Bench, subject: Subject, plan: SeriesPlan): Promise<Step[]> {
  const series = new Series(bench, subject, plan);
  const levels: Load[] = [];
  for (const connections of [...firstLevels, ...furtherLevels]) {
    const further = furtherLevels.includes(connections);
    if (further && (kneePassed(series.steps) || generatorWasLimit(series.steps))) break;
    const load = { kind: 'closed', connections } as const;
    levels.push(load);
    await series.measure(load, 1);
  }
  await series.repeat(levels, numbersFrom(2, plan.repeats - 1));
  return series.steps;
}

function kneePassed(steps: readonly Step[]): boolean {
  const throughputs = validSteps(steps).map((step) => step.throughputPerSecond);
  const last = throughputs.at(-1) ?? 0;
  return last < gainAtKnee * Math.max(0, ...throughputs.slice(0, -1));
}

/** When the generator was the limit of a step, higher levels are not measured. */
function generatorWasLimit(steps: readonly Step[]): boolean {
  return (steps.at(-1)?.discarded ?? null) !== null;
}

export interface SearchPlan extends SeriesPlan {
  readonly slo: Slo;
  readonly firstRatePerSecond: number;
  /** Levels from the last rate that met the objective to the first that did not, both included. */
  readonly levels: number;
}

const factor = 2;
const ratePerSecondMax = 50_000;
/** When not even the first rate meets the objective, half of it is tried up to so many times. */
const halvingsMax = 4;

type Outcome = 'failed' | 'held' | 'unknown';

/** Latency against the rate of arrivals. */
export async function searchRate(bench: Bench, subject: Subject, plan: SearchPlan): Promise<Step[]> {
  const series = new Series(bench, subject, plan);
  const open = (ratePerSecond: number): Load => ({ kind: 'open', ratePerSecond });
  /** A rate that fails the objective is measured again, because it decides where everything else is measured. */
  const outcomeOf = async (rate: number): Promise<Outcome> => {
    const first = outcome(await series.measure(open(rate), 1), plan.slo);
    if (first === 'held') return first;
    const second = outcome(await series.measure(open(rate), 2), plan.slo);
    return second === 'unknown' ? first : second;
  };

  let held: number | null = null;
  let failed: number | null = null;
  for (let rate = plan.firstRatePerSecond; failed === null && rate <= ratePerSecondMax; rate *= factor) {
    const found = await outcomeOf(rate);
    if (found === 'unknown') break;
    if (found === 'held') held = rate;
    else failed = rate;
  }
  for (let halving = 1; held === null && failed !== null && halving <= halvingsMax; halving += 1) {
    const lower: number = Math.round(failed / factor);
    const found = lower < 1 ? 'unknown' : await outcomeOf(lower);
    if (found === 'unknown') break;
    if (found === 'held') held = lower;
    else failed = lower;
  }
  if (held === null || failed === null) return series.steps;
  await series.repeat(levelsBetween(held, failed, plan.levels).map(open), numbersFrom(3, plan.repeats));
  return series.steps;
}

/** Unknown when the step was discarded: then the generator was the limit, and not the target. */
function outcome(step: Step, slo: Slo): Outcome {
  const [rateStep] = rateStepsOf([step], slo);
  if (rateStep === undefined) return 'unknown';
  return meetsSlo(rateStep, slo) ? 'held' : 'failed';
}

/** Evenly spaced on a logarithmic axis, as whole rates. */
export function levelsBetween(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(from * (to / from) ** (index / (count - 1))));
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** An order drawn from the seed, so that drift of the machine affects all levels alike (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = random.integer(0, index);
    const [left, right] = [order[index], order[other]];
    if (left === undefined || right === undefined) continue;
    order[index] = right;
    order[other] = left;
  }
  return order;
}

const warmUpLoad: Load = { kind: 'closed', connections: 8 };
const warmUpRoundsMax = 6;
const warmUpRoundMs = 1_000;
/** The target is warm when another round improves throughput by no more than this factor. */
const gainWhenWarm = 1.1;

/** Before the first step: a process that has just started still compiles its code, and would make the first level look slow. */
export async function warmUp(bench: Bench, subject: Subject, traffic: Traffic, seed: string): Promise<void> {
  let best = 0;
  for (let round = 1; round <= warmUpRoundsMax; round += 1) {
    const { throughputPerSecond } = await measureStep(bench, subject, {
      traffic,
      load: warmUpLoad,
      repeat: round,
      seed: `${seed}/warm-up`,
      durationMsMin: warmUpRoundMs,
      durationMsMax: warmUpRoundMs,
    });
    if (round > 1 && throughputPerSecond < gainWhenWarm * best) return;
    best = Math.max(best, throughputPerSecond);
  }
}

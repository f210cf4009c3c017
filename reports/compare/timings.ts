/**
 * Compares the figures of a phase with the recorded ones. On a shared machine everything varies, and a false positive costs
 * more trust than a small regression costs time. Against few runs `worse` needs a clear interval, a large effect in relative and
 * absolute terms, and the same from the merged histograms; several runs tell themselves how much identical code varies.
 */
import type { Cell, Phase, PhaseName, Second } from '../record/report.ts';
import { mergeHistograms, percentileMs } from '../statistics/histogram.ts';
import { seededRandom } from '../statistics/random.ts';
import { expectNext } from './between-runs.ts';
import { bootstrapRatio, cliffsDelta } from './bootstrap.ts';
import { metricNames, type MetricName, type Timing, type TimingOutcome } from './comparison.ts';
import { quantileInterval } from './quantile-interval.ts';

const quantiles = { p50: 0.5, p99: 0.99 } as const;

export interface TimingOptions {
  readonly seed: string;
  readonly resamples: number;
  /** Of the interval of the ratio, 0–1. */
  readonly confidence: number;
  /** Least relative change that counts: 0.5 is half as slow again. */
  readonly effectMin: number;
  /** Least absolute change that counts. */
  readonly absoluteMinMs: Record<'p50' | 'p99', number>;
  /** Least Cliff's delta that counts; 0.474 is called large (Romano 2006). */
  readonly cliffsDeltaMin: number;
  /** A phase with fewer whole seconds than this has no series to compare; only a `coarse` change of its latency counts. */
  readonly secondsMin: number;
  /**
   * From `referencesMin` runs on their own scatter decides: `falseAlarms` is the probability that a comparison of identical code is
   * called worse by it at all, shared among everything compared. A phase needs `operationsMin`.
   */
  readonly fine: {
    readonly referencesMin: number;
    readonly falseAlarms: number;
    readonly effectMin: number;
    readonly absoluteMinMs: Record<'p50' | 'p99', number>;
    readonly operationsMin: number;
  };
  /** Least changes that count in a phase so short. */
  readonly coarse: { readonly effectMin: number; readonly absoluteMinMs: number };
}

export const timingDefaults: TimingOptions = {
  seed: 'compare',
  resamples: 1000,
  confidence: 0.99,
  effectMin: 0.5,
  absoluteMinMs: { p50: 25, p99: 100 },
  cliffsDeltaMin: 0.474,
  secondsMin: 5,
  fine: {
    referencesMin: 5,
    falseAlarms: 0.005,
    effectMin: 0.1,
    absoluteMinMs: { p50: 0.5, p99: 5 },
    operationsMin: 50,
  },
  coarse: { effectMin: 2, absoluteMinMs: 100 },
};

interface Other {
  readonly cell: Cell;
  readonly phase: Phase;
}

/**
 * Timings of every phase that the cell shares with the recorded ones. `references` are cells of the same scenario and fault; `tests`
 * how many figures the whole comparison has, see countFine.
 */
export function compareTimings(
  current: Cell,
  references: readonly Cell[],
  tests: number,
  options: TimingOptions,
): Timing[] {
  return current.phases.flatMap((phase) => {
    const others = othersOf(phase, references);
    if (others.length === 0) return [];
    return metricNames.map((metric) => compareMetric(current, phase, others, metric, tests, options));
  });
}

/** How many figures of the cell are judged by the scatter of its references. */
export function countFine(current: Cell, references: readonly Cell[], options: TimingOptions): number {
  return current.phases.flatMap((phase) => {
    const others = othersOf(phase, references);
    return metricNames.filter((metric) => isFine(phase, others, metric, options));
  }).length;
}

function othersOf(phase: Phase, references: readonly Cell[]): Other[] {
  return references.flatMap((cell) => {
    const recorded = cell.phases.find(({ name }) => name === phase.name);
    return recorded === undefined ? [] : [{ cell, phase: recorded }];
  });
}

function isFine(
  phase: Phase,
  others: readonly Other[],
  metric: MetricName,
  { fine }: TimingOptions,
): boolean {
  const all = [phase, ...others.map((other) => other.phase)];
  return (
    others.length >= fine.referencesMin &&
    all.every(({ operations: { ok, fail, info } }) => ok + fail + info >= fine.operationsMin) &&
    all.every((one) => phaseFigure([one], metric) > 0)
  );
}

function compareMetric(
  cell: Cell,
  phase: Phase,
  others: readonly Other[],
  metric: MetricName,
  tests: number,
  options: TimingOptions,
): Timing {
  const recorded = phaseFigure(
    others.map((other) => other.phase),
    metric,
  );
  const current = phaseFigure([phase], metric);
  const ratio = recorded === 0 ? (current === 0 ? 1 : Number.MAX_VALUE) : current / recorded;
  const identity = {
    scenario: cell.scenario,
    fault: cell.fault,
    phase: phase.name,
    metric,
    recorded,
    current,
    ratio,
  };
  const now = secondFigures(cell, phase, metric);
  if (isFine(phase, others, metric, options)) {
    const seconds = others.flatMap((other) => secondFigures(other.cell, other.phase, metric));
    return { ...identity, ...fineOutcome(identity, { now, seconds, others, tests }, options) };
  }
  const before = others
    .map((other) => secondFigures(other.cell, other.phase, metric))
    .filter(({ length }) => length >= options.secondsMin);
  if (now.length < options.secondsMin || before.length === 0) {
    return {
      ...identity,
      ...coarseOutcome(
        phase,
        others.map((other) => other.phase),
        metric,
        options,
      ),
    };
  }
  const random = seededRandom([options.seed, cell.scenario, cell.fault, phase.name, metric].join('/'));
  const { low, high } = bootstrapRatio(now, before, { random, ...options });
  const delta = cliffsDelta(now, before.flat());
  const outcome = judgeTiming({ metric, recorded, current, ratio, low, high, delta }, options);
  return { ...identity, interval: [finite(low), finite(high)], cliffsDelta: delta, outcome };
}

/** Beyond what one more run of the same would show, and far enough to matter. */
function fineOutcome(
  { metric, current }: Pick<Timing, 'current' | 'metric'>,
  measured: {
    readonly now: readonly number[];
    readonly seconds: readonly number[];
    readonly others: readonly Other[];
    readonly tests: number;
  },
  options: TimingOptions,
): Pick<Timing, 'cliffsDelta' | 'interval' | 'limit' | 'outcome' | 'ratio' | 'recorded'> {
  const { effectMin, falseAlarms, absoluteMinMs } = options.fine;
  const { now, seconds, others, tests } = measured;
  const figures = others.map((other) => phaseFigure([other.phase], metric));
  const { centre, limit: chance } = expectNext(figures, falseAlarms / tests);
  const limit = Math.max(1 + effectMin, chance);
  const ratio = current / centre;
  const enough = Math.min(now.length, seconds.length) >= options.secondsMin;
  const delta = enough ? cliffsDelta(now, seconds) : null;
  const far = metric === 'throughput' || Math.abs(current - centre) >= absoluteMinMs[metric];
  const large = far && (delta === null || Math.abs(delta) >= options.cliffsDeltaMin);
  const outcome = large ? directionOf(metric, ratio >= limit, ratio <= 1 / limit) : 'same';
  const interval: [number, number] = [finite(ratio / chance), finite(ratio * chance)];
  return { recorded: centre, ratio, interval, cliffsDelta: delta, limit: finite(limit), outcome };
}

/** More is worse for latency and better for throughput. */
function directionOf(metric: MetricName, above: boolean, below: boolean): TimingOutcome {
  if (above) return metric === 'throughput' ? 'better' : 'worse';
  if (below) return metric === 'throughput' ? 'worse' : 'better';
  return 'same';
}

interface Measured {
  readonly metric: MetricName;
  readonly recorded: number;
  readonly current: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly delta: number;
}

function judgeTiming(
  { metric, recorded, current, ratio, low, high, delta }: Measured,
  options: TimingOptions,
): TimingOutcome {
  const far = metric === 'throughput' || Math.abs(current - recorded) >= options.absoluteMinMs[metric];
  if (!far || Math.abs(delta) < options.cliffsDeltaMin) return 'same';
  const effect = 1 + options.effectMin;
  return directionOf(metric, low > 1 && ratio >= effect, high < 1 && ratio <= 1 / effect);
}

/** Of a phase too short for a series: only the histograms speak, and only of what is several times as slow. */
function coarseOutcome(
  phase: Phase,
  others: readonly Phase[],
  metric: MetricName,
  options: TimingOptions,
): Pick<Timing, 'interval' | 'cliffsDelta' | 'outcome'> {
  const tooFew = { interval: null, cliffsDelta: null, outcome: 'too-few' } as const;
  if (metric === 'throughput') return tooFew;
  const quantile = quantiles[metric];
  const now = quantileInterval(mergeHistograms([phase.histogram]), quantile);
  const before = quantileInterval(mergeHistograms(others.map(({ histogram }) => histogram)), quantile);
  if (now === null || before === null || before.lowMs === 0) return tooFew;
  const [low, high] = [now.lowMs / before.highMs, now.highMs / before.lowMs];
  const effect = 1 + options.coarse.effectMin;
  const slower = low > effect && now.lowMs - before.highMs >= options.coarse.absoluteMinMs;
  const faster = high < 1 / effect && before.lowMs - now.highMs >= options.coarse.absoluteMinMs;
  return {
    interval: [low, finite(high)],
    cliffsDelta: null,
    outcome: slower ? 'worse' : faster ? 'better' : 'same',
  };
}

/** The figure of the whole phase: of the merged histograms, or the mean throughput. */
function phaseFigure(phases: readonly Phase[], metric: MetricName): number {
  if (metric === 'throughput') {
    return phases.reduce((sum, phase) => sum + phase.throughputPerSecond, 0) / phases.length;
  }
  const merged = mergeHistograms(phases.map(({ histogram }) => histogram));
  return percentileMs(merged, 100 * quantiles[metric]);
}

/** Figures of the seconds that lie wholly within the phase and in which something ended. */
function secondFigures(
  cell: Cell,
  phase: { name: PhaseName; startMs: number; endMs: number },
  metric: MetricName,
): number[] {
  return cell.seconds
    .filter(({ second }) => {
      const startMs = cell.loadStartMs + second * 1000;
      return startMs >= phase.startMs && startMs + 1000 <= phase.endMs;
    })
    .flatMap((second) => secondFigure(second, metric) ?? []);
}

function secondFigure(second: Second, metric: MetricName): number | null {
  if (metric === 'throughput') return second.ok;
  return metric === 'p50' ? second.p50Ms : second.p99Ms;
}

/** JSON has no infinity. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

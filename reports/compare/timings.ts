/**
 * Compares the figures of a phase with the recorded ones. On a shared machine everything varies, and a false alarm costs
 * more trust than a small regression costs time: `worse` needs a sure interval, a large effect in relative and absolute
 * terms, and the same from the merged histograms.
 */
import type { Cell, Phase, PhaseName, Second } from '../record/report.ts';
import { mergeHistograms, percentileMs } from '../statistics/histogram.ts';
import { seededRandom } from '../statistics/random.ts';
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
  coarse: { effectMin: 2, absoluteMinMs: 100 },
};

/** Timings of every phase that the cell shares with the recorded ones. `references` are cells of the same scenario and outage. */
export function compareTimings(current: Cell, references: readonly Cell[], options: TimingOptions): Timing[] {
  return current.phases.flatMap((phase) => {
    const others = references.flatMap((cell) => {
      const recorded = cell.phases.find(({ name }) => name === phase.name);
      return recorded === undefined ? [] : [{ cell, phase: recorded }];
    });
    if (others.length === 0) return [];
    return metricNames.map((metric) => compareMetric(current, phase, others, metric, options));
  });
}

function compareMetric(
  cell: Cell,
  phase: Phase,
  others: readonly { cell: Cell; phase: Phase }[],
  metric: MetricName,
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
    outage: cell.outage,
    phase: phase.name,
    metric,
    recorded,
    current,
    ratio,
  };
  const now = secondFigures(cell, phase, metric);
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
  const random = seededRandom([options.seed, cell.scenario, cell.outage, phase.name, metric].join('/'));
  const { low, high } = bootstrapRatio(now, before, { random, ...options });
  const delta = cliffsDelta(now, before.flat());
  const outcome = judgeTiming({ metric, recorded, current, ratio, low, high, delta }, options);
  return { ...identity, interval: [finite(low), finite(high)], cliffsDelta: delta, outcome };
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
  const above = low > 1 && ratio >= effect;
  const below = high < 1 && ratio <= 1 / effect;
  // More is worse for latency and better for throughput.
  if (above) return metric === 'throughput' ? 'better' : 'worse';
  if (below) return metric === 'throughput' ? 'worse' : 'better';
  return 'same';
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

/**
 * Compares two versions of the system that were run side by side: pairs of runs, one of each version right after the other, with the same
 * seed, and the order turned round from pair to pair. A machine that becomes slower for some minutes slows both runs of a
 * pair, so they differ far less than runs at different times. Paired t test on the logarithms (Student, "The
 * Probable Error of a Mean", 1908). Pure.
 */
import { phaseNames, type Cell, type PhaseName } from '../record/report.ts';
import { decodeHistogram, geometricMeanMs, meanMs } from '../statistics/histogram.ts';
import { studentQuantile } from '../statistics/distributions.ts';

/** Cells of the same scenario, fault and seed. */
export interface Pair {
  readonly before: Cell;
  readonly after: Cell;
}

export const sideBySideMetrics = ['typical latency', 'mean latency'] as const;
/** Of all operations of a phase, from their intended starts: the geometric mean, which the many make, and the mean, which the slow ones make. */
export type SideBySideMetric = (typeof sideBySideMetrics)[number];

export interface SideBySideOptions {
  /** Probability that identical code is called slower in any of the figures, 0–1; the same for faster. */
  readonly falseAlarms: number;
  /** Least relative change that counts: 0.05 is a twentieth. */
  readonly effectMin: number;
  /** A phase with fewer operations in any run is left out. */
  readonly operationsMin: number;
}

export const sideBySideDefaults: SideBySideOptions = {
  falseAlarms: 0.01,
  effectMin: 0.05,
  operationsMin: 50,
};

export interface SideBySideFigure {
  readonly phase: PhaseName;
  readonly metric: SideBySideMetric;
  /** Milliseconds, of all runs of a version together. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** After through before, and where it lies with a probability of 1 − 2 × its share of the false positives. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
  readonly outcome: 'faster' | 'same' | 'slower';
  /** The smallest ratio above 1 that pairs which scatter like these show in 95 of 100 comparisons. */
  readonly finds: number;
}

/** One-sided: what is there is missed with this probability. */
const missedShare = 0.05;
/** Below, a scatter is a matter of luck. */
export const pairsMin = 4;

/** What is compared of one run: of each phase the number of operations, and the logarithm of each figure in milliseconds. */
export type RunFigures = ReadonlyMap<PhaseName, PhaseFigures>;
type PhaseFigures = { readonly operations: number } & Readonly<Record<SideBySideMetric, number>>;

export function figuresOf(cell: Cell): RunFigures {
  return new Map(
    cell.phases.map(({ name, operations: { ok, fail, info }, histogram }) => {
      const decoded = decodeHistogram(histogram);
      return [
        name,
        {
          operations: ok + fail + info,
          'typical latency': Math.log(geometricMeanMs(decoded)),
          'mean latency': Math.log(meanMs(decoded)),
        },
      ];
    }),
  );
}

export function compareSideBySide(
  pairs: readonly Pair[],
  options: SideBySideOptions = sideBySideDefaults,
): SideBySideFigure[] {
  const figures = pairs.map(({ before, after }) => [figuresOf(before), figuresOf(after)] as const);
  return compareFigures(figures, options);
}

/** Every figure that all pairs (before, after) have; none when there are fewer than `pairsMin` pairs. */
export function compareFigures(
  pairs: readonly (readonly [RunFigures, RunFigures])[],
  options: SideBySideOptions = sideBySideDefaults,
): SideBySideFigure[] {
  if (pairs.length < pairsMin) return [];
  const shared = phaseNames.flatMap((phase) => {
    const both = pairs.flatMap(([before, after]) => {
      const pair = [before.get(phase), after.get(phase)] as const;
      return isEnough(pair[0], options) && isEnough(pair[1], options) ? [[pair[0], pair[1]] as const] : [];
    });
    return both.length < pairs.length ? [] : sideBySideMetrics.map((metric) => ({ phase, metric, both }));
  });
  const tail = options.falseAlarms / Math.max(1, shared.length);
  return shared.map(({ phase, metric, both }) => {
    const logarithms = both.map(([before, after]) => [before[metric], after[metric]] as const);
    return { phase, metric, ...judge(logarithms, tail, options.effectMin) };
  });
}

function isEnough(
  figures: PhaseFigures | undefined,
  { operationsMin }: SideBySideOptions,
): figures is PhaseFigures {
  return figures !== undefined && figures.operations >= operationsMin;
}

function judge(
  logarithms: readonly (readonly [number, number])[],
  tail: number,
  effectMin: number,
): Omit<SideBySideFigure, 'metric' | 'phase'> {
  const runs = logarithms.length;
  const differences = logarithms.map(([before, after]) => after - before);
  const mean = average(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  const error = Math.sqrt(squares / (runs - 1) / runs);
  const sure = studentQuantile(tail, runs - 1) * error;
  const least = Math.log(1 + effectMin);
  const outcome =
    mean > sure && mean >= least ? 'slower' : mean < -sure && mean <= -least ? 'faster' : 'same';
  return {
    beforeMs: Math.exp(average(logarithms.map(([before]) => before))),
    afterMs: Math.exp(average(logarithms.map(([, after]) => after))),
    ratio: Math.exp(mean),
    interval: [Math.exp(mean - sure), Math.exp(mean + sure)],
    outcome,
    finds: Math.exp(Math.max(sure, least) + studentQuantile(missedShare, runs - 1) * error),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

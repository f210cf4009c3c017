/**
 * How far a comparison can be trusted, found out on runs of one cell on identical code: how often it calls the same worse, and how small
 * a slow-down it finds. A slow-down of known size is made by stretching every recorded latency, so that it costs no run. Pure.
 */
import type { Operation } from '../history/operation.ts';
import type { Report } from '../record/report.ts';
import { shareLowerBound, shareUpperBound } from '../statistics/distributions.ts';
import { seededRandom, type Random } from '../statistics/random.ts';
import { summarise } from '../statistics/summarise.ts';
import { compareReports } from './compare-reports.ts';
import type { TimingOptions } from './timings.ts';

/** A report with one cell, and the history it was made of. */
export interface CalibrationRun {
  readonly report: Report;
  readonly history: readonly Operation[];
}

/** `low` and `high`: Clopper and Pearson's one-sided bounds of 95 %, worth what the comparisons are independent. */
export interface Share {
  readonly worse: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

export interface CalibrationRow {
  /** How many runs each was compared with. */
  readonly references: number;
  /** Factor of every latency; 1 is identical code. */
  readonly slowdown: number;
  /** As in use: the first runs are recorded, and each later one is compared with them. They share the references. */
  readonly asUsed: Share;
  /** Neighbouring runs, each run in one comparison only: these are independent. */
  readonly apart: Share;
  /** Every run against references drawn at random: many comparisons, and every run in many of them. */
  readonly drawn: Share;
}

export interface CalibrationPlan {
  readonly references: readonly number[];
  readonly slowdowns: readonly number[];
  /** Draws of references for each run. */
  readonly draws: number;
  readonly seed: string;
  readonly options?: Partial<TimingOptions>;
}

/** One-sided. */
const tail = 0.05;

/** `runs` in the order in which they were made. References of which there are not enough are left out. */
export function calibrate(runs: readonly CalibrationRun[], plan: CalibrationPlan): CalibrationRow[] {
  const reports = runs.map(({ report }) => report);
  const possible = plan.references.filter((count) => count < reports.length);
  return plan.slowdowns.flatMap((slowdown) => {
    const slowed = slowdown === 1 ? reports : runs.map((run) => slowedReport(run, slowdown));
    return possible.map((references) => {
      const random = seededRandom(`${plan.seed}/${references}`);
      const share = (comparisons: readonly Planned[]): Share =>
        shareOf(comparisons.map(({ now, before }) => isSlower(slowed, reports, now, before, plan.options)));
      return {
        references,
        slowdown,
        asUsed: share(usual(reports.length, references)),
        apart: share(disjoint(reports.length, references)),
        drawn: share(drawn(reports.length, references, plan.draws, random)),
      };
    });
  });
}

/** The smallest slow-down that is found in `share` of the drawn comparisons, and every larger one as well; null when none is. */
export function smallestFound(
  rows: readonly CalibrationRow[],
  references: number,
  share: number,
): number | null {
  const steps = rows
    .filter((row) => row.references === references)
    .map(({ slowdown, drawn: found }) => ({ slowdown, found }));
  return smallestStep(steps, share);
}

export function smallestStep(
  steps: readonly { readonly slowdown: number; readonly found: Share }[],
  share: number,
): number | null {
  let smallest: number | null = null;
  const slower = steps.filter(({ slowdown }) => slowdown > 1);
  for (const { slowdown, found } of slower.toSorted((left, right) => right.slowdown - left.slowdown)) {
    if (found.of === 0 || found.worse / found.of < share) break;
    smallest = slowdown;
  }
  return smallest;
}

/** As if every operation had taken so many times as long, from its intended start on. */
export function slowedReport({ report, history }: CalibrationRun, factor: number): Report {
  const stretched = history.map((operation) => ({
    ...operation,
    endedMs: operation.intendedMs + (operation.endedMs - operation.intendedMs) * factor,
  }));
  const cells = report.cells.map((cell) => {
    const { phases, seconds } = summarise(stretched, cell.faults, cell.loadStartMs, cell.loadEndMs);
    return { ...cell, phases, seconds };
  });
  return { ...report, cells };
}

interface Planned {
  readonly now: number;
  readonly before: readonly number[];
}

function usual(runs: number, references: number): Planned[] {
  const before = range(0, references);
  return range(references, runs).map((now) => ({ now, before }));
}

function disjoint(runs: number, references: number): Planned[] {
  const size = references + 1;
  return range(0, Math.floor(runs / size)).map((group) => ({
    now: group * size + references,
    before: range(group * size, group * size + references),
  }));
}

function drawn(runs: number, references: number, draws: number, random: Random): Planned[] {
  return range(0, runs).flatMap((now) => {
    const others = range(0, runs).filter((run) => run !== now);
    if (references === 1)
      return sample(others, Math.min(draws, others.length), random).map((one) => ({ now, before: [one] }));
    return range(0, draws).map(() => ({ now, before: sample(others, references, random) }));
  });
}

function sample(from: readonly number[], count: number, random: Random): number[] {
  const left = [...from];
  return range(0, count).flatMap(() => left.splice(random.below(left.length), 1));
}

/** Verdicts do not count here: they have a measurement of their own. */
function isSlower(
  slowed: readonly Report[],
  reports: readonly Report[],
  now: number,
  before: readonly number[],
  options: Partial<TimingOptions> = {},
): boolean {
  const current = slowed[now];
  if (current === undefined) throw new RangeError(`run ${now} does not exist`);
  const references = before.flatMap((index) => reports[index] ?? []);
  return compareReports(current, references, options).timings.some(({ outcome }) => outcome === 'worse');
}

export function shareOf(outcomes: readonly boolean[]): Share {
  const worse = outcomes.filter(Boolean).length;
  const of = outcomes.length;
  return { worse, of, low: shareLowerBound(worse, of, tail), high: shareUpperBound(worse, of, tail) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

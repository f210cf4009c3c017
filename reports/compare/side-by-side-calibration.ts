/**
 * How far a comparison side by side can be trusted, found out on neighbouring runs of identical code: how often it calls one of two like versions
 * slower, and how often a slow-down of known size. Pure.
 */
import { shareOf, slowedReport, type CalibrationRun, type Share } from './calibration.ts';
import { compareFigures, figuresOf, type RunFigures } from './side-by-side.ts';

export interface SideBySideRow {
  readonly pairs: number;
  /** Factor of every latency of the version after; 1 is identical code. */
  readonly slowdown: number;
  /** Each run in one comparison only: these are independent. */
  readonly apart: Share;
  /** A comparison from every run on, and the same with the versions exchanged: each run is in many of them. */
  readonly moving: Share;
}

/** `runs` in the order in which they were made. Numbers of pairs for which there are too few are left out. */
export function calibrateSideBySide(
  runs: readonly CalibrationRun[],
  plan: { readonly pairs: readonly number[]; readonly slowdowns: readonly number[] },
): SideBySideRow[] {
  const before = runs.map(({ report }) => figuresIn(report));
  const possible = plan.pairs.filter((pairs) => 2 * pairs <= runs.length);
  return plan.slowdowns.flatMap((slowdown) => {
    const after = slowdown === 1 ? before : runs.map((run) => figuresIn(slowedReport(run, slowdown)));
    const slower = (from: number, pairs: number, exchanged: boolean): boolean =>
      compareFigures(pairsFrom(before, after, from, pairs, exchanged)).some(
        ({ outcome }) => outcome === 'slower',
      );
    return possible.map((pairs) => {
      const starts = Array.from({ length: runs.length - 2 * pairs + 1 }, (_, from) => from);
      const apart = starts.filter((from) => from % (2 * pairs) === 0);
      return {
        pairs,
        slowdown,
        apart: shareOf(apart.map((from) => slower(from, pairs, false))),
        moving: shareOf(starts.flatMap((from) => [slower(from, pairs, false), slower(from, pairs, true)])),
      };
    });
  });
}

/** Neighbours, of which the first is the version before in every other pair. */
function pairsFrom(
  before: readonly RunFigures[],
  after: readonly RunFigures[],
  from: number,
  pairs: number,
  exchanged: boolean,
): (readonly [RunFigures, RunFigures])[] {
  return Array.from({ length: pairs }, (_, index) => {
    const turned = (index % 2 === 1) !== exchanged;
    const [first, second] = [from + 2 * index, from + 2 * index + 1];
    const [one, other] = turned ? [before[second], after[first]] : [before[first], after[second]];
    if (one === undefined || other === undefined) throw new RangeError(`no pair starts at run ${first}`);
    return [one, other] as const;
  });
}

function figuresIn({ cells: [cell] }: CalibrationRun['report']): RunFigures {
  return cell === undefined ? new Map() : figuresOf(cell);
}

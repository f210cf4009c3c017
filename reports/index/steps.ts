/**
 * Where the figures of a cell moved to another level from one run to the next. It is a hint where to look, not a test: that is the
 * comparison in each report. A step needs the first values after it to lie beyond every value of the level before it, so that scatter makes none.
 */
import { phaseNames, type PhaseName } from '../record/report.ts';
import type { Outcome } from '../render/headline.ts';
import type { CellPoint } from './run-summary.ts';
import type { Trend, TrendPoint } from './trends.ts';

export interface Step {
  /** Place of the first run of the new level. */
  readonly run: number;
  readonly scenario: string;
  readonly fault: string;
  /** A figure of a phase, the time of recovery, or the outcome of the cell. */
  readonly what: string;
  readonly direction: 'better' | 'worse';
  /** Levels as text, with their unit. */
  readonly before: string;
  readonly after: string;
  /** How many runs show the new level: of one alone, the next run has to tell. */
  readonly seen: number;
}

/** How many runs on each side of a step are looked at. */
const beforeMax = 5;
const afterMax = 2;
/** Fewer than this before it make no level. */
const beforeMin = 2;
/** Least ratio between the nearest values of both sides. */
const ratioMin = 1.5;

interface Figure {
  readonly what: string;
  /** Least difference that counts, in its unit. */
  readonly least: number;
  readonly unit: string;
  readonly moreIs: 'better' | 'worse';
  readonly of: (cell: CellPoint) => number | null;
}

const figures: readonly Figure[] = [
  ...phaseNames.flatMap((phase) => [
    latency(phase, 'p50', 25),
    latency(phase, 'p99', 100),
    throughput(phase),
  ]),
  { what: 'recovery time', least: 500, unit: 'ms', moreIs: 'worse', of: ({ recoveryMs }) => recoveryMs },
];

const outcomeRank: Record<Outcome, number> = {
  held: 0,
  worse: 0,
  unknown: 1,
  'harness-failed': 1,
  violated: 2,
};

/** Newest first. */
export function stepsOf(trends: readonly Trend[]): Step[] {
  return trends
    .flatMap((trend) => [...outcomeSteps(trend), ...figures.flatMap((figure) => figureSteps(trend, figure))])
    .toSorted((left, right) => right.run - left.run);
}

function latency(phase: PhaseName, quantile: 'p50' | 'p99', least: number): Figure {
  const of = ({ phases }: CellPoint): number | null => phases[phase]?.[quantile] ?? null;
  return { what: `${quantile} in the ${phase}`, least, unit: 'ms', moreIs: 'worse', of };
}

function throughput(phase: PhaseName): Figure {
  const of = ({ phases }: CellPoint): number | null => phases[phase]?.throughput ?? null;
  return { what: `throughput in the ${phase}`, least: 3, unit: 'ok/s', moreIs: 'better', of };
}

function outcomeSteps({ points }: Trend): Step[] {
  return points.flatMap((point, index) => {
    const last = points[index - 1];
    if (last === undefined) return [];
    const [was, is] = [outcomeRank[last.cell.outcome], outcomeRank[point.cell.outcome]];
    if (was === is) return [];
    const same = points.slice(index).findIndex(({ cell }) => outcomeRank[cell.outcome] !== is);
    return [
      {
        ...placeOf(point),
        what: 'outcome',
        direction: is > was ? ('worse' as const) : ('better' as const),
        before: last.cell.outcome,
        after: [point.cell.outcome, ...point.cell.broken].join(' '),
        seen: same < 0 ? points.length - index : same,
      },
    ];
  });
}

function figureSteps({ points }: Trend, figure: Figure): Step[] {
  const known = points.flatMap((point) => {
    const value = figure.of(point.cell);
    return value === null ? [] : [{ point, value }];
  });
  const values = known.map(({ value }) => value);
  const starts = levelStarts(values, figure.least);
  return starts.flatMap((start, index) => {
    const place = known[start]?.point;
    if (place === undefined) return [];
    const before = values.slice(starts[index - 1] ?? 0, start);
    const after = values.slice(start, starts[index + 1]);
    const rose = median(after) > median(before);
    const direction = rose === (figure.moreIs === 'worse') ? ('worse' as const) : ('better' as const);
    const level = (side: readonly number[]): string => `${Math.round(median(side))} ${figure.unit}`;
    const levels = { before: level(before), after: level(after), seen: after.length };
    return [{ ...placeOf(place), what: figure.what, direction, ...levels }];
  });
}

/** Places at which a new level begins; that of the first value is none. */
function levelStarts(values: readonly number[], least: number): number[] {
  const starts: number[] = [];
  for (let index = beforeMin; index < values.length; index += 1) {
    const levelStart = starts.at(-1) ?? 0;
    const before = values.slice(Math.max(levelStart, index - beforeMax), index);
    const after = values.slice(index, index + afterMax);
    if (before.length < beforeMin) continue;
    if (apart(before, after, least) || apart(after, before, least)) starts.push(index);
  }
  return starts;
}

function placeOf({ run, cell: { scenario, fault } }: TrendPoint): Pick<Step, 'fault' | 'run' | 'scenario'> {
  return { run, scenario, fault };
}

/** Whether all of `high` lie clearly above all of `low`. */
function apart(low: readonly number[], high: readonly number[], least: number): boolean {
  const [top, bottom] = [Math.max(...low), Math.min(...high)];
  return bottom - top >= least && bottom >= ratioMin * top;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

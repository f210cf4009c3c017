/** The numbers that the page of all runs draws: for each trend a chart of each figure, its steps marked. Pure. */
import { phaseNames, type PhaseName } from '../record/report.ts';
import type { CellPoint, PhaseFigures } from './run-summary.ts';
import { stepsOf } from './steps.ts';
import type { Trend } from './trends.ts';

export interface TrendChart {
  readonly title: string;
  readonly unit: 'ms' | 'ok/s';
  readonly logarithmic: boolean;
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** Steps: where on the axis below, and what it says there. */
  readonly marks: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

export interface TrendData {
  /** Numbers of the runs, from 1. */
  readonly runs: readonly number[];
  readonly charts: readonly TrendChart[];
}

const phaseCharts = [
  { figure: 'p50', title: 'p50 of each phase (logarithmic)', unit: 'ms', logarithmic: true },
  { figure: 'p99', title: 'p99 of each phase (logarithmic)', unit: 'ms', logarithmic: true },
  { figure: 'throughput', title: 'Throughput of each phase', unit: 'ok/s', logarithmic: false },
] as const;

export function trendData(trend: Trend): TrendData {
  const { points } = trend;
  const steps = stepsOf([trend]);
  const marksOf = (prefix: string): TrendChart['marks'] =>
    steps
      .filter(({ what }) => what.startsWith(prefix))
      .toReversed()
      .map(({ run, direction }) => ({ name: direction, from: run + 1, to: run + 1 }));
  const charts: TrendChart[] = phaseCharts.map(({ figure, ...about }) => ({
    ...about,
    series: phaseNames
      .map((phase) => ({ label: phase, values: points.map(({ cell }) => figureOf(cell, phase, figure)) }))
      .filter(hasValues),
    marks: marksOf(figure),
  }));
  const recovery = { label: 'recovery', values: points.map(({ cell }) => cell.recoveryMs) };
  const all: readonly TrendChart[] = [
    ...charts,
    {
      title: 'Recovery time',
      unit: 'ms',
      logarithmic: false,
      series: [recovery],
      marks: marksOf('recovery'),
    },
  ];
  return {
    runs: points.map(({ run }) => run + 1),
    charts: all.filter(({ series }) => series.some(hasValues)),
  };
}

function figureOf(cell: CellPoint, phase: PhaseName, figure: keyof PhaseFigures): number | null {
  return cell.phases[phase]?.[figure] ?? null;
}

function hasValues({ values }: { readonly values: readonly (number | null)[] }): boolean {
  return values.some((value) => value !== null);
}

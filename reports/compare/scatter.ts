/** How far the figures of runs of the same scatter: what decides how small a change can be found at all. Pure. */
import { phaseNames, type Report } from '../record/report.ts';

export interface Scatter {
  /** A latency or the throughput of a phase. */
  readonly figure: string;
  /** Standard deviation of its logarithm: 0.05 is about five per cent. */
  readonly deviation: number;
}

/** Of the first cell of each report; a figure that is not above 0 in every run is left out. */
export function scatterOf(reports: readonly Report[]): Scatter[] {
  return phaseNames.flatMap((name) => {
    const phases = reports.flatMap(
      (report) => report.cells[0]?.phases.find((phase) => phase.name === name) ?? [],
    );
    const figures = [
      ['p50', phases.map(({ latencyMs }) => latencyMs.p50)],
      ['p99', phases.map(({ latencyMs }) => latencyMs.p99)],
      ['throughput', phases.map(({ throughputPerSecond }) => throughputPerSecond)],
    ] as const;
    return figures
      .filter(([, values]) => values.length > 1 && values.every((value) => value > 0))
      .map(([figure, values]) => ({ figure: `${figure} in the ${name}`, deviation: deviationOf(values) }));
  });
}

function deviationOf(values: readonly number[]): number {
  const logarithms = values.map(Math.log);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length;
  const squares = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (logarithms.length - 1));
}

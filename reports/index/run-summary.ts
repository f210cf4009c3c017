/** What the index of runs keeps of a report: enough to see from run to run how each cell fared. Pure. */
import { environmentOf } from '../compare/environments.ts';
import { loadOf } from '../compare/loads.ts';
import { phaseNames, type Cell, type PhaseName, type Report } from '../record/report.ts';
import { cellOutcome, headline, type Outcome } from '../render/headline.ts';

/** Milliseconds; `throughput` in operations that ended `ok` a second. */
export interface PhaseFigures {
  readonly p50: number;
  readonly p99: number;
  readonly throughput: number;
}

/** One cell of one run. */
export interface CellPoint {
  readonly scenario: string;
  readonly fault: string;
  readonly outcome: Outcome;
  /** Invariants and thresholds that did not hold. */
  readonly broken: readonly string[];
  /** Null for a phase that the cell did not have. */
  readonly phases: Readonly<Record<PhaseName, PhaseFigures | null>>;
  readonly recoveryMs: number | null;
  /** What figures must share to be comparable: the environment, and what was asked of the system. */
  readonly kind: { readonly environment: unknown; readonly load: Readonly<Record<string, unknown>> };
}

export interface RunSummary {
  readonly id: string;
  /** Of its report, relative to the folder of all runs. */
  readonly folder: string;
  readonly startedAt: string;
  readonly commit: string;
  readonly command: string;
  readonly outcome: Outcome;
  readonly headline: string;
  readonly cells: readonly CellPoint[];
}

export function summariseRun(report: Report, folder: string): RunSummary {
  const { outcome, text } = headline(report);
  const { id, startedAt, commit, command } = report;
  const cells = report.cells.map((cell) => pointOf(report, cell));
  return { id, folder, startedAt, commit, command, outcome, headline: text, cells };
}

function pointOf(report: Report, cell: Cell): CellPoint {
  const { scenario, fault, recoveryMs, verdicts, thresholds } = cell;
  return {
    scenario,
    fault,
    outcome: cellOutcome(cell),
    broken: [
      ...verdicts.filter(({ verdict }) => verdict === 'false').map(({ invariant }) => invariant),
      ...thresholds.filter(({ verdict }) => verdict === 'false').map(({ metric }) => metric),
    ],
    phases: figuresOf(cell),
    recoveryMs,
    kind: { environment: environmentOf(report), load: loadOf(cell) },
  };
}

function figuresOf({ phases }: Cell): CellPoint['phases'] {
  const [baseline, fault, recovery] = phaseNames.map((name): PhaseFigures | null => {
    const phase = phases.find((candidate) => candidate.name === name);
    if (phase === undefined) return null;
    const { latencyMs, throughputPerSecond } = phase;
    return { p50: latencyMs.p50, p99: latencyMs.p99, throughput: throughputPerSecond };
  });
  return { baseline: baseline ?? null, fault: fault ?? null, recovery: recovery ?? null };
}

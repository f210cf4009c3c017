/** Runs of one cell that belong together: which of them count, and that all were made in one place. */
import { join } from 'node:path';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';

export interface OneCellRun {
  readonly report: Report;
  readonly cell: Cell;
}

/** Null when the run in that folder was not made, was cut short, or the harness failed in it. */
export async function readOneCellRun(folder: string): Promise<OneCellRun | null> {
  const report = await readReport(join(folder, 'report.json')).catch(() => null);
  const [cell] = report?.cells ?? [];
  return report === null || cell === undefined || cell.harnessError !== null ? null : { report, cell };
}

/** `what` they are runs of, as in "the runs of this calibration". Throws UsageError when one was made in another environment than the first. */
export function refuseElsewhere(what: string, first: Report, others: readonly Report[]): void {
  const [difference] = others.flatMap((other) => environmentDifferences(other, first));
  if (difference === undefined) return;
  throw new UsageError(
    `${what} were made elsewhere: ${difference}`,
    'begin another one here: figures of different environments are never compared',
  );
}

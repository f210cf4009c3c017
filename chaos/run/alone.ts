/** A cell that runs by itself, into a folder of its own with a report of its own: for what is repeated and compared. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { UsageError } from '../errors.ts';
import type { CampaignHost, CellOtherwise, Worker } from './campaign.ts';
import { exitOf } from './exit-status.ts';
import type { CellPlan } from './plan.ts';
import { writeRun } from './run-folder.ts';
import { describeRun } from './surroundings.ts';

/** Undefined when the campaign had to end meanwhile: then nothing counts, and there is no report. */
export async function runAlone(
  host: CampaignHost,
  worker: Worker,
  plan: CellPlan,
  where: { readonly folder: string; readonly label: string; readonly command: string },
  more: CellOtherwise = {},
): Promise<Cell | undefined> {
  const folder = join(where.folder, where.label);
  await mkdir(folder, { recursive: true });
  const startedMs = host.clock.nowMs();
  const cell = await worker.cell(plan, folder, more);
  if (!worker.goOn()) return undefined;
  const report = await describeRun({
    ...host,
    id: where.label,
    command: where.command,
    seed: plan.seed,
    startedMs,
    endedMs: host.clock.nowMs(),
    stack: worker.stack,
    cells: [cell],
  });
  await writeRun(folder, { ...report, comparison: null, exit: exitOf([cell], false, null) });
  return cell;
}

export interface OneCellRun {
  readonly report: Report;
  readonly cell: Cell;
}

/** Null when the run in that folder was not made, was interrupted, or the harness failed in it. */
export async function readAlone(folder: string): Promise<OneCellRun | null> {
  const report = await readReport(join(folder, 'report.json')).catch(() => null);
  const [cell] = report?.cells ?? [];
  return report === null || cell === undefined || cell.harnessError !== null ? null : { report, cell };
}

/** `what` they are runs of, as in "the pairs of this comparison". Throws UsageError when one was made in another environment than the first. */
export function refuseElsewhere(what: string, reports: readonly Report[]): void {
  const [first, ...others] = reports;
  if (first === undefined) return;
  const [difference] = others.flatMap((other) => environmentDifferences(other, first));
  if (difference === undefined) return;
  throw new UsageError(
    `${what} were made in another environment: ${difference}`,
    'start a new one here: figures of different environments are never compared',
  );
}

/** Runs the cells of a command one after the other on one stack, and makes of them one report, also when it is cut short. */
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Cell, Report } from '../../reports/record/report.ts';
import { schemaVersion } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { HarnessError, InterruptedError } from '../errors.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { PartDescription, Stack, StackProvider } from '../stack/contract.ts';
import { makeCellFolder } from './cell-folder.ts';
import type { CellPlan } from './cell-plan.ts';
import { describeCommit, describeMachine, describeVersions } from './environment.ts';
import { failedCell } from './failed-cell.ts';
import { cellsThatCanRun } from './needs.ts';
import type { Progress } from './run-context.ts';
import { runExperiment } from './run-experiment.ts';

export interface RunOptions {
  readonly provider: StackProvider;
  readonly plans: readonly CellPlan[];
  /** Whether the user named the outages: then a cell that cannot be run here is refused, not left out. */
  readonly outagesNamed: boolean;
  readonly seed: string;
  readonly command: string;
  readonly id: string;
  /** Folder of this run, made by the caller. */
  readonly folder: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  readonly k6: { readonly path: string; readonly version: string } | null;
  readonly defect: string | null;
  readonly progress: CellProgress;
}

export interface CellProgress extends Progress {
  stackStarted(stack: Stack): void;
  /** A cell that cannot be run on this stack. */
  leftOut(reason: string): void;
  cellStarted(plan: CellPlan, index: number, total: number): void;
  cellEnded(cell: Cell): void;
}

/** A report before it was compared and judged as a whole. */
export type RanReport = Omit<Report, 'comparison' | 'exit'>;

/** `cutShort`: why not all cells were run, if so. */
export interface CellsResult {
  readonly report: RanReport;
  readonly cutShort: Error | null;
}

export async function runCells(options: RunOptions): Promise<CellsResult> {
  const { clock, signal } = options;
  const startedAt = new Date(clock.nowMs()).toISOString();
  await using folder = await temporaryFolder(options.warden, 'stack');
  await using stack = await options.provider.start({ folder: folder.path, seed: options.seed, signal });
  options.progress.stackStarted(stack);
  const plans = cellsThatCanRun(options.plans, stack, {
    askedByName: options.outagesNamed,
    leftOut: (reason) => options.progress.leftOut(reason),
  });
  const cells: Cell[] = [];
  let cutShort: Error | null = null;
  for (const [index, plan] of plans.entries()) {
    options.progress.cellStarted(plan, index, plans.length);
    const cell = await runCell(options, stack, plan);
    cells.push(cell);
    options.progress.cellEnded(cell);
    if (signal.aborted) {
      cutShort = new InterruptedError(
        'the run was interrupted',
        'run the same command with the same --seed to repeat it',
      );
      break;
    }
    const [gone] = stack.unexpectedExits();
    if (gone !== undefined) {
      cutShort = new HarnessError(
        `${gone.part} of the stack ended by itself: ${gone.detail}`,
        'run redcliff doctor',
      );
      break;
    }
  }
  await keepLogs(stack, join(options.folder, 'logs'));
  const report = {
    schemaVersion: schemaVersion as typeof schemaVersion,
    id: options.id,
    command: options.command,
    startedAt,
    endedAt: new Date(clock.nowMs()).toISOString(),
    seed: options.seed,
    commit: await describeCommit(),
    versions: await describeVersions(),
    provider: { name: stack.provider, ...stack.parts, k6: describeK6(options.k6) },
    machine: describeMachine(),
    cells,
  };
  return { report, cutShort };
}

/** A cell that cannot be run to its end says nothing about the system. */
async function runCell(options: RunOptions, stack: Stack, plan: CellPlan): Promise<Cell> {
  const { clock, signal, warden, progress, defect, k6 } = options;
  const startedMs = clock.nowMs();
  const folder = await makeCellFolder(options.folder, plan.experiment.name, plan.outage);
  const run = {
    runFolder: options.folder,
    stack,
    warden,
    clock,
    signal,
    progress,
    defect,
    k6: k6?.path ?? null,
  };
  try {
    return await runExperiment(run, plan, folder);
  } catch (error) {
    const reason = signal.aborted ? 'interrupted' : describeFailure(error, stack);
    return failedCell(
      plan,
      reason,
      { startedMs, endedMs: clock.nowMs() },
      join('cells', `${plan.experiment.name}-${plan.outage}`),
    );
  }
}

/** The stack's own folder goes with the stack; its logs belong to the run. */
async function keepLogs(stack: Stack, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of Object.values(stack.logs)) await copyFile(file, join(folder, basename(file)));
}

function describeFailure(error: unknown, stack: Stack): string {
  const own = error instanceof Error ? error.message : String(error);
  const exits = stack.unexpectedExits().map(({ part, detail }) => `${part} ended by itself (${detail})`);
  return [own, ...exits].join('; ');
}

function describeK6(k6: RunOptions['k6']): PartDescription {
  return k6 === null
    ? { kind: 'embedded', program: 'redcliff k6', version: process.versions.node }
    : { kind: 'real', program: k6.path, version: k6.version };
}

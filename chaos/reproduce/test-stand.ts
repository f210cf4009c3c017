/** One stack on which a cell is run over and over, each time into a folder of its own with a report of its own. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { HarnessError, InterruptedError } from '../errors.ts';
import { describeRun } from '../experiment/describe-run.ts';
import { exitOf } from '../experiment/exit-status.ts';
import type { K6Program } from '../experiment/k6-program.ts';
import { runCell } from '../experiment/run-cell.ts';
import type { Progress, RunContext } from '../experiment/run-context.ts';
import { keepLogs, writeRun } from '../experiment/run-folder.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import { type ExperimentFile, planOf } from './experiment-file.ts';

export interface TestStandOptions {
  readonly provider: StackProvider;
  readonly seed: string;
  /** Folder that the folders of the runs are made in. */
  readonly folder: string;
  /** Command line that does all of it again. */
  readonly command: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  readonly k6: K6Program | null;
  readonly progress: Progress;
}

export interface TestStand extends AsyncDisposable {
  readonly stack: Stack;
  /**
   * Runs the experiment once, into the folder `label`. Throws InterruptedError when it was interrupted, HarnessError when the stack has
   * gone; any other failure of the harness is in the cell.
   */
  run(experiment: ExperimentFile, label: string, more?: RunOtherwise): Promise<Cell>;
}

/** What one run has that others have not. */
export type RunOtherwise = Pick<RunContext, 'hold' | 'systemFolder'>;

export async function openTestStand(options: TestStandOptions): Promise<TestStand> {
  const { warden, signal, seed } = options;
  await using made = new AsyncDisposableStack();
  const folder = made.use(await temporaryFolder(warden, 'stack'));
  const stack = made.use(await options.provider.start({ folder: folder.path, seed, signal }));
  const owned = made.move();
  return {
    stack,
    run: (experiment, label, more) => runOnce(options, stack, experiment, label, more ?? {}),
    [Symbol.asyncDispose]: async () => {
      await keepLogs(stack, options.folder);
      await owned.disposeAsync();
    },
  };
}

async function runOnce(
  options: TestStandOptions,
  stack: Stack,
  experiment: ExperimentFile,
  label: string,
  more: RunOtherwise,
): Promise<Cell> {
  const { clock, warden, signal, progress, k6, command } = options;
  signal.throwIfAborted();
  const runFolder = join(options.folder, label);
  await mkdir(runFolder, { recursive: true });
  const startedMs = clock.nowMs();
  const run: RunContext = {
    runFolder,
    stack,
    warden,
    clock,
    signal,
    progress,
    defect: experiment.defect,
    k6,
    ...more,
  };
  const cell = await runCell(run, planOf(experiment));
  const cutShort = signal.aborted ? new InterruptedError('interrupted', 'run it again') : null;
  const { seed } = experiment;
  const times = { startedMs, endedMs: clock.nowMs() };
  const report = await describeRun({ id: label, command, seed, ...times, stack, k6, cells: [cell] });
  await writeRun(runFolder, { ...report, comparison: null, exit: exitOf([cell], false, cutShort) });
  if (cutShort !== null) throw cutShort;
  const [gone] = stack.unexpectedExits();
  if (gone !== undefined) {
    throw new HarnessError(
      `${gone.part} of the stack ended by itself: ${gone.detail}`,
      'run redcliff doctor',
    );
  }
  return cell;
}

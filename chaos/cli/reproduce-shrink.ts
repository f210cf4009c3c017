/** The part of `redcliff reproduce` that shrinks: what it starts from, and what it tells of its end. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, UsageError } from '../errors.ts';
import { writeExperimentFile } from '../reproduce/experiment-file.ts';
import type { RecordedFailure } from '../reproduce/record-address.ts';
import { cellName, experimentOf } from '../reproduce/recorded-cell.ts';
import { shrinkFailure } from '../reproduce/shrink-failure.ts';
import type { ShrinkLog, ShrinkStart } from '../reproduce/shrink-log.ts';
import { symptomText } from '../reproduce/symptom.ts';
import type { TestStand } from '../reproduce/test-stand.ts';

export interface ShrinkReport {
  readonly stand: TestStand;
  readonly log: ShrinkLog;
  readonly folder: string;
  readonly maxRuns: number;
  /** Where the experiment goes as well, besides the folder. */
  readonly write: string | undefined;
  note(line: string): void;
}

/** Shrinking is about one symptom of one cell: the first, where the user did not name one. */
export function startOfShrinking(
  failures: readonly RecordedFailure[],
  { repeats, needed }: Pick<ShrinkStart, 'needed' | 'repeats'>,
): ShrinkStart {
  const [failure, another] = failures;
  const symptom = failure?.symptoms[0];
  if (failure === undefined || symptom === undefined) {
    throw new UsageError(
      '--shrink needs a cell in which something was violated',
      'name another one with --cell',
    );
  }
  if (another !== undefined) {
    throw new UsageError(
      `--shrink works on one cell, but ${failures.length} failed: ${failures.map(({ cell }) => cellName(cell)).join(', ')}`,
      `name one, for example --cell ${failure.cell.scenario}×${failure.cell.outage}`,
    );
  }
  return { original: experimentOf(failure.cell), symptom, repeats, needed };
}

/** Sets the exit status: 1 when the written experiment fails, 0 when there was nothing to shrink, 2 when it failed in no run any more. */
export async function runShrink({ stand, log, folder, maxRuns, write, note }: ShrinkReport): Promise<void> {
  const { original, symptom, repeats, needed } = log.start;
  note(
    `Shrinking ${symptomText(symptom)} of ${cellName(original)}. A smaller experiment is taken when ${needed} of up to ${repeats} ` +
      `runs show it; take this up again with: redcliff reproduce --resume ${folder}`,
  );
  const shrunk = await shrinkFailure({ log, stand, folder, maxRuns, note });
  if (shrunk === null) {
    console.log(
      `${symptomText(symptom)} of ${cellName(original)} did not show in ${repeats} runs: there is nothing to shrink. ` +
        'What shows rarely needs more: --repeats',
    );
    process.exitCode = exitCodes.held;
    return;
  }
  const { experiment, failed, runs } = shrunk;
  const file = join(folder, `${experiment.scenario}-${symptom.name}.experiment.json`);
  await writeExperimentFile(file, experiment);
  if (write !== undefined) await copyFile(file, write);
  console.log(experiment.title);
  for (const fault of experiment.timeline) console.log(`  ${JSON.stringify(fault)}`);
  console.log(
    `  load ${JSON.stringify(experiment.load)}, processes ${JSON.stringify(experiment.processes)}, world ${JSON.stringify(experiment.world)}`,
  );
  console.log(
    `Failed in ${failed} of ${runs} runs after the search${shrunk.cutShort ? ', which was cut short' : ''}`,
  );
  console.log(`Run it with: redcliff run --experiment ${write ?? file}`);
  process.exitCode = failed > 0 ? exitCodes.violated : exitCodes.unknown;
}

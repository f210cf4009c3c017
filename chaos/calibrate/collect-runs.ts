/** Runs one cell over and over, each time with a seed of its own, until there are so many runs of it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CalibrationRun } from '../../reports/compare/calibration.ts';
import { HarnessError } from '../errors.ts';
import type { ExperimentFile } from '../reproduce/experiment-file.ts';
import { experimentOfCell } from '../reproduce/experiment-of-cell.ts';
import { refuseElsewhere } from '../reproduce/repeated-runs.ts';
import type { TestStand } from '../reproduce/test-stand.ts';
import { type CalibrationSettings, readRun, runLabel } from './calibration-folder.ts';

export interface Collecting {
  readonly settings: CalibrationSettings;
  readonly folder: string;
  readonly runs: number;
  readonly stand: Pick<TestStand, 'run'>;
  starting(experiment: ExperimentFile, number: number): void;
  note(line: string): void;
}

/** A machine on which so many runs in a row fail is fit for no measurement. */
const failuresMax = 3;

/** Throws UsageError when the runs that are there were made elsewhere, HarnessError when one run after the other fails. */
export async function collectRuns(options: Collecting): Promise<CalibrationRun[]> {
  const { settings, folder, runs, stand, note } = options;
  const made: CalibrationRun[] = [];
  let failures = 0;
  for (let number = 1; number <= runs; number += 1) {
    const known = await readRun(folder, number);
    if (known === null) {
      const experiment = calibrationExperiment(settings, number);
      // What is left of a run that was cut short would be mixed with the new one.
      await rm(join(folder, runLabel(number)), { recursive: true, force: true });
      options.starting(experiment, number);
      const cell = await stand.run(experiment, runLabel(number));
      const run = await readRun(folder, number);
      failures = run === null ? failures + 1 : 0;
      if (run === null)
        note(`Run ${number} counts for nothing: ${cell.harnessError ?? 'its history is not whole'}`);
      else made.push(run);
      if (failures === failuresMax) {
        throw new HarnessError(
          `${failuresMax} runs in a row failed: ${cell.harnessError}`,
          `run redcliff doctor, then redcliff calibrate --resume ${folder}`,
        );
      }
    } else made.push(known);
    const [first, last] = [made[0], made.at(-1)];
    if (first !== undefined && last !== undefined)
      refuseElsewhere('the runs of this calibration', first.report, [last.report]);
  }
  return made;
}

/** What was drawn once is drawn again: the seed of each run is that of the calibration and its number. Throws UsageError. */
export function calibrationExperiment(settings: CalibrationSettings, number: number): ExperimentFile {
  const { scenario, outage, durationMs } = settings;
  const title = `${scenario} × ${outage}, run ${number} of a calibration`;
  return experimentOfCell({ scenario, outage, durationMs, seed: `${settings.seed}-${number}`, title });
}

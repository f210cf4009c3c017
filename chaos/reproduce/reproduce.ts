/** Runs recorded cells again and counts in how many of the runs the same was violated. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedcliffError } from '../errors.ts';
import type { RunContext } from '../experiment/run-context.ts';
import type { ExperimentFile } from './experiment-file.ts';
import { experimentOf } from './recorded-cell.ts';
import type { RecordedFailure } from './record-address.ts';
import type { Repetition } from './repetitions.ts';
import { explain, seenIn } from './symptom.ts';
import type { TestStand } from './test-stand.ts';

export interface ReproduceOptions {
  readonly stand: TestStand;
  readonly failures: readonly RecordedFailure[];
  /** Of each cell. */
  readonly times: number;
  /** Folder in which `reproduce.json` is kept. */
  readonly folder: string;
  readonly hold?: RunContext['hold'];
  starting(experiment: ExperimentFile, number: number): void;
  repeated(repetition: Repetition): void;
}

export interface Reproduction {
  readonly repetitions: readonly Repetition[];
  /** Why not all was run, if so. */
  readonly cutShort: RedcliffError | null;
}

export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const repetitions: Repetition[] = [];
  const file = join(options.folder, 'reproduce.json');
  for (const failure of options.failures) {
    const experiment = experimentOf(failure.cell);
    const { scenario, outage } = failure.cell;
    for (let number = 1; number <= options.times; number += 1) {
      const folder = `${scenario}-${outage}-run-${number}`;
      options.starting(experiment, number);
      try {
        const cell = await options.stand.run(experiment, folder, options.hold && { hold: options.hold });
        const symptoms = failure.symptoms.map((symptom) => ({
          symptom,
          sighting: seenIn(cell, symptom),
          explanation: explain(cell, symptom),
        }));
        const repetition = { scenario, outage, number, folder, harnessError: cell.harnessError, symptoms };
        repetitions.push(repetition);
        await writeFile(file, `${JSON.stringify(repetitions, null, 1)}\n`);
        options.repeated(repetition);
      } catch (error) {
        if (error instanceof RedcliffError) return { repetitions, cutShort: error };
        throw error;
      }
    }
  }
  return { repetitions, cutShort: null };
}

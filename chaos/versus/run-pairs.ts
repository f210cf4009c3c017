/**
 * Runs two versions of the system in pairs, right after each other on one stack. Which of a pair comes first changes from pair to pair (ABBA), so that
 * a machine that becomes slower and slower favours neither.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pair } from '../../reports/compare/side-by-side.ts';
import type { Report } from '../../reports/record/report.ts';
import { HarnessError } from '../errors.ts';
import type { ExperimentFile } from '../reproduce/experiment-file.ts';
import { experimentOfCell } from '../reproduce/experiment-of-cell.ts';
import { refuseElsewhere } from '../reproduce/repeated-runs.ts';
import type { TestStand } from '../reproduce/test-stand.ts';
import { readPair, runLabel, type Version, type VersusSettings, versions } from './versus-folder.ts';

export interface Pairing {
  readonly settings: VersusSettings;
  readonly folder: string;
  readonly pairs: number;
  /** Folder of the system before. */
  readonly otherSystem: string;
  readonly stand: Pick<TestStand, 'run'>;
  starting(experiment: ExperimentFile, number: number, version: Version): void;
  note(line: string): void;
}

/** A machine on which so many pairs in a row fail is fit for no measurement. */
const failuresMax = 3;

/** Pairs that are there already count. Throws UsageError when they were made elsewhere, HarnessError when one pair after the other fails. */
export async function runPairs(options: Pairing): Promise<Pair[]> {
  const { folder, pairs, note } = options;
  const made: Pair[] = [];
  let first: Report | null = null;
  let failures = 0;
  for (let number = 1; number <= pairs; number += 1) {
    const known = await readPair(folder, number);
    if (known === null) await runPair(options, number);
    const pair = known ?? (await readPair(folder, number));
    failures = pair === null ? failures + 1 : 0;
    if (pair === null) note(`Pair ${number} counts for nothing: the harness failed in one of its runs`);
    if (failures === failuresMax) {
      throw new HarnessError(
        `${failuresMax} pairs in a row failed`,
        `run redcliff doctor, then redcliff versus --resume ${folder}`,
      );
    }
    if (pair === null) continue;
    const { before, after } = pair;
    first ??= before.report;
    refuseElsewhere('the pairs of this comparison', first, [before.report, after.report]);
    made.push({ before: before.cell, after: after.cell });
  }
  return made;
}

/** Throws UsageError when there is no such scenario or outage. */
export function versusExperiment(settings: VersusSettings, number: number): ExperimentFile {
  const { scenario, outage, durationMs } = settings;
  const title = `${scenario} × ${outage}, pair ${number}`;
  return experimentOfCell({ scenario, outage, durationMs, seed: `${settings.seed}-${number}`, title });
}

/** Both of them, also when one is there: they have to be neighbours. */
async function runPair(options: Pairing, number: number): Promise<void> {
  const { settings, folder, otherSystem, stand } = options;
  const experiment = versusExperiment(settings, number);
  const order = number % 2 === 1 ? versions : versions.toReversed();
  for (const version of order) {
    await rm(join(folder, runLabel(number, version)), { recursive: true, force: true });
  }
  for (const version of order) {
    options.starting(experiment, number, version);
    const more = version === 'before' ? { systemFolder: otherSystem } : {};
    await stand.run(experiment, runLabel(number, version), more);
  }
}

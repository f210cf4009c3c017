/** `redcliff calibrate`: how often the comparison accuses identical code, and how small a slow-down it finds, on this machine. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { calibrate } from '../../reports/compare/calibration.ts';
import type { CalibrationRun } from '../../reports/compare/calibration.ts';
import { renderCalibration } from '../../reports/compare/calibration-text.ts';
import { calibrateSideBySide } from '../../reports/compare/side-by-side-calibration.ts';
import { scatterOf } from '../../reports/compare/scatter.ts';
import { calibrationFile, type CalibrationSettings, readRun } from '../calibrate/calibration-folder.ts';
import { calibrationExperiment, collectRuns } from '../calibrate/collect-runs.ts';
import { UsageError } from '../errors.ts';
import { planOf } from '../reproduce/experiment-file.ts';
import { parseDurationMs } from './duration.ts';
import { onTestStand } from './on-test-stand.ts';
import { folderFor } from './output-folder.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';
import { parseWholeNumber } from './whole-number.ts';

interface CalibrateFlags extends StackFlags {
  readonly outage: string;
  readonly runs: string;
  readonly duration: string;
  readonly seed: string;
  readonly resume?: string;
  readonly judge?: boolean;
  readonly out: string;
  readonly quiet?: boolean;
}

const referenceCounts = [1, 3, 5, 8];
const slowdowns = [1, 1.1, 1.15, 1.2, 1.25, 1.3, 1.5, 2, 3, 5];
const draws = 10;
const pairCounts = [6, 12, 20];

export function addCalibrateCommand(program: Command): void {
  const command = program
    .command('calibrate')
    .description(
      'measure how often the comparison accuses identical code, and how small a slow-down it finds',
    )
    .argument('[scenario]', 'one cell of it is run again and again', 'reads')
    .option('--outage <name>', 'its outage', 'none')
    .option('--runs <number>', 'how many runs there shall be; those that are there already count', '68')
    .option('--duration <time>', 'of the load of each run', '6s')
    .option('--seed <text>', 'what the seed of every run begins with', 'calibrate')
    .option('--resume <folder>', 'go on with a calibration; scenario, outage, duration and seed are its own')
    .addOption(new Option('--judge', 'only judge the runs of --resume that are there'))
    .option('--out <folder>', 'where the folder of the calibration is made', 'reports/runs')
    .option('--quiet', 'print only the result');
  addStackOptions(command).action(run);
}

async function run(scenario: string, flags: CalibrateFlags): Promise<void> {
  const wanted = parseWholeNumber('--runs', flags.runs, { least: 2, most: 9_999, example: 68 });
  if (flags.judge === true && flags.resume === undefined) {
    throw new UsageError('--judge needs --resume', 'name the folder whose runs are to be judged');
  }
  const settings = await settingsOf(scenario, flags);
  // Whatever is wrong with them is found here, before anything starts.
  planOf(calibrationExperiment(settings, 1));
  const folder = await folderFor(flags, calibrationFile, settings, 'calibrate');
  const runs =
    flags.judge === true ? await readRuns(folder, wanted) : await collect(settings, folder, wanted, flags);
  const cell = `${settings.scenario} × ${settings.outage}`;
  if (flags.quiet !== true)
    console.error(`Judging ${runs.length} runs, compared in thousands of ways: some minutes`);
  const about = { cell, runs: runs.length, scatter: scatterOf(runs.map(({ report }) => report)) };
  const rows = calibrate(runs, { references: referenceCounts, slowdowns, draws, seed: settings.seed });
  const sideBySide = calibrateSideBySide(runs, { pairs: pairCounts, slowdowns });
  const text = renderCalibration(about, rows, sideBySide);
  await writeFile(join(folder, 'calibration.md'), text);
  await writeFile(
    join(folder, 'calibration-result.json'),
    `${JSON.stringify({ ...about, rows, sideBySide }, null, 1)}\n`,
  );
  console.log(text);
  console.log(`Runs and results: ${folder}`);
}

async function settingsOf(scenario: string, flags: CalibrateFlags): Promise<CalibrationSettings> {
  if (flags.resume !== undefined) return await calibrationFile.read(flags.resume);
  const durationMs = parseDurationMs('--duration', flags.duration);
  return { scenario, outage: flags.outage, durationMs, seed: flags.seed };
}

async function readRuns(folder: string, wanted: number): Promise<CalibrationRun[]> {
  const runs: CalibrationRun[] = [];
  for (let number = 1; number <= wanted; number += 1) {
    const made = await readRun(folder, number);
    if (made !== null) runs.push(made);
  }
  if (runs.length > 1) return runs;
  throw new UsageError(`--judge: "${folder}" holds fewer than two runs`, 'leave --judge out, to make some');
}

async function collect(
  settings: CalibrationSettings,
  folder: string,
  wanted: number,
  flags: CalibrateFlags,
): Promise<CalibrationRun[]> {
  return await onTestStand(
    {
      flags,
      k6: null,
      folder,
      seed: settings.seed,
      needs: [],
      command: `calibrate --resume ${folder}`,
      stages: 'on a terminal',
    },
    async ({ stand, lane, note }) => {
      note(`Runs in ${folder}; go on after an interruption with --resume ${folder}`);
      return await collectRuns({
        settings,
        folder,
        runs: wanted,
        stand,
        starting: (experiment, number) => lane.cellStarted(planOf(experiment), number - 1, wanted),
        note,
      });
    },
  );
}

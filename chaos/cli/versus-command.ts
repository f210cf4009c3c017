/** `redcliff versus`: runs another version of the system beside this one, and says whether this one is slower. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { compareSideBySide, pairsMin } from '../../reports/compare/side-by-side.ts';
import { renderSideBySide } from '../../reports/compare/side-by-side-text.ts';
import { systemClock } from '../clock.ts';
import { HarnessError, UsageError } from '../errors.ts';
import { describeCommit } from '../experiment/environment.ts';
import { exitOf } from '../experiment/exit-status.ts';
import { silentProgress } from '../experiment/run-context.ts';
import { planOf } from '../reproduce/experiment-file.ts';
import { openTestStand } from '../reproduce/test-stand.ts';
import { findOtherSystem, openOtherSystem } from '../versus/other-system.ts';
import { type PairedCells, runPairs, versusExperiment } from '../versus/run-pairs.ts';
import { readSettings, type VersusSettings, writeSettings } from '../versus/versus-folder.ts';
import { parseDurationMs } from './duration.ts';
import { openHarnessSession } from './harness-session.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';
import { parseWholeNumber } from './whole-number.ts';

interface VersusFlags extends StackFlags {
  readonly outage: string;
  readonly pairs: string;
  readonly duration: string;
  readonly seed: string;
  readonly resume?: string;
  readonly out: string;
  readonly quiet?: boolean;
}

export function addVersusCommand(program: Command): void {
  const command = program
    .command('versus')
    .description('run another version of the system beside this one, and say whether this one is slower')
    .argument('[other]', 'a commit of this repository, or the folder of another checkout')
    .argument('[scenario]', 'whose cell both versions run', 'reads')
    .option('--outage <name>', 'its outage', 'none')
    .option('--pairs <number>', 'of runs, one of each version; those that are there already count', '12')
    .option('--duration <time>', 'of the load of each run', '6s')
    .option('--seed <text>', 'what the seed of every pair begins with', 'versus')
    .option(
      '--resume <folder>',
      'go on with a comparison; version, scenario, outage, duration and seed are its own',
    )
    .option('--out <folder>', 'where the folder of the comparison is made', 'reports/runs')
    .option('--quiet', 'print only the result');
  addStackOptions(command).action(versus);
}

async function versus(other: string | undefined, scenario: string, flags: VersusFlags): Promise<void> {
  const wanted = parseWholeNumber('--pairs', flags.pairs, { least: pairsMin, most: 999, example: 12 });
  const settings = await settingsOf(other, scenario, flags);
  // Whatever is wrong with them is found here, before anything starts.
  planOf(versusExperiment(settings, 1));
  const found = await findOtherSystem(settings.before);
  const folder = await folderOf(settings, flags);
  const pairs = await collect(settings, found, folder, wanted, flags);
  if (pairs.length < pairsMin) {
    throw new HarnessError(
      `only ${pairs.length} of ${wanted} pairs count, which are too few for a comparison`,
      `run redcliff doctor, then redcliff versus --resume ${folder}`,
    );
  }
  const figures = compareSideBySide(pairs);
  const cell = `${settings.scenario} × ${settings.outage}`;
  const text = renderSideBySide(
    { cell, before: settings.before, after: await describeCommit(), pairs },
    figures,
  );
  await writeFile(join(folder, 'versus.md'), text);
  await writeFile(join(folder, 'versus-result.json'), `${JSON.stringify({ cell, figures }, null, 1)}\n`);
  console.log(text);
  console.log(`Runs and results: ${folder}`);
  const slower = figures.some(({ outcome }) => outcome === 'slower');
  process.exitCode = exitOf(
    pairs.map(({ after }) => after),
    slower,
    null,
  ).code;
}

async function settingsOf(
  other: string | undefined,
  scenario: string,
  flags: VersusFlags,
): Promise<VersusSettings> {
  if (flags.resume !== undefined) return await readSettings(flags.resume);
  if (other === undefined) {
    throw new UsageError(
      'versus needs to know what this version is compared with',
      'give a commit, such as HEAD~1 or main, or the folder of another checkout',
    );
  }
  const durationMs = parseDurationMs('--duration', flags.duration);
  const found = await findOtherSystem(other);
  const before = 'commit' in found ? found.commit : resolve(found.folder);
  return { before, scenario, outage: flags.outage, durationMs, seed: flags.seed };
}

async function folderOf(settings: VersusSettings, flags: VersusFlags): Promise<string> {
  if (flags.resume !== undefined) return resolve(flags.resume);
  await checkWritable(flags.out);
  const label = [`versus-${settings.scenario}-${settings.outage}`];
  const { path } = await makeRunFolder(flags.out, new Date(systemClock.nowMs()), label);
  await writeSettings(path, settings);
  return path;
}

async function collect(
  settings: VersusSettings,
  found: Awaited<ReturnType<typeof findOtherSystem>>,
  folder: string,
  wanted: number,
  flags: VersusFlags,
): Promise<PairedCells[]> {
  const clock = systemClock;
  using display = showProgress(process.stderr, clock, flags.quiet === true);
  const note = (line: string): void => display.note(line);
  await using session = await openHarnessSession(flags, clock, note);
  const { provider, warden, signal } = session;
  await using system = await openOtherSystem(found, warden);
  const lane = display.lane();
  const isTerminal = process.stderr.isTTY === true;
  await using stand = await openTestStand({
    provider,
    seed: settings.seed,
    folder,
    command: `npm run redcliff -- versus --resume ${folder}`,
    clock,
    warden,
    signal,
    k6: null,
    progress: isTerminal ? lane : silentProgress,
  });
  display.stackStarted(stand.stack);
  note(`Before: ${system.version}. Runs in ${folder}; go on after an interruption with --resume ${folder}`);
  return await runPairs({
    settings,
    folder,
    pairs: wanted,
    otherSystem: system.systemFolder,
    stand,
    starting: (experiment, number, version) => {
      note(`Pair ${number} of ${wanted}: the version ${version}`);
      if (isTerminal) lane.cellStarted(planOf(experiment), number - 1, wanted);
    },
    note,
  });
}

/** `redcliff versus`: runs another version of the system beside this one, and says whether this one is slower. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { compareSideBySide, type Pair, pairsMin } from '../../reports/compare/side-by-side.ts';
import { renderSideBySide } from '../../reports/compare/side-by-side-text.ts';
import { HarnessError, UsageError } from '../errors.ts';
import { describeCommit } from '../experiment/environment.ts';
import { exitOf } from '../experiment/exit-status.ts';
import { planOf } from '../reproduce/experiment-file.ts';
import { findOtherSystem, type FoundSystem, openOtherSystem } from '../versus/other-system.ts';
import { runPairs, versusExperiment } from '../versus/run-pairs.ts';
import { versusFile, type VersusSettings } from '../versus/versus-folder.ts';
import { parseDurationMs } from './duration.ts';
import { onTestStand } from './on-test-stand.ts';
import { folderFor } from './output-folder.ts';
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
  const { settings, found } = await begin(other, scenario, flags);
  // Whatever is wrong with them is found here, before anything starts.
  planOf(versusExperiment(settings, 1));
  const folder = await folderFor(flags, versusFile, settings, 'versus');
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

/** What is compared with what is here, and where that was found. */
async function begin(
  other: string | undefined,
  scenario: string,
  flags: VersusFlags,
): Promise<{ readonly settings: VersusSettings; readonly found: FoundSystem }> {
  if (flags.resume !== undefined) {
    const settings = await versusFile.read(flags.resume);
    return { settings, found: await findOtherSystem(settings.before) };
  }
  if (other === undefined) {
    throw new UsageError(
      'versus needs to know what this version is compared with',
      'give a commit, such as HEAD~1 or main, or the folder of another checkout',
    );
  }
  const durationMs = parseDurationMs('--duration', flags.duration);
  const found = await findOtherSystem(other);
  const before = 'commit' in found ? found.commit : found.folder;
  return { settings: { before, scenario, outage: flags.outage, durationMs, seed: flags.seed }, found };
}

async function collect(
  settings: VersusSettings,
  found: FoundSystem,
  folder: string,
  wanted: number,
  flags: VersusFlags,
): Promise<Pair[]> {
  return await onTestStand(
    {
      flags,
      k6: null,
      folder,
      seed: settings.seed,
      needs: [],
      command: `versus --resume ${folder}`,
      stages: 'on a terminal',
    },
    async ({ stand, lane, warden, note }) => {
      await using system = await openOtherSystem(found, warden);
      note(
        `Before: ${settings.before}. Runs in ${folder}; go on after an interruption with --resume ${folder}`,
      );
      return await runPairs({
        settings,
        folder,
        pairs: wanted,
        otherSystem: system.systemFolder,
        stand,
        starting: (experiment, number, version) => {
          note(`Pair ${number} of ${wanted}: the version ${version}`);
          if (process.stderr.isTTY === true) lane.cellStarted(planOf(experiment), number - 1, wanted);
        },
        note,
      });
    },
  );
}

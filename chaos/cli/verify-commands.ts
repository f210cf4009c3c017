/** `redcliff verify …`: tests of the tool itself on a target: mutants, false positives, and the reliability of the comparison. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { calibrate } from '../../reports/compare/calibration.ts';
import { renderCalibration } from '../../reports/compare/calibration-text.ts';
import { scatterOf } from '../../reports/compare/scatter.ts';
import { calibrateSideBySide } from '../../reports/compare/side-by-side-calibration.ts';
import type { Mutant } from '../api/mutant.ts';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, MissingPartError, UsageError } from '../errors.ts';
import { campaignFolder, type CampaignKind } from '../run/campaign.ts';
import {
  cellName,
  cellsThatCanRun,
  lackingFor,
  needsOf,
  offeredBy,
  parseSuite,
  planCells,
  type PlanningContext,
  planningContext,
} from '../run/plan.ts';
import { repeatedCell } from '../run/side-by-side.ts';
import { describeCommit, describeMachine } from '../run/surroundings.ts';
import { chooseWorkers } from '../run/workers.ts';
import type { StackProvider } from '../stack/contract.ts';
import { refuseAttached } from '../target/attached.ts';
import { loadTarget } from '../target/load-config.ts';
import { mutantNamed, mutantsOf, notJudgedOf } from '../target/mutants.ts';
import { collectRuns, comparisonCampaign, type ComparisonSettings, readRuns } from '../verify/comparison.ts';
import {
  exitOfFalsePositives,
  recordOf,
  renderTally,
  type RoundCell,
  runFalsePositives,
} from '../verify/false-positives.ts';
import { exitOfMutants, planMutantCell, renderMutants, runMutants } from '../verify/mutants.ts';
import { z } from 'zod';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  outOption,
  parseWholeNumber,
  parseWorkers,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { openSession } from './session.ts';
import { addJudge } from './verify-judge-command.ts';
import { invariantNamed } from '../target/invariants.ts';

export function addVerifyCommands(program: Command): void {
  const verify = program
    .command('verify')
    .helpGroup('Maintain:')
    .description('test the tool itself on the target: mutants, false positives, comparison');
  addMutants(verify, 'mutants');
  addFalsePositives(verify);
  addComparison(verify);
  addJudge(verify);
  addMutants(program, 'selftest').helpGroup('Maintain:').description('short for verify mutants');
}

const resumeOption = [
  '--resume <folder>',
  'continue an interrupted campaign: only jobs without an outcome run',
] as const;
const workersOption = [
  '--workers <n>',
  'cells that run at once, each on its own stack (default: 1 or 2, as the idle processors allow)',
] as const;

interface CampaignFlags extends StackFlags, TargetFlags {
  readonly seed: string;
  readonly out: string;
  readonly resume?: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

interface MutantFlags extends CampaignFlags {
  readonly withoutChecker?: string[];
  readonly clean?: boolean;
  readonly set?: string;
  readonly tries: string;
}

const mutantCampaign: CampaignKind<{ readonly seed: string }> = {
  what: 'mutation campaign',
  command: 'redcliff verify mutants',
  settings: z.strictObject({ seed: z.string() }),
};

function addMutants(parent: Command, name: string): Command {
  const command = parent
    .command(name)
    .description('run the target with each mutant and check that its cell catches it')
    .argument('[mutant...]', 'default: all that are judged; see redcliff list mutants')
    .option('--set <name>', 'run the mutants of this set')
    .option('--seed <text>', 'source of every random choice', 'mutants')
    .option(...workersOption)
    .option('--tries <n>', 'number of cells for each mutant, each with its own seed, until it is caught', '3')
    .option(...outOption)
    .option(...resumeOption)
    .option(
      '--without-checker <invariant...>',
      'judge without these checkers: their mutants must then be missed',
    )
    .option('--clean', 'run the same cells without the mutants: nothing may be reported')
    .option('--quiet', 'print only the result');
  return addStackOptions(addTargetOptions(command)).action(mutants);
}

async function mutants(names: string[], flags: MutantFlags): Promise<void> {
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const { target } = context;
  refuseAttached(target, 'verify mutants');
  if (names.length > 0 && flags.set !== undefined)
    throw new UsageError('--set cannot be given with names of mutants', 'give one or the other');
  const chosen =
    names.length === 0
      ? mutantsOf(target, flags.set)
      : names.map((name) => mutantNamed(target, name, 'mutant'));
  for (const invariant of flags.withoutChecker ?? []) invariantNamed(target, invariant, '--without-checker');
  const tries = parseWholeNumber('--tries', flags.tries, { most: 99, example: 3 });
  const asked = parseWorkers(flags.workers);
  const { folder, settings } = await campaignFolder(mutantCampaign, flags, 'mutants', systemClock, () => ({
    seed: checkSeed(flags.seed),
  }));
  const plans = chosen.map((mutant) => ({ mutant, plan: planMutantCell(context, mutant, settings.seed) }));
  const needs = plans.map(({ plan }) => needsOf(plan));
  await using session = await openSession({ flags, target, k6: null, needs });
  const { host, display, note } = session;
  refuseImpossible(plans, host.provider);
  note(`Seed ${settings.seed}, ${chosen.length} mutants, results in ${folder}`);
  const leftOut = names.length > 0 ? [] : notJudgedOf(target, flags.set);
  if (leftOut.length > 0)
    note(`${leftOut.length} mutants that nothing judges are left out; redcliff list mutants says why`);
  const { outcomes, cutShort } = await runMutants(host, {
    context,
    mutants: chosen,
    seed: settings.seed,
    workers: (await chooseWorkers(host, asked, true)).count,
    tries,
    folder,
    withoutCheckers: flags.withoutChecker ?? [],
    clean: flags.clean === true,
    stackStarted: (stack) => display.stackStarted(stack),
    missedOnce: ({ mutant, tries: tried, summary }) =>
      note(`${mutant}: missed at try ${tried} of ${tries}, ${summary}`),
    ended: ({ mutant, result, summary }, done, total) =>
      note(`[${done}/${total}] ${mutant}: ${result}${summary === '' ? '' : `, ${summary}`}`),
  });
  if (cutShort !== null) throw cutShort;
  const known = outcomes.filter((outcome) => outcome !== undefined);
  console.log(renderMutants(known));
  process.exitCode = exitOfMutants(known);
}

/** A mutant that cannot be caught on this stack must not look like one that was missed. */
function refuseImpossible(
  plans: readonly { readonly mutant: Mutant; readonly plan: ReturnType<typeof planMutantCell> }[],
  provider: StackProvider,
): void {
  const lacking = plans
    .map(({ mutant, plan }) => ({ name: mutant.name, missing: lackingFor(plan, offeredBy(provider)) }))
    .filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return;
  const missing = [...new Set(lacking.flatMap((each) => each.missing))].join(', ');
  throw new MissingPartError(
    `the ${provider.name} stack does not offer ${missing}, which these mutants need: ${lacking.map(({ name }) => name).join(', ')}`,
    'use --stack local with its embedded Toxiproxy, or name the mutants to plant',
  );
}

interface FalsePositiveFlags extends CampaignFlags {
  readonly suite: string;
  readonly fault?: string[];
  readonly times: string;
  readonly record?: string;
}

const falsePositiveCampaign: CampaignKind<{ readonly seed: string }> = {
  what: 'false-positive campaign',
  command: 'redcliff verify false-positives',
  settings: z.strictObject({ seed: z.string() }),
};

function addFalsePositives(verify: Command): void {
  const command = verify
    .command('false-positives')
    .description('repeat cells with new seeds on the unchanged target: nothing may be reported')
    .argument('[scenario...]', 'all of the suite when none is named')
    .option('--suite <name>', 'ci or smoke', 'ci')
    .option('--fault <name...>', 'only these faults')
    .option('--times <n>', 'rounds, each with its own seed', '6')
    .option('--seed <text>', 'prefix of the seed of every round', 'false-positives')
    .option(...workersOption)
    .option(...outOption)
    .option(...resumeOption)
    .option('--record <file>', 'also write the result to this file, as JSON')
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(command)).action(falsePositives);
}

async function falsePositives(scenarios: string[], flags: FalsePositiveFlags): Promise<void> {
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const { target } = context;
  const times = parseWholeNumber('--times', flags.times, { most: 9_999, example: 6 });
  const suite = parseSuite(flags.suite);
  const asked = parseWorkers(flags.workers);
  const seeds = { seed: checkSeed(flags.seed) };
  const { folder, settings } = await campaignFolder(
    falsePositiveCampaign,
    flags,
    'false-positives',
    systemClock,
    () => seeds,
  );
  const planned = Array.from({ length: times }, (_, index) => index + 1).flatMap((round) =>
    planCells(context, {
      scenarios,
      faults: flags.fault ?? [],
      suite,
      seed: `${settings.seed}-${round}`,
    }).map((plan): RoundCell => ({ round, plan })),
  );
  const needs = planned.map(({ plan }) => needsOf(plan));
  await using session = await openSession({ flags, target, k6: null, needs });
  const { host, display, note } = session;
  const cells = possibleOn(host.provider, planned, flags, note);
  note(`Seed ${settings.seed}, ${cells.length} cells, results in ${folder}`);
  const commit = await describeCommit(target.folder);
  const { outcomes, cutShort } = await runFalsePositives(host, {
    cells,
    seed: settings.seed,
    workers: (await chooseWorkers(host, asked, true)).count,
    folder,
    commit,
    stackStarted: (stack) => display.stackStarted(stack),
    ended: ({ scenario, fault, seed, result, remarks }, done, total) =>
      note([`[${done}/${total}] ${scenario} × ${fault}, seed ${seed}: ${result}`, ...remarks].join('; ')),
  });
  if (cutShort !== null) throw cutShort;
  const known = outcomes.filter((outcome) => outcome !== undefined);
  if (flags.record !== undefined) {
    await mkdir(resolve(flags.record, '..'), { recursive: true });
    await writeFile(flags.record, `${JSON.stringify(recordOf(known, describeMachine()), null, 1)}\n`);
  }
  console.log(renderTally(known));
  process.exitCode = exitOfFalsePositives(known);
}

/** A cell that cannot run there is named once, and left out of every round. */
function possibleOn(
  provider: StackProvider,
  planned: readonly RoundCell[],
  flags: FalsePositiveFlags,
  note: (line: string) => void,
): readonly RoundCell[] {
  const able = offeredBy(provider);
  const firstRound = planned.filter(({ round }) => round === 1).map(({ plan }) => plan);
  cellsThatCanRun(firstRound, able, {
    askedByName: flags.fault !== undefined,
    leftOut: (reason) => note(`Left out: ${reason}`),
  });
  return planned.filter(({ plan }) => lackingFor(plan, able).length === 0);
}

const referenceCounts = [1, 3, 5, 8];
const slowdowns = [1, 1.1, 1.15, 1.2, 1.25, 1.3, 1.5, 2, 3, 5];
const draws = 10;
const pairCounts = [6, 12, 20];

interface ComparisonFlags extends CampaignFlags {
  readonly fault: string;
  readonly runs: string;
  readonly duration: string;
  readonly judge?: boolean;
}

function addComparison(verify: Command): void {
  const command = verify
    .command('comparison')
    .description(
      'A/A test: how often the comparison reports identical code as slower, and the smallest slow-down it detects',
    )
    .argument('[scenario]', 'scenario of the cell that is repeated (default: the first)')
    .option('--fault <name>', 'the fault of the cell', 'none')
    .option('--runs <number>', 'number of runs, including those in the folder already', '68')
    .option('--duration <time>', 'length of the load of each run', '6s')
    .option('--seed <text>', 'prefix of the seed of every run', 'comparison')
    .option(
      '--resume <folder>',
      'continue an interrupted campaign, with its scenario, fault, duration and seed',
    )
    .option('--judge', 'only judge the existing runs of --resume')
    .option(...outOption)
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(command)).action(comparison);
}

async function comparison(scenario: string | undefined, flags: ComparisonFlags): Promise<void> {
  const runs = parseWholeNumber('--runs', flags.runs, { least: 2, most: 9_999, example: 68 });
  if (flags.judge === true && flags.resume === undefined)
    throw new UsageError('--judge needs --resume', 'name the folder with the runs to judge');
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const name = scenario ?? context.target.scenarios[0]?.name ?? '';
  const wanted: ComparisonSettings = {
    scenario: name,
    fault: flags.fault,
    durationMs: parseDurationMs('--duration', flags.duration),
    seed: checkSeed(flags.seed),
  };
  // Mistakes in the cell are reported here, before anything starts.
  if (flags.resume === undefined) repeatedCell(context, wanted, 1);
  const { folder, settings } = await campaignFolder(
    comparisonCampaign,
    flags,
    `comparison-${name}-${flags.fault}`,
    systemClock,
    () => wanted,
  );
  const plan = repeatedCell(context, settings, 1);
  const found =
    flags.judge === true
      ? await readRuns(folder, runs)
      : await collect(context, settings, folder, runs, flags);
  if (found.length < 2)
    throw new UsageError(`"${folder}" holds fewer than two runs`, 'omit --judge to make more');
  if (flags.quiet !== true)
    console.error(`Judging ${found.length} runs, compared in thousands of ways: this takes some minutes`);
  const about = {
    cell: cellName(plan),
    runs: found.length,
    scatter: scatterOf(found.map(({ report }) => report)),
  };
  const rows = calibrate(found, { references: referenceCounts, slowdowns, draws, seed: settings.seed });
  const sideBySide = calibrateSideBySide(found, { pairs: pairCounts, slowdowns });
  const text = renderCalibration(about, rows, sideBySide);
  await writeFile(join(folder, 'comparison.md'), text);
  await writeFile(
    join(folder, 'comparison.json'),
    `${JSON.stringify({ ...about, rows, sideBySide }, null, 1)}\n`,
  );
  console.log(text);
  console.log(`Runs and results: ${folder}`);
  process.exitCode = exitCodes.held;
}

async function collect(
  context: PlanningContext,
  settings: ComparisonSettings,
  folder: string,
  runs: number,
  flags: ComparisonFlags,
) {
  await using session = await openSession({ flags, target: context.target, k6: null, needs: [] });
  const { host, display, note } = session;
  note(`Runs in ${folder}; continue after an interruption with --resume ${folder}`);
  const progress = display.worker();
  return await collectRuns(host, {
    context,
    settings,
    folder,
    runs,
    stackStarted: (stack) => display.stackStarted(stack),
    starting: (plan, number) => progress.cellStarted(plan, number - 1, runs),
    note,
  });
}

/** `redcliff reproduce`: runs a recorded failure again, from its record alone; shrinks it; or pauses it at a fault. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Report } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import { systemClock } from '../clock.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { beginCampaign, resumeCampaign, runCampaign } from '../run/campaign.ts';
import { differencesFrom } from '../run/differences.ts';
import { chooseK6 } from '../run/k6-program.ts';
import { pauseAt } from '../run/pause.ts';
import { needsOf, type PlanningContext, planningContext } from '../run/plan.ts';
import { planFileOfRecord, planOf, writePlanFile } from '../run/plan-file.ts';
import {
  chooseFailures,
  exitOfRepetitions,
  openRecord,
  type RecordedFailure,
  renderConclusion,
  renderRepetition,
  reproduce,
} from '../run/reproduce.ts';
import { checkWritable, makeRunFolder } from '../run/run-folder.ts';
import {
  runsOnStack,
  shrinkCampaign,
  shrinkFailure,
  type ShrinkSettings,
  type Shrunk,
} from '../run/shrink-failure.ts';
import { describeSurroundings } from '../run/surroundings.ts';
import { symptomText } from '../run/symptom.ts';
import type { Stack } from '../stack/contract.ts';
import { loadTarget } from '../target/load-config.ts';
import { invocation } from '../setup/own-files.mjs';
import {
  addStackOptions,
  addTargetOptions,
  k6Option,
  outOption,
  parseWholeNumber,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { reproduceSimulated } from './reproduce-simulated.ts';
import { openSession, type Session } from './session.ts';

interface ReproduceFlags extends StackFlags, TargetFlags {
  readonly cell?: string;
  readonly times?: string;
  readonly pauseAt?: string;
  readonly shrink?: boolean;
  readonly simulate?: boolean;
  readonly real?: boolean;
  readonly repeats: string;
  readonly needed: string;
  readonly maxRuns: string;
  readonly resume?: string;
  readonly write?: string;
  readonly out: string;
  readonly k6?: string;
  readonly quiet?: boolean;
}

export function addReproduceCommand(program: Command): void {
  const command = program
    .command('reproduce')
    .helpGroup('Investigate:')
    .description('run a recorded failure again, and say how often it occurs')
    .argument('[report]', 'folder of a run, its report.json, or junit.xml#CASE')
    .option('--cell <name>', 'only this cell, such as checkout×redis-down (default: all that failed)')
    .option('--times <number>', 'runs of each cell (default: 3; 1 with --pause-at)')
    .option('--pause-at <fault>', 'pause the timeline there, with everything up, until Enter is pressed')
    .option('--shrink', 'find a smallest plan that still fails, and write it to a file')
    .option('--simulate', 'run a cell again that "simulate" kept, in the simulation; REPORT is its folder')
    .option('--real', 'with --simulate: also run the plan on the real stack')
    .option('--repeats <number>', 'number of runs of each smaller plan', '3')
    .option('--needed <number>', 'number of runs that must show the failure', '1')
    .option(
      '--max-runs <number>',
      'end the search after this number of runs, with the smallest plan so far',
      '200',
    )
    .option('--resume <folder>', 'continue an interrupted search, instead of REPORT')
    .option('--write <file>', 'also write the shrunk plan to this file')
    .option(...k6Option)
    .option(...outOption)
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(command)).action(run);
}

const upTo = { most: 999_999, example: 5 };

async function run(address: string | undefined, flags: ReproduceFlags): Promise<void> {
  const numbers = {
    times: parseWholeNumber('--times', flags.times ?? (flags.pauseAt === undefined ? '3' : '1'), upTo),
    repeats: parseWholeNumber('--repeats', flags.repeats, upTo),
    needed: parseWholeNumber('--needed', flags.needed, upTo),
    maxRuns: parseWholeNumber('--max-runs', flags.maxRuns, upTo),
  };
  if (numbers.needed > numbers.repeats) {
    throw new UsageError(
      `--needed ${numbers.needed} is more than --repeats ${numbers.repeats}`,
      'make --repeats at least as large as --needed',
    );
  }
  const context = planningContext(await loadTarget(flags, process.cwd()));
  if (flags.simulate === true) {
    await runSimulated(context, address, flags, numbers);
    return;
  }
  if (flags.real === true)
    throw new UsageError('--real needs --simulate', 'omit it: without --simulate the stack is real');
  if (flags.resume !== undefined) {
    if (address !== undefined)
      throw new UsageError('--resume and REPORT exclude each other', 'omit REPORT: the folder contains it');
    const { folder, settings } = await resumeCampaign(shrinkCampaign, flags.resume);
    await shrinkIn(context, flags, folder, settings, numbers.maxRuns, null);
    return;
  }
  if (address === undefined)
    throw new UsageError('REPORT is missing', 'give the folder of a run, for example reports/runs/latest');
  const { report, caseName } = await openRecord(address);
  // A cell that was named runs even if it passed: its report may have been read for its figures.
  const alsoHeld = flags.pauseAt !== undefined || flags.cell !== undefined;
  const failures = chooseFailures(report, { caseName, cell: flags.cell, alsoHeld });
  checkPause(flags, failures);
  const settings = flags.shrink === true ? shrinkSettings(context, failures, numbers) : null;
  await checkWritable(flags.out);
  const scenarios = [...new Set(failures.map(({ cell }) => cell.scenario))].join('-');
  const label = `${settings === null ? 'reproduce' : 'shrink'}-${scenarios}`;
  const { path: folder } = await makeRunFolder(flags.out, new Date(systemClock.nowMs()), [label]);
  if (settings === null) {
    const { seed } = report;
    await runAgain(context, flags, { failures, report, seed, folder, times: numbers.times });
  } else {
    await beginCampaign(shrinkCampaign, folder, settings);
    await shrinkIn(context, flags, folder, settings, numbers.maxRuns, report);
  }
}

/** The exit status is that of the real runs, when there are some. */
async function runSimulated(
  context: PlanningContext,
  address: string | undefined,
  flags: ReproduceFlags,
  { times, maxRuns }: { readonly times: number; readonly maxRuns: number },
): Promise<void> {
  const { resume, pauseAt: pause, cell } = flags;
  for (const [name, value] of Object.entries({ resume, 'pause-at': pause, cell })) {
    if (value !== undefined)
      throw new UsageError(`--${name} and --simulate exclude each other`, 'leave one of them out');
  }
  if (address === undefined)
    throw new UsageError('REPORT is missing', 'give the folder that redcliff simulate printed as "files:"');
  const { failure, folder } = await reproduceSimulated(context, {
    address,
    shrink: flags.shrink === true,
    out: flags.out,
    write: flags.write,
    times: flags.times === undefined ? 1 : times,
    maxRuns,
    note: (line) => {
      if (flags.quiet !== true) console.log(line);
    },
  });
  if (flags.real !== true || failure === null) return;
  console.log('On the real stack:');
  await runAgain(context, flags, {
    failures: [failure],
    report: null,
    seed: failure.cell.seed,
    folder,
    times,
  });
}

async function runAgain(
  context: PlanningContext,
  flags: ReproduceFlags,
  what: {
    readonly failures: readonly RecordedFailure[];
    /** Null when the failures were recorded in the simulation. */
    readonly report: Report | null;
    readonly seed: string;
    readonly folder: string;
    readonly times: number;
  },
): Promise<void> {
  const { failures, report, seed, folder, times } = what;
  const plans = failures.map(({ cell }) => planOf(context, planFileOfRecord(cell, context)));
  const k6 = await chooseK6(flags.k6, process.env);
  await using session = await openSession({
    flags,
    target: context.target,
    k6,
    needs: plans.map(needsOf),
  });
  const { host, display, note } = session;
  note(`Results in ${folder}`);
  const write = (text: string): void => void process.stderr.write(text);
  const { pauseAt: fault } = flags;
  const { signal } = host;
  const progress = display.worker();
  let started = 0;
  const { repetitions, cutShort } = await reproduce(host, {
    context,
    failures,
    times,
    seed,
    folder,
    command: `${invocation} reproduce ${folder}`,
    more: fault === undefined ? {} : { hold: pauseAt({ fault, input: process.stdin, signal, write }) },
    stackStarted: (stack) => void startedOn(session, stack, report),
    progress: ({ cell }) => {
      const plan = planOf(context, planFileOfRecord(cell, context));
      progress.cellStarted(plan, started, failures.length * times);
      started += 1;
      return progress;
    },
    repeated: (repetition) => console.log(renderRepetition(repetition, times)),
  });
  if (cutShort !== null) console.log(`Some runs were not made: ${cutShort.message}`);
  console.log(renderConclusion(repetitions));
  console.log(`Reports of the runs: ${folder}`);
  process.exitCode = exitOfRepetitions(repetitions, cutShort);
}

/** Warns of differences from the record. */
async function startedOn({ host, display, note }: Session, stack: Stack, recorded: Report | null) {
  display.stackStarted(stack);
  if (recorded === null) return;
  const here = await describeSurroundings(host.target, stack, host.k6);
  for (const difference of differencesFrom(recorded, here)) note(`Differs from the record: ${difference}`);
}

function checkPause({ pauseAt: fault, shrink }: ReproduceFlags, failures: readonly RecordedFailure[]): void {
  if (fault === undefined) return;
  if (shrink === true) {
    throw new UsageError('--pause-at and --shrink exclude each other', 'leave one of them out');
  }
  const planned = new Set(failures.flatMap(({ cell }) => cell.timeline.map((one) => one.fault)));
  if (planned.has(fault)) return;
  throw new UsageError(
    `--pause-at "${fault}" is not in the timeline`,
    `faults in it: ${[...planned].join(', ') || 'none'}`,
  );
}

/** Shrinking is about one symptom of one cell: the first, where the user did not name one. */
function shrinkSettings(
  context: PlanningContext,
  failures: readonly RecordedFailure[],
  { repeats, needed }: Pick<ShrinkSettings, 'needed' | 'repeats'>,
): ShrinkSettings {
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
      `name one, for example --cell ${failure.cell.scenario}×${failure.cell.fault}`,
    );
  }
  return { original: planFileOfRecord(failure.cell, context), symptom, repeats, needed };
}

async function shrinkIn(
  context: PlanningContext,
  flags: ReproduceFlags,
  folder: string,
  settings: ShrinkSettings,
  maxRuns: number,
  recorded: Report | null,
): Promise<void> {
  const { original, symptom, repeats, needed } = settings;
  const k6 = await chooseK6(flags.k6, process.env);
  await using session = await openSession({
    flags,
    target: context.target,
    k6,
    needs: [needsOf(planOf(context, original))],
  });
  const { host, note } = session;
  const resume = `${invocation} reproduce --resume ${folder}`;
  const name = `${symptomText(symptom)} of ${original.scenario} × ${original.label}`;
  note(
    `Shrinking ${name}. A smaller plan is taken when ${needed} of up to ${repeats} runs show it; continue after an interruption with: ${resume}`,
  );
  const { outcomes, cutShort } = await runCampaign<'search', { readonly shrunk: Shrunk | null }>(host, {
    jobs: ['search'],
    idOf: (job) => job,
    workers: 1,
    seed: original.seed,
    folder,
    resume: `continue with: ${resume}`,
    stackStarted: (stack) => void startedOn(session, stack, recorded),
    run: async (_job, worker) => ({
      shrunk: await shrinkFailure({
        settings,
        context,
        folder,
        run: runsOnStack(host, worker, { folder, command: resume }),
        maxRuns,
        note,
      }),
    }),
  });
  if (cutShort !== null) throw cutShort;
  await conclude(outcomes[0]?.shrunk ?? null, name, settings, folder, flags.write);
}

/** Sets the exit status: 1 when the written plan fails, 0 when there was nothing to shrink, 2 when it did not fail again. */
async function conclude(
  shrunk: Shrunk | null,
  name: string,
  { symptom, repeats }: ShrinkSettings,
  folder: string,
  write: string | undefined,
): Promise<void> {
  if (shrunk === null) {
    console.log(
      `${name} did not show in ${repeats} runs: there is nothing to shrink. For a failure that shows rarely, use a larger --repeats`,
    );
    process.exitCode = exitCodes.held;
    return;
  }
  const { plan, failed, runs } = shrunk;
  const file = join(folder, `${plan.scenario}-${symptom.name.replaceAll(/[^\w-]/g, '-')}.plan.json`);
  await writePlanFile(file, plan);
  if (write !== undefined) await copyFile(file, write);
  console.log(plan.title);
  for (const fault of plan.timeline) console.log(`  ${JSON.stringify(fault)}`);
  console.log(
    `  load ${JSON.stringify(plan.load)}, processes ${JSON.stringify(plan.processes)}, world ${JSON.stringify(plan.world)}`,
  );
  console.log(
    `Failed in ${failed} of ${runs} runs after the search${shrunk.cutShort ? ', which was ended by --max-runs' : ''}`,
  );
  console.log(`Run it with: ${invocation} run --plan ${write ?? file}`);
  process.exitCode = failed > 0 ? exitCodes.violated : exitCodes.unknown;
}

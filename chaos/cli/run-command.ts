/** `redcliff run`: the main command. All input is checked before anything starts. */
import type { Command } from 'commander';
import { isUndecidedForWantOfProcessor } from '../../reports/checkers/starvation.ts';
import type { Cell } from '../../reports/record/report.ts';
import { renderTable } from '../../reports/render/render-table.ts';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { startLiveServer } from '../live/live-server.ts';
import { watchRun } from '../live/watch-run.ts';
import { seededRandom } from '../random.ts';
import { baselineFolder, compareWithBaselines, saveBaselines } from '../run/baselines.ts';
import { runCampaign } from '../run/campaign.ts';
import { withEarlierTry } from '../run/cell-record.ts';
import { exitOf } from '../run/exit-status.ts';
import { chooseK6 } from '../run/k6-program.ts';
import {
  type CellPlan,
  type CellSelection,
  cellName,
  cellsThatCanRun,
  needsOf,
  offeredBy,
  parseSuite,
  planCells,
  type PlanningContext,
  planningContext,
} from '../run/plan.ts';
import { type PlanFile, planOf, readPlanFile } from '../run/plan-file.ts';
import { checkWritable, makeRunFolder } from '../run/run-folder.ts';
import { describeRun } from '../run/surroundings.ts';
import { readTimeline } from '../run/timeline.ts';
import { chooseWorkers } from '../run/workers.ts';
import { refuseAttached } from '../target/attached.ts';
import { loadTarget } from '../target/load-config.ts';
import { mutantNamed } from '../target/mutants.ts';
import { ownMutant } from '../target/own-mutant.ts';
import { endRun } from './end-run.ts';
import { describeCommand } from './invocation.ts';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  k6Option,
  outOption,
  parseWorkers,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { openSession } from './session.ts';

const outcomeWords: Readonly<Record<number, string>> = {
  [exitCodes.worse]: 'Held, but slower',
};
/** Up to this number of cells one worker is enough. */
const fewCells = 4;

interface RunFlags extends StackFlags, TargetFlags {
  readonly fault?: string[];
  readonly suite?: string;
  readonly timeline?: string;
  readonly plan?: string;
  readonly seed?: string;
  readonly duration?: string;
  readonly out: string;
  readonly workers?: string;
  readonly k6?: string;
  readonly mutant?: string;
  readonly patch?: string;
  readonly replace?: string[];
  readonly saveBaseline?: boolean;
  readonly live?: boolean;
  readonly quiet?: boolean;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .helpGroup('Run:')
    .description('run scenarios undisturbed and under faults, judge them and write the report')
    .argument('[scenario...]', 'names of scenarios; see redcliff list scenarios')
    .option(
      '--fault <name...>',
      'only these faults; "none" is the undisturbed run (default: those of the suite)',
    )
    .option('--suite <name>', 'ci, full, smoke or soak (default: a short selection)')
    .option('--timeline <file>', 'a JSON file with the faults and their times, instead of faults by name')
    .option('--plan <file>', 'run one complete cell from a file that "reproduce --shrink" wrote')
    .option('--seed <text>', 'source of every random choice (default: a new one, printed)')
    .option('--duration <time>', 'length of the load in each cell, such as 20s (default: the scenario’s own)')
    .option(
      '--workers <n>',
      'cells that run at once, each on its own stack (default: 1 or 2, as the idle processors allow)',
    )
    .option('--mutant <name>', 'run the target with this mutant; see redcliff list mutants')
    .option(
      '--patch <file>',
      'run the target with the changes of this unified diff; its files stay as they are',
    )
    .option('--replace <module=file...>', 'run the target with this file in place of one of its modules')
    .option('--save-baseline', 'keep this run as a baseline for later runs')
    .option('--live', 'serve a page on loopback that shows the run while it goes on')
    .option(...k6Option)
    .option(...outOption)
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(command)).action(run);
}

/** A timeline file replaces the selection of faults, so no other option may select some. */
async function readSelection(
  flags: RunFlags,
  context: PlanningContext,
): Promise<Pick<CellSelection, 'suite' | 'timeline'>> {
  const suite = flags.suite === undefined ? undefined : parseSuite(flags.suite);
  if (flags.timeline === undefined) return { suite, timeline: undefined };
  const other = suite === undefined ? flags.fault && '--fault' : '--suite';
  if (other !== undefined)
    throw new UsageError(`--timeline and ${other} exclude each other`, `omit one of them`);
  return { suite, timeline: await readTimeline(flags.timeline, context.faults) };
}

/** A plan file decides everything that is done in its cell; null without one. */
async function readPlan(
  scenarios: readonly string[],
  flags: RunFlags,
  context: PlanningContext,
): Promise<PlanFile | null> {
  if (flags.plan === undefined) return null;
  const given: readonly (readonly [string, unknown])[] = [
    ['a scenario', scenarios[0]],
    ['--fault', flags.fault],
    ['--suite', flags.suite],
    ['--timeline', flags.timeline],
    ['--duration', flags.duration],
  ];
  const other = given.find(([, value]) => value !== undefined);
  if (other !== undefined)
    throw new UsageError(`--plan and ${other[0]} exclude each other`, 'omit one, or edit the file');
  return readPlanFile(flags.plan, context);
}

async function plansOf(
  scenarios: readonly string[],
  flags: RunFlags,
  context: PlanningContext,
  newSeed: string,
): Promise<{ readonly plans: readonly CellPlan[]; readonly seed: string }> {
  if (flags.mutant !== undefined) mutantNamed(context.target, flags.mutant);
  const written = await readPlan(scenarios, flags, context);
  const seed = checkSeed(flags.seed ?? written?.seed ?? newSeed);
  const mutant = flags.mutant ?? written?.mutant ?? null;
  if (written !== null) return { plans: [planOf(context, { ...written, seed, mutant })], seed };
  const durationMs = flags.duration === undefined ? undefined : parseDurationMs('--duration', flags.duration);
  const selection = { scenarios, faults: flags.fault ?? [], ...(await readSelection(flags, context)) };
  return { plans: planCells(context, { ...selection, seed, durationMs, mutant }), seed };
}

async function run(scenarios: string[], flags: RunFlags): Promise<void> {
  const clock = systemClock;
  const startedAt = new Date(clock.nowMs());
  const loaded = await loadTarget(flags, process.cwd());
  const own = await ownMutant(loaded.folder, flags);
  if (own !== undefined) refuseAttached(loaded, 'an edit of the source');
  if (own !== undefined && flags.mutant !== undefined)
    throw new UsageError('--mutant cannot be given with --patch or --replace', 'omit one of them');
  const target = own === undefined ? loaded : { ...loaded, mutants: [...(loaded.mutants ?? []), own] };
  const context = planningContext(target);
  const newSeed = seededRandom(startedAt.getTime()).uuid().slice(0, 8);
  const { plans: planned, seed } = await plansOf(
    scenarios,
    own === undefined ? flags : { ...flags, mutant: own.name },
    context,
    newSeed,
  );
  const asked = parseWorkers(flags.workers);
  const k6 = await chooseK6(flags.k6, process.env);
  await checkWritable(flags.out);

  await using session = await openSession({ flags, target, k6, needs: planned.map(needsOf), clock });
  const { host, display, note } = session;
  const plans = cellsThatCanRun(planned, offeredBy(host.provider), {
    askedByName: flags.plan !== undefined || flags.fault !== undefined || flags.timeline !== undefined,
    leftOut: (reason) => display.leftOut(reason),
  });
  const workers = await chooseWorkers(host, asked, plans.length > fewCells);
  const changes: string[] = [];
  const names = [...new Set(plans.map(({ scenario }) => scenario.name))];
  const folder = await makeRunFolder(flags.out, startedAt, names);
  note(`Seed ${seed}, ${plans.length} cells, results in ${folder.path}`);
  note(`Workers: ${workers.count} (${workers.why})`);
  const watch = watchRun(display, clock);
  await using live = flags.live === true ? await startLiveServer({ clock, read: () => watch.read() }) : null;
  if (live !== null) console.log(`Live page: ${live.url}`);
  const command = describeCommand('run', scenarios, flags, seed);
  const progressOf = new Map<unknown, ReturnType<typeof watch.progress.worker>>();
  const startedMs = clock.nowMs();
  const { outcomes, stack, cutShort } = await runCampaign<CellPlan, Cell>(host, {
    jobs: plans,
    idOf: cellName,
    workers: workers.count,
    seed,
    folder: folder.path,
    resume: `repeat it with: ${command}`,
    stackStarted: (started) => watch.progress.stackStarted(started),
    run: async (plan, worker, index) => {
      const own = progressOf.get(worker) ?? watch.progress.worker();
      progressOf.set(worker, own);
      own.cellStarted(plan, index, plans.length);
      const cell = await worker.cell(plan, folder.path, { progress: own });
      own.cellEnded(cell);
      return cell;
    },
    again: {
      needed: isUndecidedForWantOfProcessor,
      join: withEarlierTry,
      note: (line) => {
        changes.push(line);
        note(line);
      },
    },
  });
  if (stack === null) throw new UsageError('nothing to run', 'name a scenario');
  const cells = outcomes.filter((cell) => cell !== undefined);
  const described = { id: folder.id, command, seed, startedMs, endedMs: clock.nowMs(), target, k6 };
  const ran = await describeRun({ ...described, workers: { ...workers, changes }, stack, cells });
  const baselines = baselineFolder(target);
  const comparison = await compareWithBaselines(ran, baselines);
  const report = { ...ran, comparison, exit: exitOf(ran.cells, comparison.worse, cutShort) };
  const { code, reason } = report.exit;
  // The table has said what held and what was violated.
  const told = code === exitCodes.held || code === exitCodes.violated;
  await endRun(report, folder.path, {
    out: flags.out,
    text: renderTable(report),
    reason: told ? null : `${outcomeWords[code] ?? 'Not decided'}: ${reason}`,
    save: async () => {
      if (flags.saveBaseline !== true) return;
      if (code === exitCodes.held || code === exitCodes.worse)
        await saveBaselines(report, comparison.worse, baselines);
      else note('Not saved: only a run in which everything held becomes a baseline');
    },
    note,
  });
}

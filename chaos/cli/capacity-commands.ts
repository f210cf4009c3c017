/** `redcliff capacity`, `capacity plan` and `capacity compare`: how many users a target holds, on what, what breaks first, what an outage costs. */
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CapacityReport, readCapacityReport } from '../../reports/capacity/capacity-report.ts';
import { compareCapacity } from '../../reports/capacity/compare.ts';
import { hasCosts } from '../../reports/capacity/model.ts';
import { planFor } from '../../reports/capacity/plan.ts';
import { renderComparison, renderPlan, renderText } from '../../reports/capacity/render-text.ts';
import type { User } from '../../reports/capacity/user.ts';
import type { CapacityProfile } from '../api/capacity.ts';
import { capacityFaults } from '../capacity/faults.ts';
import { mixesOf, mixNamed, routeNamed, userOf } from '../capacity/mixes.ts';
import { runCapacity, writeCapacity } from '../capacity/run-capacity.ts';
import { parseSlo, sloDefault } from '../capacity/slo-option.ts';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { faultsOf } from '../faults/registry.ts';
import { seededRandom } from '../random.ts';
import { baselineFolder } from '../run/baselines.ts';
import { checkWritable, linkLatest, makeRunFolder, reportFile } from '../run/run-folder.ts';
import { refuseAttached } from '../target/attached.ts';
import { type LoadedTarget, loadTarget } from '../target/load-config.ts';
import { describeCommand } from './invocation.ts';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  type StackFlags,
  type TargetFlags,
  wholeNumber,
} from './options.ts';
import { openSession } from './session.ts';

interface UserFlags {
  readonly readsPerMinute?: number;
  readonly writesPerMinute?: number;
  readonly backgroundPerMinute?: number;
  readonly online?: string;
}

interface CapacityFlags extends StackFlags, TargetFlags, UserFlags {
  readonly route?: string[];
  readonly mix?: string[];
  readonly slo: string;
  readonly seed?: string;
  readonly duration: string;
  readonly repeats: number;
  readonly processes?: number;
  readonly set?: string[];
  readonly out: string;
  readonly saveBaseline?: boolean;
  readonly quiet?: boolean;
}

/** A shorter step has no steady window, a longer one is a soak. */
const stepMs = { least: 1_500, most: 120_000 };
const usersMax = 1_000_000_000;

export function addCapacityCommands(program: Command): void {
  const capacity = program
    .command('capacity')
    .helpGroup('Capacity:')
    .description('measure how many users the target holds, what breaks first, and what an outage costs')
    .option('--route <name...>', 'measure only these routes, each by concurrency')
    .option(
      '--mix <name...>',
      'measure only these mixes, each by rate: users, reads, writes, or one of the target',
    )
    .option('--slo <objective>', 'the objective to meet', sloDefault)
    .option('--seed <text>', 'source of every random choice (default: a new one, printed)')
    .option('--duration <time>', 'longest time of a step, which ends when its figures are known', '2500ms')
    .option('--repeats <n>', 'how often each level is measured', wholeNumber(1, 20), 2)
    .option('--processes <n>', 'number of processes of the serving role', wholeNumber(1, 64))
    .option('--set <name=value...>', 'environment of the target, overriding its capacity profile')
    .option('--out <folder>', 'where the folder of the run is created', 'reports/runs/capacity')
    .option('--save-baseline', 'keep this run as the baseline of capacity plan and capacity compare')
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(addUserOptions(capacity))).action(measure);
  const baseline = 'reports/baselines/capacity/report.json beside the configuration';
  const plan = capacity
    .command('plan')
    .description('plan for a number of users: processes, sizes, and the limits of the prediction')
    .requiredOption('--users <n>', 'how many', wholeNumber(1, usersMax))
    .option('--slo <objective>', 'the objective to meet (default: that of the report)')
    .option('--from <report>', `folder of a capacity run, or its report.json (default: ${baseline})`)
    .option('--json', 'print the plan as JSON');
  addTargetOptions(addUserOptions(plan)).action(makePlan);
  const compare = capacity
    .command('compare')
    .description('say whether a capacity run is worse than an earlier one')
    .argument('<run>', 'folder of a capacity run, or its report.json')
    .argument('[earlier]', `the earlier run, likewise (default: ${baseline})`);
  addTargetOptions(compare).action(compareRuns);
}

function addUserOptions(command: Command): Command {
  const options = [
    new Option('--reads-per-minute <n>', 'of a user who is online').argParser(rate),
    new Option('--writes-per-minute <n>', 'of a user who is online').argParser(rate),
    new Option('--background-per-minute <n>', 'units of background work for each user').argParser(rate),
    new Option('--online <share>', 'share of all users that are online at once, such as 20%'),
  ];
  for (const option of options)
    command.addOption(option.helpGroup('User options (default: what the target says of its users):'));
  return command;
}

function rate(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 6_000) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 6000.');
}

/** Throws UsageError. */
function withFlags(user: User, flags: UserFlags): User {
  const { readsPerMinute = user.readsPerMinute, writesPerMinute = user.writesPerMinute } = flags;
  if (readsPerMinute + writesPerMinute === 0)
    throw new UsageError('--reads-per-minute and --writes-per-minute are both 0', 'set one of them above 0');
  const { background } = user;
  if (flags.backgroundPerMinute !== undefined && background === null)
    throw new UsageError(
      '--background-per-minute: the target has no background work',
      'omit it, or add capacity.user.background to the target',
    );
  return {
    ...user,
    readsPerMinute,
    writesPerMinute,
    onlineShare: flags.online === undefined ? user.onlineShare : parseShare(flags.online),
    background:
      background === null
        ? null
        : { ...background, perMinute: flags.backgroundPerMinute ?? background.perMinute },
  };
}

function parseShare(text: string): number {
  const share = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1] ?? Number.NaN) / 100;
  if (share > 0 && share <= 1) return share;
  throw new UsageError(
    `--online "${text}" is not a percentage above 0 and up to 100`,
    'for example --online 20%',
  );
}

async function measure(flags: CapacityFlags): Promise<void> {
  const clock = systemClock;
  const startedAt = new Date(clock.nowMs());
  const target = await loadTarget(flags, process.cwd());
  refuseAttached(target, 'capacity');
  const profile = profileOf(target);
  const whole = flags.route === undefined && flags.mix === undefined;
  const user = withFlags(userOf(profile.user), flags);
  const mixes = mixesOf(profile, user);
  const allRoutes = profile.routes.map(({ name }) => name);
  const chosen = {
    profile,
    user,
    whole,
    routes: (flags.route ?? (whole ? (profile.routesByDefault ?? allRoutes) : [])).map((name) =>
      routeNamed(profile, name),
    ),
    mixes: (flags.mix ?? (whole ? ['users'] : [])).map((name) => mixNamed(mixes, name)),
    faults: capacityFaults(profile, faultsOf(target)),
    slo: parseSlo(flags.slo),
    stepMsMax: parseStep(flags.duration),
    settings: parseSettings(flags.set ?? []),
    repeats: flags.repeats,
    servingProcesses:
      flags.processes ??
      profile.processes?.[profile.serving] ??
      target.processes[profile.serving]?.count ??
      1,
  };
  if (chosen.servingProcesses === 0)
    throw new UsageError(
      `no process of "${profile.serving}" runs in this target`,
      'set a number with --processes',
    );
  if (!whole && flags.saveBaseline === true)
    throw new UsageError(
      '--save-baseline needs a whole measurement',
      'leave --route and --mix out, or leave --save-baseline out',
    );
  await checkWritable(flags.out);
  const seed = checkSeed(flags.seed ?? seededRandom(startedAt.getTime()).uuid().slice(0, 8));

  await using session = await openSession({ flags, target, k6: null, needs: [], clock });
  const { id, path: folder } = await makeRunFolder(flags.out, startedAt, ['capacity']);
  session.note(`Seed ${seed}, results in ${folder}`);
  const { note, display, host } = session;
  const command = describeCommand('capacity', [], flags, seed);
  const report = await runCapacity(
    host,
    { ...chosen, id, command, seed, note, stackStarted: (stack) => display.stackStarted(stack) },
    folder,
  );
  await writeCapacity(folder, report);
  await linkLatest(flags.out, id);
  if (flags.saveBaseline === true) await saveBaseline(join(folder, 'report.json'), target);
  console.log(renderText(report));
  console.log(`Report: ${join(folder, 'report.html')}`);
  process.exitCode = exitOf(report);
}

/** Throws UsageError for a target without one. */
function profileOf({ name, capacity, configFile }: LoadedTarget): CapacityProfile {
  if (capacity !== undefined) return capacity;
  throw new UsageError(
    `target "${name}" does not say how its capacity is measured`,
    `add capacity: { serving, world, routes, user } to it in ${configFile}; docs/capacity.md describes the fields`,
  );
}

/** 1 when a mix meets the objective at no rate; 2 when one, or a fault, could not be measured. */
function exitOf({ mixes, faults }: CapacityReport): number {
  if (mixes.some(({ sloRate }) => sloRate.outcome === 'never')) return exitCodes.violated;
  const unmeasured = [...mixes, ...faults].some(({ sloRate }) => sloRate.outcome === 'unmeasured');
  return unmeasured ? exitCodes.unknown : exitCodes.held;
}

function parseStep(text: string): number {
  const durationMs = parseDurationMs('--duration', text);
  if (durationMs >= stepMs.least && durationMs <= stepMs.most) return durationMs;
  throw new UsageError(
    `--duration of a step must be from ${stepMs.least} ms to ${stepMs.most / 1_000} s, but is ${text}`,
    'for example --duration 2500ms',
  );
}

function parseSettings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new UsageError(`--set "${text}" must be NAME=VALUE`, 'for example --set LOG_LEVEL=warn');
    }),
  );
}

function baselineFile(target: LoadedTarget): string {
  return join(baselineFolder(target), 'capacity', 'report.json');
}

async function saveBaseline(file: string, target: LoadedTarget): Promise<void> {
  const kept = baselineFile(target);
  await mkdir(dirname(kept), { recursive: true });
  await copyFile(file, kept);
}

interface PlanFlags extends TargetFlags, UserFlags {
  readonly users: number;
  readonly slo?: string;
  readonly from?: string;
  readonly json?: boolean;
}

async function makePlan(flags: PlanFlags): Promise<void> {
  const asked = flags.slo === undefined ? null : parseSlo(flags.slo);
  const report = flags.from === undefined ? await readBaseline(flags, '--from') : await readRun(flags.from);
  if (!hasCosts(report))
    throw new UsageError(
      `the report ${report.id} does not say what requests cost`,
      'run redcliff capacity without --route and --mix, on Linux, on an otherwise idle machine',
    );
  const slo = asked ?? report.slo;
  const user = withFlags(report.user, flags);
  const plan = planFor(report, { users: flags.users, slo, user });
  console.log(flags.json === true ? JSON.stringify(plan, null, 1) : renderPlan(plan, slo, user));
  if (plan.obstacles.length > 0 || plan.simulated?.meetsSlo === false) process.exitCode = exitCodes.violated;
  else {
    const doubtful = plan.doubts.length > 0 || plan.check?.trusted !== true;
    process.exitCode = doubtful ? exitCodes.unknown : exitCodes.held;
  }
}

async function compareRuns(run: string, earlier: string | undefined, flags: TargetFlags): Promise<void> {
  const current = await readRun(run);
  const other = earlier === undefined ? await readBaseline(flags, '[earlier]') : await readRun(earlier);
  const comparison = compareCapacity(current, other);
  console.log(renderComparison(comparison));
  if (comparison.changes.length === 0) process.exitCode = exitCodes.unknown;
  else process.exitCode = comparison.worse ? exitCodes.worse : exitCodes.held;
}

/** Of the target. `option` names a report instead. Throws UsageError when there is none. */
async function readBaseline(flags: TargetFlags, option: string): Promise<CapacityReport> {
  const file = baselineFile(await loadTarget(flags, process.cwd()));
  if ((await stat(file).catch(() => null)) === null)
    throw new UsageError(
      `the capacity baseline ${file} does not exist`,
      `measure one with redcliff capacity --save-baseline, or name a report with ${option}`,
    );
  return await readRun(file);
}

/** `path`: of the folder of a run or of its report. Throws ReportsError. */
async function readRun(path: string): Promise<CapacityReport> {
  return await readCapacityReport(await reportFile(path));
}

/** `redcliff capacity`: how much the system holds, on what, what breaks first, what an outage costs. All input is checked before anything starts. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderText } from '../../reports/capacity/render-text.ts';
import { variables } from '../../system/config/variables.ts';
import { findMix, findRoute, mixes, routes } from '../capacity/routes.ts';
import { runCapacity } from '../capacity/run-capacity.ts';
import { parseSlo, sloDefault } from '../capacity/slo-option.ts';
import { writeCapacity } from '../capacity/write-capacity.ts';
import { systemClock } from '../clock.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { silentProgress } from '../experiment/run-context.ts';
import { linkLatest } from '../experiment/run-folder.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { seededRandom } from '../random.ts';
import { addPlayerOptions, parsePlayer, type PlayerFlags, wholeNumber } from './capacity-options.ts';
import { addCapacityCompareCommand, addCapacityPlanCommand } from './capacity-plan-command.ts';
import { parseDurationMs } from './duration.ts';
import { openHarnessSession } from './harness-session.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';

interface CapacityFlags extends StackFlags, PlayerFlags {
  readonly route?: string[];
  readonly scenario?: string[];
  readonly slo: string;
  readonly seed?: string;
  readonly duration: string;
  readonly repeats: number;
  readonly apiProcesses: number;
  readonly set?: string[];
  readonly out: string;
  readonly quiet?: boolean;
}

const routesByDefault = ['general', 'train'];
const mixesByDefault = ['players'];
/** A shorter step holds no steady window, a longer one is a soak. */
const stepMs = { least: 1_500, most: 120_000 };

export function addCapacityCommand(program: Command): void {
  const capacity = addStackOptions(
    program
      .command('capacity')
      .description('measure how much the system holds, what breaks first, and what an outage costs')
      .exitOverride(),
  )
    .option(
      '--route <name...>',
      `only these routes, each by its concurrency: ${routes.map(({ name }) => name).join(', ')}`,
    )
    .option(
      '--scenario <name...>',
      `only these mixes, each by its rate of arrivals: ${mixes.map(({ name }) => name).join(', ')}`,
    )
    .option('--slo <objective>', 'what has to be met', sloDefault)
    .option('--seed <text>', 'what every random choice is drawn from (default: a new one, printed)')
    .option('--duration <time>', 'longest time of a step; it ends as soon as enough was steady', '2500ms')
    .option('--repeats <number>', 'of each level, in an order drawn from the seed', wholeNumber(1, 20), 2)
    .option('--api-processes <number>', 'of the API', wholeNumber(1, 64), 1)
    .option('--set <name=value...>', 'settings of the system, such as DATABASE_POOL_SIZE=5')
    .option('--out <folder>', 'where the folder of the run is made', 'reports/runs/capacity')
    .option('--quiet', 'print only the result');
  addPlayerOptions(capacity).action(measure);
  addCapacityCompareCommand(capacity);
  addCapacityPlanCommand(capacity);
}

async function measure(flags: CapacityFlags): Promise<void> {
  const clock = systemClock;
  const startedAt = new Date(clock.nowMs());
  const whole = flags.route === undefined && flags.scenario === undefined;
  const chosen = {
    routes: (flags.route ?? (whole ? routesByDefault : [])).map(findRoute),
    mixes: (flags.scenario ?? (whole ? mixesByDefault : [])).map(findMix),
    slo: parseSlo(flags.slo),
    player: parsePlayer(flags),
    stepMsMax: parseStep(flags.duration),
    settings: parseSettings(flags.set ?? []),
  };
  await checkWritable(flags.out);
  const seed = flags.seed ?? seededRandom(startedAt.getTime()).uuid().slice(0, 8);

  using progress = showProgress(process.stderr, clock, flags.quiet === true);
  const note = (line: string): void => progress.note(line);
  await using session = await openHarnessSession(flags, clock, note);
  const { warden, signal } = session;
  const { id, path: runFolder } = await makeRunFolder(flags.out, startedAt, ['capacity']);
  note(`Seed ${seed}, results in ${runFolder}`);
  await using folder = await temporaryFolder(warden, 'stack');
  await using stack = await session.provider.start({ folder: folder.path, seed, signal });
  progress.stackStarted(stack);
  const report = await runCapacity(
    { runFolder, stack, warden, clock, signal, progress: silentProgress, k6: null, defect: null },
    {
      ...chosen,
      id,
      command: commandOf(seed),
      seed,
      whole,
      apiProcesses: flags.apiProcesses,
      repeats: flags.repeats,
      note,
    },
  );
  await writeCapacity(runFolder, report);
  await linkLatest(flags.out, id);
  console.log(renderText(report));
  console.log(`Report: ${join(runFolder, 'report.html')}`);
  process.exitCode = exitOf(report.mixes.map(({ sloRate }) => sloRate.outcome));
}

/** A rate that meets the objective was asked for: 1 when there is none, 2 when nothing could be believed. */
function exitOf(outcomes: readonly string[]): number {
  if (outcomes.includes('never')) return exitCodes.violated;
  return outcomes.includes('unmeasured') ? exitCodes.unknown : exitCodes.held;
}

function parseStep(text: string): number {
  const durationMs = parseDurationMs('--duration', text);
  if (durationMs < stepMs.least || durationMs > stepMs.most)
    throw new UsageError(
      `--duration of a step must lie between ${stepMs.least} ms and ${stepMs.most / 1_000} s, but is ${text}`,
      'for example --duration 2500ms',
    );
  return durationMs;
}

/** Settings of the system's own table only: a name misspelt would change nothing, and nobody would know. */
function parseSettings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = '', ...rest] = text.split('=');
      const value = rest.join('=');
      const variable = Object.entries(variables).find(([known]) => known === name)?.[1];
      if (variable === undefined)
        throw new UsageError(
          `--set "${text}" names no setting of the system`,
          'docs/configuration.md lists them',
        );
      const parsed = variable.schema.safeParse(value);
      if (!parsed.success)
        throw new UsageError(
          `--set ${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`,
          'docs/configuration.md says what it may be',
        );
      return [name, value];
    }),
  );
}

/** The command line that repeats it: as it was given, with the seed that was used. */
function commandOf(seed: string): string {
  const given = process.argv.slice(2).map((word) => (/^[\w./:=@,%+-]+$/.test(word) ? word : `'${word}'`));
  const words = given.includes('--seed') ? given : [...given, '--seed', seed];
  return ['npm run redcliff --', ...words].join(' ');
}

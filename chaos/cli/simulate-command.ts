/** `redcliff simulate`: cells in one thread on a virtual clock, where the seed decides everything. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import { exitOf } from '../run/exit-status.ts';
import {
  cellName,
  type CellPlan,
  cellsThatCanRun,
  planCells,
  type PlanningContext,
  planningContext,
} from '../run/plan.ts';
import { planOf, readPlanFile } from '../run/plan-file.ts';
import { checkWritable, makeRunFolder } from '../run/run-folder.ts';
import { type Simulated, simulateAll } from '../simulate/campaign.ts';
import { planFileName } from '../simulate/kept-cell.ts';
import { refuseUnsimulatable, simulatedStack } from '../simulate/simulatable.ts';
import { refuseAttached } from '../target/attached.ts';
import { checkScripts, loadTarget } from '../target/load-config.ts';
import { mutantNamed } from '../target/mutants.ts';
import { planMutantCell } from '../verify/mutants.ts';
import { describeCommand } from './invocation.ts';
import {
  addTargetOptions,
  checkSeed,
  outOption,
  parseWholeNumber,
  parseWorkers,
  type TargetFlags,
} from './options.ts';

interface SimulateFlags extends TargetFlags {
  readonly fault?: string[];
  readonly seed?: string;
  readonly seeds?: string;
  readonly duration?: string;
  readonly mutant?: string;
  readonly plan?: string;
  readonly budget?: string;
  readonly workers?: string;
  readonly twice?: boolean;
  readonly out: string;
}

export function addSimulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .helpGroup('Run:')
    .description('run scenarios on emulators in one thread on a virtual clock: the seed decides everything')
    .argument('[scenario...]', 'names of scenarios; see redcliff list scenarios')
    .option(
      '--fault <name...>',
      'only these faults; "none" is the undisturbed run (default: a short selection)',
    )
    .option('--seed <text>', 'the seed, or what the seeds begin with (default: a new one, printed)')
    .option('--seeds <number>', 'simulate each cell with this number of seeds', '1')
    .option('--budget <time>', 'begin no cell after this time, such as 10m (default: no limit)')
    .option('--duration <time>', 'length of the load in each cell, such as 20s (default: the scenario’s own)')
    .option('--mutant <name>', 'run the target with this mutant, by itself in the cell that it names')
    .option(
      '--plan <file>',
      'the complete cell in a file, as this command keeps it, or "reproduce --shrink" wrote it',
    )
    .option('--twice', 'run each cell twice, and fail when the traces differ')
    .option('--workers <number>', 'threads that simulate cells', '1')
    .option(...outOption);
  addTargetOptions(command).action(simulate);
}

async function simulate(scenarios: string[], flags: SimulateFlags): Promise<void> {
  const budgetMs = flags.budget === undefined ? Infinity : parseDurationMs('--budget', flags.budget);
  const threads = parseWorkers(flags.workers) ?? 1;
  const target = await loadTarget(flags, process.cwd());
  refuseAttached(target, 'simulate');
  checkScripts(target);
  refuseUnsimulatable(target);
  const plans = await plansOf(scenarios, flags, planningContext(target));
  const cells = cellsThatCanRun(plans, simulatedStack, {
    askedByName: flags.fault !== undefined || flags.plan !== undefined,
    leftOut: (reason) => console.log(`Left out: ${reason}`),
  });
  await checkWritable(flags.out);
  const folder = await makeRunFolder(flags.out, new Date(systemClock.nowMs()), ['simulate']);
  const startedMs = systemClock.monotonicMs();
  const simulated = await simulateAll({
    target,
    plans: cells,
    threads,
    folder: folder.path,
    clock: systemClock,
    twice: flags.twice === true,
    budgetMs,
    keeps: (each) => outcomeOf(each) !== 'held' || cells.length === 1,
    ended: (each) => console.log(describe(each, flags)),
  });
  conclude(simulated, cells.length, (systemClock.monotonicMs() - startedMs) / 1_000);
}

/** Each cell with each seed, seed by seed. */
async function plansOf(
  scenarios: readonly string[],
  flags: SimulateFlags,
  context: PlanningContext,
): Promise<readonly CellPlan[]> {
  const count = parseWholeNumber('--seeds', flags.seeds ?? '1', { most: 1_000_000, example: 100 });
  const durationMs = flags.duration === undefined ? undefined : parseDurationMs('--duration', flags.duration);
  const file = flags.plan === undefined ? null : await readPlanFile(flags.plan, context);
  const newSeed = () => seededRandom(`${systemClock.nowMs()}/${process.pid}`).uuid().slice(0, 8);
  const seed = checkSeed(flags.seed ?? file?.seed ?? newSeed());
  const seeds = count === 1 ? [seed] : Array.from({ length: count }, (_, index) => `${seed}-${index + 1}`);
  if (file !== null) {
    if (
      scenarios.length > 0 ||
      flags.fault !== undefined ||
      durationMs !== undefined ||
      flags.mutant !== undefined
    )
      throw new UsageError(
        '--plan excludes scenarios, --fault, --duration and --mutant',
        'omit them, or edit the file',
      );
    return seeds.map((each) => planOf(context, { ...file, seed: each }));
  }
  const mutant = flags.mutant === undefined ? null : mutantNamed(context.target, flags.mutant);
  if (mutant !== null && scenarios.length === 0 && flags.fault === undefined && durationMs === undefined)
    return seeds.map((each) => planMutantCell(context, mutant, each));
  const faults = flags.fault ?? [];
  return seeds.flatMap((each) =>
    planCells(context, { scenarios, faults, seed: each, durationMs, mutant: mutant?.name ?? null }),
  );
}

type Outcome = 'failed' | 'held' | 'unknown' | 'violated';

function outcomeOf({ outcome: { cell, problem } }: Simulated): Outcome {
  if (cell === null || problem !== null) return 'failed';
  const { code } = exitOf([cell], false, null);
  return code === exitCodes.held ? 'held' : code === exitCodes.violated ? 'violated' : 'unknown';
}

function describe(simulated: Simulated, flags: SimulateFlags): string {
  const { plan, outcome, tookMs, folder } = simulated;
  const word = outcomeOf(simulated);
  const seconds = `${(outcome.simulatedMs / 1_000).toFixed(1)} s in ${(tookMs / 1_000).toFixed(1)} s`;
  const line = `${cellName(plan)}  seed ${plan.seed}  ${word}  trace ${outcome.hash || 'none'}  ${seconds}`;
  if (word === 'held') return line;
  return [
    line,
    ...reasonsOf(simulated).map((reason) => `  ${reason}`),
    `  files: ${folder}`,
    `  again: ${again(simulated, flags)}`,
  ].join('\n');
}

function reasonsOf({ outcome: { cell, problem } }: Simulated): readonly string[] {
  if (cell === null || problem !== null) return (problem ?? 'the harness left no record').split('\n');
  const verdicts = cell.verdicts.filter(({ verdict }) => verdict !== 'true');
  const thresholds = cell.thresholds.filter(({ verdict }) => verdict !== 'true');
  return [
    ...verdicts.map(({ invariant, verdict, reason }) => `${invariant} ${verdict}: ${reason}`),
    ...thresholds.map(({ metric, expression, verdict }) => `threshold ${metric} ${expression} ${verdict}`),
  ];
}

/** The command that simulates this cell alone, and so exactly this again. */
function again({ folder, plan }: Simulated, { config, target }: SimulateFlags): string {
  return describeCommand('simulate', [], { plan: join(folder, planFileName), config, target }, plan.seed);
}

function conclude(simulated: readonly Simulated[], planned: number, tookSeconds: number): void {
  const virtualSeconds = simulated.reduce((sum, { outcome }) => sum + outcome.simulatedMs, 0) / 1_000;
  const rate = `${(virtualSeconds / tookSeconds).toFixed(1)} simulated seconds a second, ${((60 * simulated.length) / tookSeconds).toFixed(1)} cells a minute`;
  console.log(`${simulated.length} of ${planned} cells in ${tookSeconds.toFixed(0)} s: ${rate}`);
  const failed = simulated.find((each) => outcomeOf(each) === 'failed');
  const cells = simulated.flatMap(({ outcome }) => outcome.cell ?? []);
  const exit = exitOf(cells, false, null);
  if (exit.code !== exitCodes.violated && failed !== undefined) {
    console.log(`Result: the harness failed in ${cellName(failed.plan)}`);
    process.exitCode = exitCodes.harness;
    return;
  }
  const violated = simulated.filter((each) => outcomeOf(each) === 'violated');
  const names = [...new Set(violated.map(({ plan }) => cellName(plan)))];
  console.log(
    names.length === 0
      ? `Result: ${exit.reason}`
      : `Result: violated in ${violated.length} of ${simulated.length} cells: ${names.join(', ')}`,
  );
  process.exitCode = exit.code;
}

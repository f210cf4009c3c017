/** `redcliff capacity plan` and `redcliff capacity compare`: what is made of reports that were measured before. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import { compareCapacity, type CapacityComparison } from '../../reports/capacity/compare.ts';
import { planFor } from '../../reports/capacity/plan.ts';
import { readCapacityReport } from '../../reports/capacity/read-capacity-report.ts';
import { ReportsError } from '../../reports/errors.ts';
import { renderPlan } from '../../reports/capacity/render-plan.ts';
import { parseSlo, sloDefault } from '../capacity/slo-option.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { addPlayerOptions, parsePlayer, type PlayerFlags, wholeNumber } from './capacity-options.ts';

const recordedReport = fileURLToPath(new URL('../../reports/recorded/capacity/report.json', import.meta.url));
const playersMax = 1_000_000_000;

interface PlanFlags extends PlayerFlags {
  readonly players: number;
  readonly slo: string;
  readonly from: string;
  readonly json?: boolean;
}

export function addCapacityPlanCommand(capacity: Command): void {
  const plan = capacity
    .command('plan')
    .description('say what a number of players takes: processes, sizes, and how far that can be trusted')
    .exitOverride()
    .requiredOption('--players <number>', 'who are to be held', wholeNumber(1, playersMax))
    .option('--slo <objective>', 'what has to be met', sloDefault)
    .option(
      '--from <report>',
      'folder of a capacity run, or its report.json (default: the recorded one)',
      recordedReport,
    )
    .option('--json', 'print the plan as JSON');
  addPlayerOptions(plan).action(makePlan);
}

export function addCapacityCompareCommand(capacity: Command): void {
  capacity
    .command('compare')
    .description('say whether a capacity run is worse than another')
    .exitOverride()
    .argument('<run>', 'folder of a capacity run, or its report.json')
    .argument(
      '[recorded]',
      'the same of the run it is compared with (default: the recorded one)',
      recordedReport,
    )
    .action(async (run: string, recorded: string) => {
      const comparison = compareCapacity(await readRun(run), await readRun(recorded));
      console.log(describeComparison(comparison));
      process.exitCode = comparison.worse ? exitCodes.worse : exitCodes.held;
    });
}

async function makePlan(flags: PlanFlags): Promise<void> {
  const slo = parseSlo(flags.slo);
  const player = parsePlayer(flags);
  const report = await readRun(flags.from);
  if (!report.demands.some((one) => one.class === 'read'))
    throw new UsageError(
      `--from "${flags.from}" does not say what requests cost`,
      'measure again without --route and --scenario: redcliff capacity',
    );
  const plan = planFor(report, { players: flags.players, slo, player });
  console.log(flags.json === true ? JSON.stringify(plan, null, 1) : renderPlan(plan, slo));
  if (!plan.buildable || plan.simulated?.meetsSlo === false) process.exitCode = exitCodes.violated;
  else process.exitCode = plan.doubts.length > 0 ? exitCodes.unknown : exitCodes.held;
}

async function readRun(path: string): Promise<CapacityReport> {
  const found = await stat(path).catch(() => null);
  try {
    return await readCapacityReport(found?.isDirectory() === true ? join(path, 'report.json') : path);
  } catch (error) {
    if (error instanceof ReportsError) throw new UsageError(error.message, error.hint, { cause: error });
    throw error;
  }
}

function describeComparison({ worse, changes, unlike, notes }: CapacityComparison): string {
  const told = changes.filter(({ outcome }) => outcome !== 'same');
  return [
    `${worse ? 'Worse' : 'Not worse'} (${changes.length} figures compared)`,
    ...told.map(
      ({ what, recorded, current, outcome }) => `  ${outcome}: ${what} was ${recorded} and is ${current}`,
    ),
    ...unlike.map((difference) => `  figures were not compared: ${difference}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

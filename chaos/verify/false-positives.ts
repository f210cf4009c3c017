/**
 * Repeats cells with new seeds on the unchanged target: every reported violation is a false positive, so this measures their rate.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cell } from '../../reports/record/report.ts';
import { operationsIn, thresholdInWords } from '../../reports/render/headline.ts';
import { table } from '../../reports/render/table.ts';
import { shareUpperBound } from '../../reports/statistics/distributions.ts';
import { exitCodes } from '../errors.ts';
import { type CampaignHost, type CampaignOptions, OutcomeLog, runCampaign } from '../run/campaign.ts';
import { type CellPlan, cellName } from '../run/plan.ts';
import { invocation } from '../setup/own-files.mjs';

/** A cell of one round. */
export interface RoundCell {
  /** Counts from 1; every round has a seed of its own. */
  readonly round: number;
  readonly plan: CellPlan;
}

export const cellOutcomeSchema = z.object({
  scenario: z.string(),
  fault: z.string(),
  round: z.int().positive(),
  seed: z.string(),
  /** `accused`: an invariant or a threshold was found violated. `unknown`: something could not be decided. `failed`: the harness did. */
  result: z.enum(['accused', 'failed', 'held', 'unknown']),
  /** What did not hold, with the reason. */
  remarks: z.array(z.string()),
  operations: z.int(),
  seconds: z.number(),
  commit: z.string(),
});
export type CellOutcome = z.infer<typeof cellOutcomeSchema>;

export interface FalsePositiveOptions extends Pick<
  CampaignOptions<RoundCell, CellOutcome>,
  'ended' | 'folder' | 'seed' | 'stackStarted' | 'workers'
> {
  /** Round by round, so that a campaign that is cut short has run every cell equally often. */
  readonly cells: readonly RoundCell[];
  readonly commit: string;
}

export async function runFalsePositives(host: CampaignHost, options: FalsePositiveOptions) {
  const { cells, folder, commit } = options;
  return await runCampaign<RoundCell, CellOutcome>(host, {
    ...options,
    jobs: cells,
    idOf: ({ plan, round }) => `${cellName(plan)} ${round}`,
    log: new OutcomeLog(folder, cellOutcomeSchema),
    resume: `${invocation} verify false-positives --resume ${folder}`,
    run: async ({ plan, round }, worker) => {
      const runFolder = join(folder, `round-${round}`);
      await mkdir(runFolder, { recursive: true });
      const cell = await worker.cell(plan, runFolder);
      if (!worker.goOn()) return undefined;
      const outcome = outcomeOf(cell, round, commit);
      // A cell in which everything held says nothing more; hundreds of them fill a disk.
      if (outcome.result === 'held') await rm(join(runFolder, cell.folder), { recursive: true });
      return outcome;
    },
  });
}

export function outcomeOf(cell: Cell, round: number, commit: string): CellOutcome {
  const { scenario, fault, seed } = cell;
  return {
    scenario,
    fault,
    round,
    seed,
    ...judged(cell),
    operations: operationsIn(cell),
    seconds: Math.round((cell.endedMs - cell.startedMs) / 100) / 10,
    commit,
  };
}

function judged(cell: Cell): Pick<CellOutcome, 'remarks' | 'result'> {
  if (cell.harnessError !== null) return { result: 'failed', remarks: [cell.harnessError] };
  const wrong = [
    ...cell.verdicts.map(({ invariant, verdict, reason }) => ({
      verdict,
      remark: `${invariant}: ${reason}`,
    })),
    ...cell.thresholds.map((threshold) => ({
      verdict: threshold.verdict,
      remark: `threshold ${thresholdInWords(threshold)}`,
    })),
  ].filter(({ verdict }) => verdict !== 'true');
  const accused = wrong.filter(({ verdict }) => verdict === 'false');
  if (accused.length > 0) return { result: 'accused', remarks: accused.map(({ remark }) => remark) };
  if (wrong.length > 0) return { result: 'unknown', remarks: wrong.map(({ remark }) => remark) };
  return { result: 'held', remarks: [] };
}

export interface CellTally {
  readonly scenario: string;
  readonly fault: string;
  readonly runs: number;
  readonly held: number;
  readonly unknown: number;
  readonly accused: number;
  readonly failed: number;
}

/** One for each cell, in the order in which they first appear. */
export function tally(outcomes: readonly CellOutcome[]): readonly CellTally[] {
  const groups = Map.groupBy(outcomes, ({ scenario, fault }) => `${scenario} × ${fault}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = countIn(group);
    return {
      scenario: first.scenario,
      fault: first.fault,
      runs: group.length,
      held: count('held'),
      unknown: count('unknown'),
      accused: count('accused'),
      failed: count('failed'),
    };
  });
}

function countIn(outcomes: readonly CellOutcome[]): (wanted: CellOutcome['result']) => number {
  return (wanted) => outcomes.filter(({ result }) => result === wanted).length;
}

/** What was run on what, how each cell ended, and everything that did not hold: the record that is committed. */
export interface FalsePositiveRecord {
  readonly commits: readonly string[];
  readonly machine: Readonly<Record<string, number | string>>;
  readonly runs: number;
  readonly operations: number;
  readonly accused: number;
  readonly unknown: number;
  readonly failed: number;
  /** Upper end of the one-sided 95 % interval of the rate of accused runs. */
  readonly accusedRateAtMost: number;
  readonly cells: readonly CellTally[];
  readonly remarks: readonly Omit<CellOutcome, 'operations' | 'round' | 'seconds'>[];
}

export function recordOf(
  outcomes: readonly CellOutcome[],
  machine: FalsePositiveRecord['machine'],
): FalsePositiveRecord {
  const count = countIn(outcomes);
  // A cell that the harness could not run to its end says nothing about accusations.
  const decided = outcomes.length - count('failed');
  return {
    commits: [...new Set(outcomes.map(({ commit }) => commit))],
    machine,
    runs: outcomes.length,
    operations: outcomes.reduce((sum, { operations }) => sum + operations, 0),
    accused: count('accused'),
    unknown: count('unknown'),
    failed: count('failed'),
    accusedRateAtMost: shareUpperBound(count('accused'), decided, 0.05),
    cells: tally(outcomes),
    remarks: outcomes
      .filter(({ result }) => result !== 'held')
      .map(({ round: _round, operations: _operations, seconds: _seconds, ...rest }) => rest),
  };
}

export function renderTally(outcomes: readonly CellOutcome[]): string {
  const header = ['scenario', 'fault', 'runs', 'held', 'unknown', 'accused', 'failed'] as const;
  const rows = tally(outcomes).map((cell) => header.map((column) => String(cell[column])));
  const { runs, accused, unknown, failed, accusedRateAtMost } = recordOf(outcomes, {});
  return [
    table(header, rows),
    '',
    ...outcomes
      .filter(({ result }) => result !== 'held')
      .map(
        ({ scenario, fault, seed, result, remarks }) =>
          `${result.toUpperCase()} ${scenario} × ${fault}, seed ${seed}: ${remarks.join('; ')}`,
      ),
    `${runs} runs: ${accused} accused, ${unknown} unknown, ${failed} failed. At most ${(accusedRateAtMost * 100).toFixed(2)} % accused (95 %).`,
  ].join('\n');
}

/** 0 when nothing was accused, 1 when something was, 70 when the harness failed in a cell. */
export function exitOfFalsePositives(outcomes: readonly CellOutcome[]): number {
  if (outcomes.some(({ result }) => result === 'accused')) return exitCodes.violated;
  return outcomes.some(({ result }) => result === 'failed') ? exitCodes.harness : exitCodes.held;
}

/** What one cell of the system as it is says of the harness: nothing in it may be accused. Pure. */
import { z } from 'zod';
import type { Cell } from '../../reports/record/report.ts';
import { thresholdInWords } from '../../reports/render/headline.ts';

/** One line of `outcomes.ndjson`. */
export const outcomeSchema = z.object({
  scenario: z.string(),
  outage: z.string(),
  /** Counts from 1; every round has a seed of its own. */
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
export type CellOutcome = z.infer<typeof outcomeSchema>;

export function outcomeOf(cell: Cell, round: number, commit: string): CellOutcome {
  const { scenario, outage, seed } = cell;
  return {
    scenario,
    outage,
    round,
    seed,
    ...judged(cell),
    operations: cell.phases.reduce((sum, { operations: { ok, fail, info } }) => sum + ok + fail + info, 0),
    seconds: Math.round((cell.endedMs - cell.startedMs) / 100) / 10,
    commit,
  };
}

function judged(cell: Cell): Pick<CellOutcome, 'result' | 'remarks'> {
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
  readonly outage: string;
  readonly runs: number;
  readonly held: number;
  readonly unknown: number;
  readonly accused: number;
  readonly failed: number;
}

/** One for each cell, in the order in which they first appear. */
export function tally(outcomes: readonly CellOutcome[]): readonly CellTally[] {
  const groups = Map.groupBy(outcomes, ({ scenario, outage }) => `${scenario} × ${outage}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = (wanted: CellOutcome['result']): number =>
      group.filter(({ result }) => result === wanted).length;
    return {
      scenario: first.scenario,
      outage: first.outage,
      runs: group.length,
      held: count('held'),
      unknown: count('unknown'),
      accused: count('accused'),
      failed: count('failed'),
    };
  });
}

/**
 * Upper end of the one-sided 95 % interval of the rate of false alarms, 0 to 1: Clopper and Pearson's, which for no alarm in `runs` is
 * 1 − 0.05^(1/runs). C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934).
 */
export function rateAtMost(alarms: number, runs: number): number {
  if (runs === 0 || alarms >= runs) return 1;
  let low = alarms / runs;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (binomialAtMost(alarms, runs, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `successes` in `trials`. */
function binomialAtMost(successes: number, trials: number, probability: number): number {
  let logTerm = trials * Math.log1p(-probability);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= successes; k += 1) {
    logTerm += Math.log((trials - k + 1) / k) + Math.log(probability) - Math.log1p(-probability);
    sum += Math.exp(logTerm);
  }
  return sum;
}

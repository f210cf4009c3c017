/** The false alarms of a campaign as a table, and as the record that is committed. Pure. */
import { rateAtMost, tally, type CellOutcome, type CellTally } from './outcome.ts';

/** `reports/recorded/false-alarms/record.json`: what was run on what, how each cell ended, and everything that did not hold. */
export interface FalseAlarmRecord {
  readonly commits: readonly string[];
  readonly machine: Readonly<Record<string, string | number>>;
  readonly runs: number;
  readonly operations: number;
  readonly accused: number;
  readonly unknown: number;
  readonly failed: number;
  /** Upper end of the one-sided 95 % interval of the rate of accused runs. */
  readonly accusedRateAtMost: number;
  readonly cells: readonly CellTally[];
  readonly remarks: readonly Pick<
    CellOutcome,
    'scenario' | 'outage' | 'seed' | 'result' | 'remarks' | 'commit'
  >[];
}

export function recordOf(
  outcomes: readonly CellOutcome[],
  machine: Readonly<Record<string, string | number>>,
): FalseAlarmRecord {
  const count = (wanted: CellOutcome['result']): number =>
    outcomes.filter(({ result }) => result === wanted).length;
  // A cell that the harness could not run to its end says nothing about accusations.
  const judged = outcomes.length - count('failed');
  return {
    commits: [...new Set(outcomes.map(({ commit }) => commit))],
    machine,
    runs: outcomes.length,
    operations: outcomes.reduce((sum, { operations }) => sum + operations, 0),
    accused: count('accused'),
    unknown: count('unknown'),
    failed: count('failed'),
    accusedRateAtMost: rateAtMost(count('accused'), judged),
    cells: tally(outcomes),
    remarks: outcomes
      .filter(({ result }) => result !== 'held')
      .map(({ scenario, outage, seed, result, remarks, commit }) => ({
        scenario,
        outage,
        seed,
        result,
        remarks,
        commit,
      })),
  };
}

export function renderTally(outcomes: readonly CellOutcome[]): string {
  const header = ['scenario', 'outage', 'runs', 'held', 'unknown', 'accused', 'failed'] as const;
  const rows = tally(outcomes).map((cell) => header.map((column) => String(cell[column])));
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const { runs, accused, unknown, failed, accusedRateAtMost } = recordOf(outcomes, {});
  return [
    line(header),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    ...outcomes
      .filter(({ result }) => result !== 'held')
      .map(
        ({ scenario, outage, seed, result, remarks }) =>
          `${result.toUpperCase()} ${scenario} × ${outage}, seed ${seed}: ${remarks.join('; ')}`,
      ),
    `${runs} runs: ${accused} accused, ${unknown} unknown, ${failed} failed. At most ${(accusedRateAtMost * 100).toFixed(2)} % accused (95 %).`,
  ].join('\n');
}

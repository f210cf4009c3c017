/** What came of one defect: caught, missed, or nothing that can be said, and the table of all of them. Pure. */
import { z } from 'zod';
import type { Cell } from '../../../reports/record/report.ts';
import { exitCodes } from '../../errors.ts';
import type { Defect } from '../defect.ts';

export const outcomeSchema = z.object({
  defect: z.string(),
  scenario: z.string(),
  outage: z.string(),
  claimed: z.array(z.string()),
  /**
   * `caught`: every invariant claimed was found violated, with a witness; `missed`: one was not. Without the defect: `held`, `accused` when
   * anything was found violated, else `undecided` when anything was unknown. `failed`: the harness did not get through the cell.
   */
  result: z.enum(['accused', 'caught', 'failed', 'held', 'missed', 'undecided']),
  /** Cells that were run until it was caught, or given up. Logs of before there were several have none. */
  tries: z.int().positive().default(1),
  /** From the start of the load to the verdict; null unless caught. */
  detectionMs: z.number().nullable(),
  /** What the witness says, or why there is none. */
  summary: z.string(),
});
export type DefectOutcome = z.infer<typeof outcomeSchema>;

/** `tries`: how many cells were run for it, this one included. */
export function judgeDefect(defect: Defect, cell: Cell, tries = 1): DefectOutcome {
  const { name, scenario, outage, breaks } = defect;
  const common = { defect: name, scenario, outage, claimed: [...breaks], tries };
  if (cell.harnessError !== null) {
    return { ...common, result: 'failed', detectionMs: null, summary: cell.harnessError };
  }
  const witnesses = breaks.map((claim) => witnessOf(cell, claim));
  const missed = breaks.filter((_claim, index) => witnesses[index] === undefined);
  if (missed.length > 0 || breaks.length === 0) {
    const reasons = missed.map((claim) => `${claim}: ${reasonOf(cell, claim)}`);
    return { ...common, result: 'missed', detectionMs: null, summary: reasons.join('; ') };
  }
  return {
    ...common,
    result: 'caught',
    detectionMs: cell.endedMs - cell.loadStartMs,
    summary: witnesses.join('; '),
  };
}

/** What shows that the claim is true: the first witness of the invariant, or the threshold that was crossed. */
function witnessOf(cell: Cell, claim: string): string | undefined {
  const verdict = cell.verdicts.find(({ invariant }) => invariant === claim);
  if (verdict?.verdict === 'false') return verdict.witnesses[0]?.summary;
  const threshold = cell.thresholds.find(({ metric }) => metric === claim);
  if (threshold?.verdict !== 'false') return undefined;
  const took = cell.recoveryMs === null ? 'it never came' : `it took ${Math.round(cell.recoveryMs)} ms`;
  return `${threshold.metric} ${threshold.expression} was not met: ${took} (${String(cell.config['rest'])})`;
}

function reasonOf(cell: Cell, claim: string): string {
  const verdict = cell.verdicts.find(({ invariant }) => invariant === claim);
  if (verdict !== undefined) return `${verdict.verdict}, ${verdict.reason}`;
  const threshold = cell.thresholds.find(({ metric }) => metric === claim);
  if (threshold === undefined) return 'not judged';
  return threshold.verdict === 'true'
    ? 'the threshold held'
    : `unknown, ${threshold.reason ?? 'no reason given'}`;
}

/** 0 when every cell ended as it should, 1 when one did not, 70 when one could not be run to its end, 2 when one was undecided. */
export function exitOfSelftest(outcomes: readonly DefectOutcome[]): number {
  if (outcomes.some(({ result }) => result === 'missed' || result === 'accused')) return exitCodes.violated;
  if (outcomes.length === 0 || outcomes.some(({ result }) => result === 'failed')) return exitCodes.harness;
  return outcomes.some(({ result }) => result === 'undecided') ? exitCodes.unknown : exitCodes.held;
}

/** Without the defect every invariant of its cell must hold. */
export function judgeClean(defect: Defect, cell: Cell): DefectOutcome {
  const { name, scenario, outage } = defect;
  const wrong = cell.verdicts.filter(({ verdict }) => verdict !== 'true');
  const accused = wrong.some(({ verdict }) => verdict === 'false');
  const held = wrong.length === 0 ? 'held' : accused ? 'accused' : 'undecided';
  return {
    defect: name,
    scenario,
    outage,
    claimed: cell.verdicts.map(({ invariant }) => invariant),
    tries: 1,
    result: cell.harnessError === null ? held : 'failed',
    detectionMs: null,
    summary: cell.harnessError ?? wrong.map(({ invariant, reason }) => `${invariant}: ${reason}`).join('; '),
  };
}

const summaryWidth = 120;

export function renderOutcomes(outcomes: readonly DefectOutcome[]): string {
  const header = ['defect', 'scenario × outage', 'invariant', 'result', 'try', 'after', 'witness'];
  const rows = outcomes.map((outcome) => [
    outcome.defect,
    `${outcome.scenario} × ${outcome.outage}`,
    outcome.claimed.join(' '),
    isAsItShould(outcome) ? outcome.result : outcome.result.toUpperCase(),
    String(outcome.tries),
    outcome.detectionMs === null ? '' : `${(outcome.detectionMs / 1_000).toFixed(1)} s`,
    shortened(outcome.summary),
  ]);
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const good = outcomes.filter(isAsItShould);
  const atOnce = good.filter(({ tries }) => tries === 1).length;
  const clean = outcomes.some(({ result }) => ['accused', 'held', 'undecided'].includes(result));
  const score = clean
    ? 'cells held without their defect'
    : `defects caught, ${atOnce} of them at the first try`;
  return [
    line(header),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    `${good.length} of ${outcomes.length} ${score}`,
  ].join('\n');
}

function isAsItShould({ result }: DefectOutcome): boolean {
  return result === 'caught' || result === 'held';
}

/** In one line, whatever the reason was made of. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= summaryWidth ? line : `${line.slice(0, summaryWidth - 1)}…`;
}

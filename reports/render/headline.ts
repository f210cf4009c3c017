/** The one sentence a report begins with, and the marks of its table: words and signs, so that none relies on colour. */
import type { Cell, Report, VerdictValue } from '../record/report.ts';

export type Outcome = 'held' | 'violated' | 'unknown' | 'harness-failed';

export interface Headline {
  readonly outcome: Outcome;
  readonly text: string;
}

export const marks: Record<VerdictValue, { readonly sign: string; readonly word: string }> = {
  true: { sign: '✓', word: 'held' },
  false: { sign: '✗', word: 'violated' },
  unknown: { sign: '?', word: 'unknown' },
};

/** A violation outweighs a failure of the harness, and that what is unknown; nothing run at all is unknown. */
export function headline(report: Report): Headline {
  const violated = report.cells.flatMap((cell) => namesOf(cell, 'false'));
  if (violated.length > 0) return { outcome: 'violated', text: `Violated: ${listed(violated)}` };
  const failed = report.cells.filter((cell) => cell.harnessError !== null);
  if (failed.length > 0) {
    return { outcome: 'harness-failed', text: `The harness failed in ${listed(failed.map(cellName))}` };
  }
  const unknown = report.cells.flatMap((cell) => namesOf(cell, 'unknown'));
  if (unknown.length > 0) return { outcome: 'unknown', text: `Unknown: ${listed(unknown)}` };
  if (report.cells.length === 0) return { outcome: 'unknown', text: 'Unknown: nothing was run' };
  const count = invariantsOf(report).length;
  const cells = report.cells.length === 1 ? '1 cell' : `${report.cells.length} cells`;
  return { outcome: 'held', text: `Held: ${count} ${count === 1 ? 'invariant' : 'invariants'} in ${cells}` };
}

export function cellOutcome(cell: Cell): Outcome {
  if (namesOf(cell, 'false').length > 0) return 'violated';
  if (cell.harnessError !== null) return 'harness-failed';
  if (namesOf(cell, 'unknown').length > 0 || cell.verdicts.length === 0) return 'unknown';
  return 'held';
}

export const outcomeMarks: Record<Outcome, { readonly sign: string; readonly word: string }> = {
  held: marks.true,
  violated: marks.false,
  unknown: marks.unknown,
  'harness-failed': { sign: '!', word: 'harness failed' },
};

export function cellName(cell: Pick<Cell, 'scenario' | 'outage'>): string {
  return `${cell.scenario} × ${cell.outage}`;
}

/** Every invariant judged in any cell, I2 before I10. */
export function invariantsOf(report: Report): string[] {
  const names = new Set(report.cells.flatMap((cell) => cell.verdicts.map(({ invariant }) => invariant)));
  return [...names].toSorted(byNumber);
}

export function byNumber(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** Verdicts other than `true`, those of the same value and reason together, for one cause often blinds every checker. */
export function troubles(
  cell: Cell,
): { readonly invariants: string[]; readonly verdict: VerdictValue; readonly reason: string }[] {
  const groups = new Map<string, { invariants: string[]; verdict: VerdictValue; reason: string }>();
  for (const { invariant, verdict, reason } of cell.verdicts) {
    if (verdict === 'true') continue;
    const key = `${verdict} ${reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { invariants: [invariant], verdict, reason });
    else group.invariants.push(invariant);
  }
  return [...groups.values()];
}

function namesOf(cell: Cell, value: VerdictValue): string[] {
  const invariants = cell.verdicts
    .filter(({ verdict }) => verdict === value)
    .map(({ invariant }) => invariant);
  const thresholds = cell.thresholds
    .filter(({ verdict }) => verdict === value)
    .map(({ metric, expression }) => `threshold ${metric} ${expression}`);
  return [...invariants, ...thresholds].map((name) => `${name} in ${cellName(cell)}`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

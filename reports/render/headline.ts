/** The one sentence a report begins with, and the marks of its table: words and signs, so that none relies on colour. */
import { isStarved } from '../checkers/starvation.ts';
import type { Cell, Report, Threshold, VerdictValue } from '../record/report.ts';

export type Outcome = 'held' | 'violated' | 'unknown' | 'worse' | 'harness-failed';

/** Exit codes of a run that its cells do not tell. */
const exitCodes = { worse: 3, harness: 70, interrupted: 130 } as const;

export interface Headline {
  readonly outcome: Outcome;
  readonly text: string;
}

export const marks: Record<VerdictValue, { readonly sign: string; readonly word: string }> = {
  true: { sign: '✓', word: 'held' },
  false: { sign: '✗', word: 'violated' },
  unknown: { sign: '?', word: 'unknown' },
};

/**
 * A violation outweighs everything, for it stands whatever came after; then whatever kept the run from its end, then what
 * is unknown, then figures worse than the recorded ones. Nothing run at all is unknown.
 */
export function headline(report: Report): Headline {
  const { cells, exit } = report;
  const violated = violationInWords(cells);
  if (violated !== null) return { outcome: 'violated', text: `Violated: ${violated}` };
  if (exit.code === exitCodes.interrupted) {
    return {
      outcome: 'unknown',
      text: `Unknown: the run was interrupted in its ${ordinal(cells.length)} cell`,
    };
  }
  const failed = cells.filter((cell) => cell.harnessError !== null);
  if (failed.length > 0) {
    return { outcome: 'harness-failed', text: `The harness failed in ${listed(failed.map(cellName))}` };
  }
  if (exit.code === exitCodes.harness)
    return { outcome: 'harness-failed', text: `The harness failed: ${exit.reason}` };
  const tooBusy = tooBusyToDecide(cells);
  if (tooBusy !== null) return { outcome: 'unknown', text: tooBusy };
  const unknown = cells.flatMap((cell) => namesOf(cell, 'unknown'));
  if (unknown.length > 0) return { outcome: 'unknown', text: `Unknown: ${listed(unknown)}` };
  if (cells.length === 0) return { outcome: 'unknown', text: 'Unknown: nothing was run' };
  const held = `${counted(invariantsOf(report).length, 'invariant')} in ${counted(cells.length, 'cell')}`;
  if (exit.code === exitCodes.worse)
    return { outcome: 'worse', text: `Held, but worse than the baseline: ${held}` };
  return { outcome: 'held', text: `Held: ${held}` };
}

const wordsMax = 160;

/** The first violation in words with its code and cell, invariants before thresholds, and how many more there are; null without any. */
function violationInWords(cells: readonly Cell[]): string | null {
  const all = cells.flatMap((cell) => namesOf(cell, 'false'));
  for (const cell of cells) {
    const broken = cell.verdicts.find(({ verdict }) => verdict === 'false');
    if (broken === undefined) continue;
    const { title, reason, invariant } = broken;
    const words = reason.length <= wordsMax ? reason : `${reason.slice(0, wordsMax)}…`;
    const more = all.length === 1 ? '' : `, and ${all.length - 1} more`;
    return `${words} (“${title}”, ${invariant} in ${cellName(cell)}${more})`;
  }
  return all.length === 0 ? null : listed(all);
}

/** One sentence for one cause, when nothing but a busy machine kept cells from being decided; null otherwise. */
export function tooBusyToDecide(cells: readonly Cell[]): string | null {
  const undecided = cells.filter((cell) => cellOutcome(cell) !== 'held');
  if (undecided.length === 0) return null;
  const otherwise = undecided.some((cell) => {
    const all = [...cell.verdicts, ...cell.thresholds].filter(({ verdict }) => verdict !== 'true');
    return cell.harnessError !== null || all.length === 0 || !all.every(isStarved);
  });
  if (otherwise) return null;
  const which = `${undecided.length} of ${counted(cells.length, 'cell')}`;
  return `This machine was too busy to decide ${which} (${listed(undecided.map(cellName))}): free it, or use --workers 1`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function ordinal(count: number): string {
  const endings = new Map([
    ['one', 'st'],
    ['two', 'nd'],
    ['few', 'rd'],
  ]);
  return `${count}${endings.get(new Intl.PluralRules('en', { type: 'ordinal' }).select(count)) ?? 'th'}`;
}

export function cellOutcome(cell: Cell): Outcome {
  if (namesOf(cell, 'false').length > 0) return 'violated';
  if (cell.harnessError !== null) return 'harness-failed';
  if (namesOf(cell, 'unknown').length > 0 || cell.verdicts.length === 0) return 'unknown';
  return 'held';
}

const byUrgency: readonly Outcome[] = ['violated', 'harness-failed', 'unknown', 'worse', 'held'];

/** For sorting cells: what failed comes first. */
export function urgencyOf(cell: Cell): number {
  return byUrgency.indexOf(cellOutcome(cell));
}

/** Operations of a cell, whatever came of them. */
export function operationsIn({ phases }: Pick<Cell, 'phases'>): number {
  return phases.reduce((sum, { operations: { ok, fail, info } }) => sum + ok + fail + info, 0);
}

export const outcomeMarks: Record<Outcome, { readonly sign: string; readonly word: string }> = {
  held: marks.true,
  violated: marks.false,
  unknown: marks.unknown,
  worse: { sign: '↓', word: 'worse' },
  'harness-failed': { sign: '!', word: 'harness failed' },
};

/** What there is room for where one line is: an error of the harness may quote a log below it. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** With the reason, where it could not be decided. */
export function thresholdInWords({ metric, expression, reason }: Threshold): string {
  return `${metric} ${expression}${reason === undefined ? '' : `: ${reason}`}`;
}

export function cellName(cell: Pick<Cell, 'scenario' | 'fault'>): string {
  return `${cell.scenario} × ${cell.fault}`;
}

/** Every invariant judged in any cell, I2 before I10. */
export function invariantsOf(report: Report): string[] {
  const names = new Set(report.cells.flatMap((cell) => cell.verdicts.map(({ invariant }) => invariant)));
  return [...names].toSorted(byNumber);
}

export function byNumber(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** The cells that are undecided at least in part because the machine was too busy, in a sentence; null when there is none. */
export function starvedCells(cells: readonly Cell[]): string | null {
  const starved = cells.filter((cell) => [...cell.verdicts, ...cell.thresholds].some(isStarved));
  if (starved.length === 0) return null;
  return `undecided because the machine was too busy: ${starved.map(cellName).join(', ')}`;
}

/** Thresholds that did not hold, without those that only a busy machine kept from being decided. */
export function troubledThresholds({ thresholds }: Pick<Cell, 'thresholds'>): Threshold[] {
  return thresholds.filter((threshold) => threshold.verdict !== 'true' && !isStarved(threshold));
}

/**
 * Verdicts other than `true`, those of the same value and reason together, for one cause often blinds every checker. What only a busy machine kept
 * from being decided is left out: `starvedCells` says it once for all.
 */
export function troubles(
  cell: Cell,
): { readonly invariants: string[]; readonly verdict: VerdictValue; readonly reason: string }[] {
  const groups = new Map<string, { invariants: string[]; verdict: VerdictValue; reason: string }>();
  for (const { invariant, verdict, reason } of cell.verdicts) {
    if (verdict === 'true' || isStarved({ verdict, reason })) continue;
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

/** The table scenario × fault × invariant for a terminal, and why each verdict that is not `true` came out so. */
import type { Cell, Report } from '../record/report.ts';
import {
  cellName,
  cellOutcome,
  headline,
  invariantsOf,
  marks,
  outcomeMarks,
  starvedCells,
  tooBusyToDecide,
  troubledThresholds,
  troubles,
} from './headline.ts';
import { table } from './table.ts';

/** Ends with a line feed. */
export function renderTable(report: Report): string {
  const invariants = invariantsOf(report);
  const header = ['scenario', 'fault', ...invariants, 'result'];
  const rows = report.cells.map((cell) => [
    cell.scenario,
    cell.fault,
    ...invariants.map((invariant) => markOf(cell, invariant)),
    resultOf(cell),
  ]);
  return [
    table(header, rows),
    '',
    `${marks.true.sign} held   ${marks.false.sign} violated   ${marks.unknown.sign} unknown   · not judged`,
    headline(report).text,
    ...report.cells.flatMap(explained),
    ...busyLine(report),
    '',
  ].join('\n');
}

/** One line for one cause, unless the headline says it already. */
function busyLine({ cells }: Report): string[] {
  const starved = starvedCells(cells);
  return starved === null || tooBusyToDecide(cells) !== null ? [] : [`  ${starved}`];
}

function markOf(cell: Cell, invariant: string): string {
  const verdict = cell.verdicts.find((candidate) => candidate.invariant === invariant);
  return verdict === undefined ? '·' : marks[verdict.verdict].sign;
}

function resultOf(cell: Cell): string {
  const outcome = cellOutcome(cell);
  const recovery = cell.recoveryMs === null ? '' : `, recovered in ${(cell.recoveryMs / 1000).toFixed(1)} s`;
  return `${outcomeMarks[outcome].word}${recovery}`;
}

/** Why each verdict that is not `true` came out so. */
function explained(cell: Cell): string[] {
  const reasons = troubles(cell).map(
    ({ invariants, verdict, reason }) =>
      `  ${cellName(cell)}: ${invariants.join(' ')} ${marks[verdict].word}: ${reason}`,
  );
  const thresholds = troubledThresholds(cell).map(
    ({ metric, expression, verdict, reason }) =>
      `  ${cellName(cell)}: ${metric} ${expression} ${marks[verdict].word}${reason === undefined ? '' : `: ${reason}`}`,
  );
  const harness =
    cell.harnessError === null ? [] : [`  ${cellName(cell)}: the harness failed: ${cell.harnessError}`];
  return [...harness, ...reasons, ...thresholds];
}

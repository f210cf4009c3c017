/** The exit status of a run, from what its cells say. Pure. A definite violation stands, even if other cells failed. */
import type { Cell, Report } from '../../reports/record/report.ts';
import { firstLine, tooBusyToDecide } from '../../reports/render/headline.ts';
import { exitCodes, InterruptedError } from '../errors.ts';

export function exitOf(
  cells: readonly Cell[],
  worseThanBaseline: boolean,
  cutShort: Error | null,
): Report['exit'] {
  if (cutShort instanceof InterruptedError) return { code: exitCodes.interrupted, reason: 'interrupted' };
  const violated = cells.flatMap((cell) => [
    ...cell.verdicts
      .filter(({ verdict }) => verdict === 'false')
      .map(({ invariant }) => `${invariant} in ${nameOf(cell)}`),
    ...cell.thresholds
      .filter(({ verdict }) => verdict === 'false')
      .map(({ metric, expression }) => `threshold ${metric} ${expression} in ${nameOf(cell)}`),
  ]);
  if (violated.length > 0) return { code: exitCodes.violated, reason: `violated: ${violated.join(', ')}` };
  const failed = cells.find((cell) => cell.harnessError !== null);
  if (cutShort !== null) return { code: exitCodes.harness, reason: cutShort.message };
  if (failed !== undefined) {
    return {
      code: exitCodes.harness,
      reason: `the harness failed in ${nameOf(failed)}: ${firstLine(failed.harnessError ?? '')}`,
    };
  }
  const tooBusy = tooBusyToDecide(cells);
  if (tooBusy !== null) return { code: exitCodes.unknown, reason: tooBusy };
  const unknown = cells.flatMap((cell) => [
    ...cell.verdicts
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ invariant }) => `${invariant} in ${nameOf(cell)}`),
    ...cell.thresholds
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ metric }) => `threshold ${metric} in ${nameOf(cell)}`),
  ]);
  if (unknown.length > 0) return { code: exitCodes.unknown, reason: `unknown: ${unknown.join(', ')}` };
  if (worseThanBaseline) return { code: exitCodes.worse, reason: 'worse than the baseline' };
  return { code: exitCodes.held, reason: 'everything held' };
}

function nameOf(cell: Cell): string {
  return `${cell.scenario} × ${cell.fault}`;
}

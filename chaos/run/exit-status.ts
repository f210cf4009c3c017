/** The exit status of a run, from what its cells say. Pure. A definite violation stands, even if other cells failed. */
import type { Cell, Report } from '../../reports/record/report.ts';
import { cellName, firstLine, tooBusyToDecide } from '../../reports/render/headline.ts';
import { exitCodes, InterruptedError } from '../errors.ts';

export function exitOf(
  cells: readonly Cell[],
  worseThanBaseline: boolean,
  cutShort: Error | null,
): Report['exit'] {
  if (cutShort instanceof InterruptedError) return { code: exitCodes.interrupted, reason: 'interrupted' };
  const violated = cells.flatMap((cell) => namesWith(cell, 'false'));
  if (violated.length > 0) return { code: exitCodes.violated, reason: `violated: ${violated.join(', ')}` };
  const failed = cells.find((cell) => cell.harnessError !== null);
  if (cutShort !== null) return { code: exitCodes.harness, reason: cutShort.message };
  if (failed !== undefined) {
    return {
      code: exitCodes.harness,
      reason: `the harness failed in ${cellName(failed)}: ${firstLine(failed.harnessError ?? '')}`,
    };
  }
  const tooBusy = tooBusyToDecide(cells);
  if (tooBusy !== null) return { code: exitCodes.unknown, reason: tooBusy };
  const unknown = cells.flatMap((cell) => namesWith(cell, 'unknown'));
  if (unknown.length > 0) return { code: exitCodes.unknown, reason: `unknown: ${unknown.join(', ')}` };
  if (worseThanBaseline) return { code: exitCodes.worse, reason: 'worse than the baseline' };
  return { code: exitCodes.held, reason: 'everything held' };
}

/** Of invariants and thresholds. Only a threshold that was crossed is named with its limit. */
function namesWith(cell: Cell, value: 'false' | 'unknown'): string[] {
  const invariants = cell.verdicts
    .filter(({ verdict }) => verdict === value)
    .map(({ invariant }) => invariant);
  const thresholds = cell.thresholds
    .filter(({ verdict }) => verdict === value)
    .map(({ metric, expression }) => `threshold ${metric}${value === 'false' ? ` ${expression}` : ''}`);
  return [...invariants, ...thresholds].map((name) => `${name} in ${cellName(cell)}`);
}

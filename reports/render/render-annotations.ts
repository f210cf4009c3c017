/**
 * Annotations of a build on GitHub, one line each: what was violated as an error, what is unknown as a warning, with the command that
 * runs it again. GitHub shows the first ten of each kind of a step. Format: "Workflow commands for GitHub Actions".
 */
import type { Cell, Report } from '../record/report.ts';
import {
  cellName,
  cellOutcome,
  starvedCells,
  thresholdInWords,
  troubledThresholds,
  troubles,
} from './headline.ts';
import { reproduceCommand } from './reproduce.ts';

/** Empty when everything held; otherwise every line ends with a line feed. */
export function renderAnnotations(report: Report): string {
  const starved = starvedCells(report.cells);
  const busy =
    starved === null
      ? []
      : [`::warning title=The machine was too busy::${message(`${starved}. Free it, or use --workers 1.`)}`];
  return [...report.cells.flatMap((cell) => annotationsOf(report, cell)), ...busy]
    .map((line) => `${line}\n`)
    .join('');
}

function annotationsOf(report: Report, cell: Cell): string[] {
  if (cellOutcome(cell) === 'held') return [];
  const again = `Run it again: ${reproduceCommand(report, cell)}`;
  const annotate = (kind: 'error' | 'warning', what: string, why: string): string =>
    `::${kind} title=${property(`${cellName(cell)}: ${what}`)}::${message(`${why}\n${again}`)}`;
  if (cell.harnessError !== null) return [annotate('error', 'the harness failed', cell.harnessError)];
  return [
    ...troubles(cell).map(({ invariants, verdict, reason }) =>
      verdict === 'false'
        ? annotate('error', `${invariants.join(' ')} violated`, reason)
        : annotate('warning', `${invariants.join(' ')} unknown`, reason),
    ),
    ...troubledThresholds(cell).map((threshold) =>
      threshold.verdict === 'false'
        ? annotate('error', 'threshold crossed', thresholdInWords(threshold))
        : annotate('warning', 'threshold unknown', thresholdInWords(threshold)),
    ),
  ];
}

function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

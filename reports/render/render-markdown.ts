/** A short summary in Markdown, for the step summary of a build: the verdict, the table, and what to do about a failure. */
import { injectionName } from '../exploration/exploration.ts';
import { conclusion } from '../exploration/render-text.ts';
import type { Cell, Report, Verdict } from '../record/report.ts';
import {
  cellName,
  cellOutcome,
  headline,
  invariantsOf,
  marks,
  outcomeMarks,
  starvedCells,
  thresholdInWords,
  tooBusyToDecide,
  troubledThresholds,
  troubles,
} from './headline.ts';
import { reproduceCommand } from './reproduce.ts';

const icons = { true: '✅', false: '❌', unknown: '❔' } as const;

/** Ends with a line feed. */
export function renderMarkdown(report: Report): string {
  const invariants = invariantsOf(report);
  const starved = starvedCells(report.cells);
  const header = ['scenario', 'fault', ...invariants, 'p99', 'recovery'];
  const rows = report.cells.map((cell) => [
    cell.scenario,
    cell.fault,
    ...invariants.map((invariant) => icon(cell.verdicts.find((verdict) => verdict.invariant === invariant))),
    latency(cell),
    cell.recoveryMs === null ? '' : `${(cell.recoveryMs / 1000).toFixed(1)} s`,
  ]);
  return [
    `## ${escaped(headline(report).text)}`,
    '',
    ...explored(report),
    row(header),
    row(header.map(() => '---')),
    ...rows.map((cells) => row(cells.map(escaped))),
    '',
    `${icons.true} held · ${icons.false} violated · ${icons.unknown} unknown · blank: not judged. p99 is the worst phase's, from the intended start.`,
    ...report.cells
      .filter((cell) => cellOutcome(cell) !== 'held' && tooBusyToDecide([cell]) === null)
      .flatMap((cell) => explanation(report, cell)),
    ...(starved === null || tooBusyToDecide(report.cells) !== null
      ? []
      : ['', `${icons.unknown} ${escaped(starved)}`]),
    '',
    `Seed \`${report.seed}\`, commit \`${report.commit.slice(0, 12)}\`, ${report.provider.name} stack.`,
    '',
  ].join('\n');
}

/** The score, and what is not survived. */
function explored({ exploration }: Report): string[] {
  if (exploration === undefined) return [];
  const violated = exploration.injections.filter(({ result }) => result === 'violated');
  return [
    ...conclusion(exploration).map((sentence) => `- ${escaped(sentence)}`),
    ...violated.map(
      (injection) => `- **not survived**: ${escaped(`${injectionName(injection)}: ${injection.reason}`)}`,
    ),
    '',
  ];
}

function explanation(report: Report, cell: Cell): string[] {
  const thresholds = troubledThresholds(cell);
  return [
    '',
    `### ${escaped(cellName(cell))}: ${outcomeMarks[cellOutcome(cell)].word}`,
    '',
    ...(cell.harnessError === null ? [] : harnessFailure(cell.harnessError)),
    ...troubles(cell).map(
      ({ invariants, verdict, reason }) =>
        `- **${invariants.join(' ')} ${marks[verdict].word}**: ${escaped(reason)}`,
    ),
    ...thresholds.map(
      (threshold) =>
        `- **threshold ${marks[threshold.verdict].word}**: ${escaped(thresholdInWords(threshold))}`,
    ),
    '',
    '```sh',
    reproduceCommand(report, cell),
    '```',
  ];
}

/** What it quotes is a block of code, which is longer than any fence within it. */
function harnessFailure(error: string): string[] {
  const [reason = '', ...below] = error.split('\n');
  const line = `- the harness failed: ${escaped(reason)}`;
  if (below.length === 0) return [line];
  const fence = '`'.repeat(Math.max(2, ...(error.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return [line, '', fence, ...below, fence];
}

function icon(verdict: Verdict | undefined): string {
  return verdict === undefined ? '' : icons[verdict.verdict];
}

function latency(cell: Cell): string {
  if (cell.phases.length === 0) return '';
  return `${Math.round(Math.max(...cell.phases.map((phase) => phase.latencyMs.p99)))} ms`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text from a run must not become markup, nor end a table's cell. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\s+/g, ' ');
}

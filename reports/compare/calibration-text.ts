/** What a calibration says, as Markdown: for the terminal, and to be kept beside its runs. Pure. */
import { smallestFound, smallestStep, type CalibrationRow, type Share } from './calibration.ts';
import { percent } from './percent.ts';
import type { SideBySideRow } from './side-by-side-calibration.ts';

export interface CalibrationAbout {
  readonly cell: string;
  readonly runs: number;
  /** How far the figures of identical code scatter from run to run, as relative standard deviations. */
  readonly scatter: readonly { readonly figure: string; readonly deviation: number }[];
}

/** The slow-down to find, and how often. */
const foundShare = 0.95;

export function renderCalibration(
  about: CalibrationAbout,
  rows: readonly CalibrationRow[],
  sideBySide: readonly SideBySideRow[],
): string {
  const counts = [...new Set(rows.map(({ references }) => references))];
  return [
    `# Comparison calibrated on ${about.runs} runs of ${about.cell}`,
    '',
    `Scatter of identical code from run to run: ${about.scatter.map(({ figure, deviation }) => `${figure} ${percent(deviation)}`).join(', ') || 'unknown'}.`,
    '',
    '| references | slowed | as used | apart | drawn |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ references, slowdown, asUsed, apart, drawn }) =>
        `| ${references} | × ${slowdown} | ${countText(asUsed)} | ${countText(apart)}${boundsText(apart)} | ${countText(drawn)} |`,
    ),
    '',
    ...counts.map((references) => conclusion(rows, references)),
    '',
    'Number of comparisons that reported a slow-down, of all. *As used*: the first runs are the recorded ones and every later one is compared with ' +
      'them; they share their references. *Apart*: each run is in one comparison only, so these alone are independent, and the bounds in ' +
      'brackets (95 %, one-sided, Clopper and Pearson) hold for them. *Drawn*: every run against references drawn from all others; the ' +
      'most precise estimate, but not independent. × 1 is identical code; a slow-down stretches every recorded latency by its factor.',
    '',
    ...(sideBySide.length === 0 ? [] : sideBySideLines(sideBySide)),
  ].join('\n');
}

function sideBySideLines(rows: readonly SideBySideRow[]): string[] {
  return [
    '## Side by side',
    '',
    '| pairs | slowed | apart | moving |',
    '|---|---|---|---|',
    ...rows.map(
      ({ pairs, slowdown, apart, moving }) =>
        `| ${pairs} | × ${slowdown} | ${countText(apart)}${boundsText(apart)} | ${countText(moving)} |`,
    ),
    '',
    ...[...new Set(rows.map(({ pairs }) => pairs))].map((pairs) => {
      const steps = rows
        .filter((row) => row.pairs === pairs)
        .map(({ slowdown, moving }) => ({ slowdown, found: moving }));
      const same = rows.find((row) => row.pairs === pairs && row.slowdown === 1);
      return `- With ${pairs} pairs: ${alarms(same && { all: same.moving, apart: same.apart })}; ${found(smallestStep(steps, foundShare))}.`;
    }),
    '',
    'Neighbouring runs taken for runs of two versions, as `redcliff compare --against` makes them. *Moving*: a comparison from every run on, in either direction; each run is in ' +
      'many of them.',
    '',
  ];
}

function conclusion(rows: readonly CalibrationRow[], references: number): string {
  const same = rows.find((row) => row.references === references && row.slowdown === 1);
  const smallest = smallestFound(rows, references, foundShare);
  return `- With ${references} ${references === 1 ? 'reference' : 'references'}: ${alarms(same && { all: same.drawn, apart: same.apart })}; ${found(smallest)}.`;
}

function alarms(same: { readonly all: Share; readonly apart: Share } | undefined): string {
  return same === undefined
    ? 'false positives not measured'
    : `false positives ${rate(same.all)} (independent: ${same.apart.worse} of ${same.apart.of}, at most ${percent(same.apart.high)})`;
}

function found(smallest: number | null): string {
  return smallest === null
    ? `no slow-down tried was found in ${percent(foundShare)}`
    : `smallest slow-down found in ${percent(foundShare)}: ${percent(smallest - 1)}`;
}

function countText({ worse, of }: Share): string {
  return of === 0 ? '–' : `${worse}/${of}`;
}

function boundsText({ of, low, high }: Share): string {
  return of === 0 ? '' : ` (${percent(low)}–${percent(high)})`;
}

function rate({ worse, of }: Share): string {
  return of === 0 ? 'not measured' : percent(worse / of);
}

/** What a comparison side by side says, as Markdown: for the terminal, and to be kept beside its runs. Pure. */
import type { Cell, VerdictValue } from '../record/report.ts';
import { percent } from './percent.ts';
import type { Pair, SideBySideFigure } from './side-by-side.ts';

export interface SideBySideAbout {
  readonly cell: string;
  readonly before: string;
  readonly after: string;
  readonly pairs: readonly Pair[];
}

export function renderSideBySide(about: SideBySideAbout, figures: readonly SideBySideFigure[]): string {
  const { cell, before, after, pairs } = about;
  return [
    `# ${cell}, two versions side by side in ${pairs.length} pairs of runs`,
    '',
    `Before: ${before}. After: ${after}.`,
    '',
    ...(figures.length === 0
      ? ['Too few pairs, or too few operations in every phase, for a comparison.']
      : tableOf(figures)),
    '',
    `Verdicts before: ${verdictsOf(pairs.map((pair) => pair.before))}; after: ${verdictsOf(pairs.map((pair) => pair.after))}.`,
    '',
    ...(figures.length === 0 ? [] : [...conclusions(figures), '']),
  ].join('\n');
}

function tableOf(figures: readonly SideBySideFigure[]): string[] {
  return [
    '| phase | figure | before | after | ratio | lies in | outcome | finds |',
    '|---|---|---|---|---|---|---|---|',
    ...figures.map(
      ({ phase, metric, beforeMs, afterMs, ratio, interval: [low, high], outcome, finds }) =>
        `| ${phase} | ${metric} | ${milliseconds(beforeMs)} | ${milliseconds(afterMs)} | × ${ratio.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} | ${outcome} | ${percent(finds - 1)} |`,
    ),
  ];
}

function conclusions(figures: readonly SideBySideFigure[]): string[] {
  const changed = figures.filter(({ outcome }) => outcome !== 'same');
  if (changed.length === 0) {
    const finds = Math.min(...figures.map((figure) => figure.finds));
    return [
      `No difference beyond chance. A slow-down by ${percent(finds - 1)} would have been found in 95 of 100 such comparisons; more pairs, or a quieter machine, find smaller ones.`,
    ];
  }
  return changed.map(
    ({ phase, metric, beforeMs, afterMs, ratio, outcome }) =>
      `${outcome === 'slower' ? 'Slower' : 'Faster'}: ${metric} in the ${phase} went from ${milliseconds(beforeMs)} to ${milliseconds(afterMs)} (× ${ratio.toFixed(2)}).`,
  );
}

function verdictsOf(cells: readonly Cell[]): string {
  const counts: Record<VerdictValue, number> = { true: 0, false: 0, unknown: 0 };
  for (const cell of cells) {
    for (const { verdict } of [...cell.verdicts, ...cell.thresholds]) counts[verdict] += 1;
  }
  return `${counts.true} held, ${counts.false} violated, ${counts.unknown} unknown`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}

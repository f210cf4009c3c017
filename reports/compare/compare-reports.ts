/**
 * Compares a report with recorded ones. A verdict may not get worse; timings are compared between like environments and
 * like loads only, and everything that was not compared is named.
 */
import type { Cell, Report, VerdictValue } from '../record/report.ts';
import { cellName } from '../render/headline.ts';
import type { Comparison, Timing, VerdictChange } from './comparison.ts';
import { environmentDifferences } from './environments.ts';
import { otherLoad } from './loads.ts';
import { compareTimings, countFine, timingDefaults, type TimingOptions } from './timings.ts';

const rank: Record<VerdictValue, number> = { false: 0, unknown: 1, true: 2 };
const words: Record<VerdictValue, string> = { false: 'violated', unknown: 'unknown', true: 'held' };

/** `recorded`: one report or several. Verdicts of a cell are held against the first of them that has it. */
export function compareReports(
  current: Report,
  recorded: Report | readonly Report[],
  options: Partial<TimingOptions> = {},
): Comparison {
  const references: readonly Report[] = 'cells' in recorded ? [recorded] : recorded;
  const [first] = references;
  const notes: string[] = [];
  const changes: VerdictChange[] = [];
  const timings: Timing[] = [];
  const alike = references.filter((reference) => environmentDifferences(current, reference).length === 0);
  const unlike = first === undefined || alike.length > 0 ? [] : environmentDifferences(current, first);
  for (const reference of alike.length === 0 ? [] : references) {
    const [difference] = environmentDifferences(current, reference);
    if (difference !== undefined) notes.push(`${reference.id} is not used for timings: ${difference}`);
  }
  for (const before of firstOfEach(references)) {
    const now = sameCell(current, before);
    if (now === undefined) notes.push(`${cellName(before)} is in the baseline, but was not run`);
    else if (now.harnessError !== null) notes.push(`${cellName(now)} is not compared: the harness failed`);
    else changes.push(...verdictChanges(now, before));
  }
  const pairs: { readonly now: Cell; readonly comparable: readonly Cell[] }[] = [];
  for (const now of current.cells) {
    if (now.harnessError !== null) continue;
    const before = alike.flatMap((reference) => sameCell(reference, now) ?? []);
    if (references.length > 0 && references.every((reference) => sameCell(reference, now) === undefined))
      notes.push(`${cellName(now)} has no baseline`);
    const comparable = before.filter((cell) => cell.harnessError === null && otherLoad(now, cell) === null);
    const other = before.flatMap((cell) => otherLoad(now, cell) ?? [])[0];
    if (comparable.length === 0 && other !== undefined)
      notes.push(`timings of ${cellName(now)} are not compared: another ${other}`);
    pairs.push({ now, comparable });
  }
  const all = { ...timingDefaults, ...options };
  // The more figures are compared, the stricter the test of each: one false positive counts for the whole run.
  const tests = pairs.reduce((sum, { now, comparable }) => sum + countFine(now, comparable, all), 0);
  for (const { now, comparable } of pairs) timings.push(...compareTimings(now, comparable, tests, all));
  const reasons = [
    ...describeChanges(changes.filter((change) => rank[change.current] < rank[change.recorded])),
    ...timings.filter(({ outcome }) => outcome === 'worse').map(describeTiming),
  ];
  return {
    recorded: references.map(({ id }) => id),
    worse: reasons.length > 0,
    reasons,
    unlike,
    notes,
    changes,
    timings,
  };
}

/** The first baseline of each cell that has one. */
function firstOfEach(references: readonly Report[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const cell of references.flatMap((reference) => reference.cells)) {
    if (!cells.has(cellName(cell))) cells.set(cellName(cell), cell);
  }
  return [...cells.values()];
}

function sameCell(report: Report, { scenario, fault }: Cell): Cell | undefined {
  return report.cells.find((cell) => cell.scenario === scenario && cell.fault === fault);
}

/** What was recorded and is no longer judged counts as unknown: a missing checker must not make a run look good. */
function verdictChanges(now: Cell, before: Cell): VerdictChange[] {
  const current = verdictsOf(now);
  return [...verdictsOf(before)].flatMap(([what, recorded]) => {
    const value = current.get(what) ?? 'unknown';
    return value === recorded
      ? []
      : [{ scenario: now.scenario, fault: now.fault, what, recorded, current: value }];
  });
}

function verdictsOf(cell: Cell): Map<string, VerdictValue> {
  return new Map([
    ...cell.verdicts.map(({ invariant, verdict }) => [invariant, verdict] as const),
    ...cell.thresholds.map(
      ({ metric, expression, verdict }) => [`${metric} ${expression}`, verdict] as const,
    ),
  ]);
}

/** One sentence for all that went the same way in one cell, for one cause often blinds every checker. */
function describeChanges(changes: readonly VerdictChange[]): string[] {
  const groups = Map.groupBy(changes, (change) =>
    [cellName(change), change.recorded, change.current].join('\n'),
  );
  return [...groups.values()].flatMap((group) => {
    const [change] = group;
    if (change === undefined) return [];
    const whats = group.map(({ what }) => what).join(', ');
    const [was, is] = group.length === 1 ? ['was', 'is'] : ['were', 'are'];
    return [
      `${whats} in ${cellName(change)} ${was} ${words[change.recorded]} and ${is} ${words[change.current]}`,
    ];
  });
}

function describeTiming({ metric, phase, recorded, current, ratio, interval, ...cell }: Timing): string {
  const unit = metric === 'throughput' ? ' ok/s' : ' ms';
  const range =
    interval === null ? '' : `, interval of the ratio ${interval.map((bound) => bound.toFixed(2)).join('–')}`;
  return `${metric} in the ${phase} of ${cellName(cell)} went from ${recorded.toFixed(1)}${unit} to ${current.toFixed(1)}${unit} (× ${ratio.toFixed(2)}${range})`;
}

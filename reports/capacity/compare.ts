/** Compares a capacity report with an earlier one: what got worse by more than its intervals allow, between like environments only. */
import type { CapacityReport, FaultMode, MixCapacity } from './capacity-report.ts';
import { sameJson } from '../record/same-json.ts';
import { shareLeft } from './answers.ts';
import type { Interval } from './interval.ts';

export interface CapacityChange {
  readonly what: string;
  readonly baseline: string;
  readonly current: string;
  readonly outcome: 'better' | 'same' | 'worse';
}

export interface CapacityComparison {
  readonly worse: boolean;
  readonly changes: readonly CapacityChange[];
  /** Why figures are not comparable; empty when they are. */
  readonly unlike: readonly string[];
  readonly notes: readonly string[];
}

/** Intervals that do not meet are a change only when the values differ by this share. */
const shareMin = 0.1;
/** What is left under a fault may differ by so much of the undisturbed rate. */
const leftDifferenceMax = 0.2;

export function compareCapacity(current: CapacityReport, baseline: CapacityReport): CapacityComparison {
  const unlike = differences(current, baseline);
  if (unlike.length > 0) return { worse: false, changes: [], unlike, notes: [] };
  const notes = settingsNote(current, baseline);
  const changes = [
    ...pairs(current.mixes, baseline.mixes, notes).flatMap(([now, before]) => compareMix(now, before)),
    ...pairs(current.routes, baseline.routes, notes).flatMap(([now, before]) => {
      if (!now.scalability.fitted || !before.scalability.fitted) return [];
      return [
        change(
          `ceiling of ${now.name}`,
          '/s',
          now.scalability.peakThroughput,
          before.scalability.peakThroughput,
          true,
        ),
      ];
    }),
    ...growthChanges(current, baseline),
    ...pairs(current.faults, baseline.faults, notes).flatMap(([now, before]) =>
      compareFault(now, before, current.faults[0], baseline.faults[0]),
    ),
  ];
  return { worse: changes.some(({ outcome }) => outcome === 'worse'), changes, unlike, notes };
}

function differences(current: CapacityReport, baseline: CapacityReport): string[] {
  const facts = (report: CapacityReport): Record<string, unknown> => ({
    target: report.target,
    stack: report.provider.name,
    redis: report.provider.redis.kind,
    mongo: report.provider.mongo.kind,
    processors: report.machine.cpus,
    'processor model': report.machine.cpuModel,
    priority: report.machine.priority,
    objective: report.slo,
    'user model': report.user,
    world: report.world,
    processes: Object.fromEntries(
      Object.entries(report.roles).map(([role, { processes }]) => [role, processes]),
    ),
  });
  const [now, before] = [facts(current), facts(baseline)];
  return Object.keys(now)
    .filter((name) => !sameJson(now[name], before[name]))
    .map(
      (name) => `${name}: ${JSON.stringify(before[name])} in the baseline, now ${JSON.stringify(now[name])}`,
    );
}

/** Settings are often what is compared: they are named, and figures are compared all the same. */
function settingsNote(current: CapacityReport, baseline: CapacityReport): string[] {
  if (sameJson(current.settings, baseline.settings)) return [];
  return [
    `settings: ${JSON.stringify(baseline.settings)} in the baseline, now ${JSON.stringify(current.settings)}`,
  ];
}

function pairs<T extends { readonly name: string }>(
  current: readonly T[],
  baseline: readonly T[],
  notes: string[],
): (readonly [T, T])[] {
  return baseline.flatMap((before) => {
    const now = current.find(({ name }) => name === before.name);
    if (now === undefined) notes.push(`${before.name} is in the baseline and was not measured`);
    return now === undefined ? [] : [[now, before] as const];
  });
}

/** A rate that is not bracketed, or never met, has no value and can still be a change. */
function compareMix(now: MixCapacity, before: MixCapacity): CapacityChange[] {
  const what = `highest rate of ${now.name}`;
  const rank = { never: 0, unmeasured: 0, bracketed: 1, 'at-least': 2 } as const;
  if (now.sloRate.outcome === 'bracketed' && before.sloRate.outcome === 'bracketed') {
    const value = (rate: typeof now.sloRate) =>
      rate.outcome === 'bracketed'
        ? { value: rate.ratePerSecond, ...rate.interval }
        : { value: null, low: null, high: null };
    return [change(what, '/s', value(now.sloRate), value(before.sloRate), true)];
  }
  const difference = rank[now.sloRate.outcome] - rank[before.sloRate.outcome];
  const outcome = difference < 0 ? 'worse' : difference > 0 ? 'better' : 'same';
  return [{ what, baseline: before.sloRate.outcome, current: now.sloRate.outcome, outcome }];
}

interface Estimate extends Interval {
  readonly value: number | null;
}

/** Worse or better only when the intervals lie apart and the values differ by a share that matters. */
function change(
  what: string,
  unit: string,
  now: Estimate,
  before: Estimate,
  moreIsBetter: boolean,
): CapacityChange {
  const text = ({ value, low, high }: Estimate): string =>
    `${short(value)}${unit} (${short(low)} to ${short(high)})`;
  const below = (left: Estimate, right: Estimate): boolean =>
    left.high !== null && right.low !== null && left.high < right.low;
  const apart = Math.abs((now.value ?? 0) - (before.value ?? 0)) > shareMin * Math.abs(before.value ?? 0);
  const fell = apart && below(now, before);
  const rose = apart && below(before, now);
  const outcome = fell || rose ? (fell === moreIsBetter ? 'worse' : 'better') : 'same';
  return { what, baseline: text(before), current: text(now), outcome };
}

function growthChanges(current: CapacityReport, baseline: CapacityReport): CapacityChange[] {
  return baseline.growth.flatMap(({ dimension, fit: before }) => {
    const now = current.growth.find((growth) => growth.dimension === dimension)?.fit;
    if (now === undefined || !now.fitted || !before.fitted) return [];
    const estimate = ({ exponent, low, high }: typeof now): Estimate => ({ value: exponent, low, high });
    return [change(`exponent of ${dimension}`, '', estimate(now), estimate(before), false)];
  });
}

function compareFault(
  now: FaultMode,
  before: FaultMode,
  nowUndisturbed: FaultMode | undefined,
  beforeUndisturbed: FaultMode | undefined,
): CapacityChange[] {
  const [left, leftBefore] = [shareLeft(now, nowUndisturbed), shareLeft(before, beforeUndisturbed)];
  if (left === null || leftBefore === null || now === nowUndisturbed) return [];
  const difference = left - leftBefore;
  const outcome =
    difference < -leftDifferenceMax ? 'worse' : difference > leftDifferenceMax ? 'better' : 'same';
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return [
    {
      what: `what is left with ${now.title}`,
      baseline: percent(leftBefore),
      current: percent(left),
      outcome,
    },
  ];
}

function short(value: number | null): string {
  if (value === null) return 'no bound';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}

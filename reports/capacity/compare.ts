/** Compares two capacity reports: what got worse by more than its intervals allow, between like environments only. */
import type { CapacityReport, FaultMode, MixCapacity } from './capacity-report.ts';
import { sameJson } from '../record/same-json.ts';
import { shareLeft } from './answers.ts';
import type { Interval } from './interval.ts';

export interface CapacityChange {
  readonly what: string;
  readonly recorded: string;
  readonly current: string;
  readonly outcome: 'better' | 'same' | 'worse';
}

export interface CapacityComparison {
  readonly worse: boolean;
  readonly changes: readonly CapacityChange[];
  /** Why figures are not compared; empty when they are. */
  readonly unlike: readonly string[];
  readonly notes: readonly string[];
}

/** Even intervals that do not meet are called a change only when the values differ by this share. */
const shareMin = 0.1;
/** What is left under a fault may differ by so much of the whole. */
const leftDifferenceMax = 0.2;

export function compareCapacity(current: CapacityReport, recorded: CapacityReport): CapacityComparison {
  const unlike = differences(current, recorded);
  if (unlike.length > 0) return { worse: false, changes: [], unlike, notes: [] };
  const notes: string[] = [];
  const changes = [
    ...pairs(current.mixes, recorded.mixes, notes).flatMap(([now, before]) => compareMix(now, before)),
    ...pairs(current.routes, recorded.routes, notes).flatMap(([now, before]) => {
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
    ...growthChanges(current, recorded),
    ...pairs(current.faults, recorded.faults, notes).flatMap(([now, before]) =>
      compareFault(now, before, current.faults[0], recorded.faults[0]),
    ),
  ];
  return { worse: changes.some(({ outcome }) => outcome === 'worse'), changes, unlike, notes };
}

function differences(current: CapacityReport, recorded: CapacityReport): string[] {
  const facts = (report: CapacityReport): Record<string, unknown> => ({
    stack: report.provider.name,
    redis: report.provider.redis.kind,
    mongo: report.provider.mongo.kind,
    processors: report.machine.cpus,
    'processor model': report.machine.cpuModel,
    priority: report.machine.priority,
    objective: report.slo,
    'model of a player': report.player,
    world: report.world,
    processes: report.processes,
  });
  const [now, before] = [facts(current), facts(recorded)];
  return Object.keys(now)
    .filter((name) => !sameJson(now[name], before[name]))
    .map(
      (name) => `${name}: recorded with ${JSON.stringify(before[name])}, now ${JSON.stringify(now[name])}`,
    );
}

function pairs<T extends { readonly name: string }>(
  current: readonly T[],
  recorded: readonly T[],
  notes: string[],
): (readonly [T, T])[] {
  return recorded.flatMap((before) => {
    const now = current.find(({ name }) => name === before.name);
    if (now === undefined) notes.push(`${before.name} was recorded and not measured`);
    return now === undefined ? [] : [[now, before] as const];
  });
}

/** A rate that is no longer bracketed, or never met, is no number and still a change. */
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
  return [{ what, recorded: before.sloRate.outcome, current: now.sloRate.outcome, outcome }];
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
  return { what, recorded: text(before), current: text(now), outcome };
}

function growthChanges(current: CapacityReport, recorded: CapacityReport): CapacityChange[] {
  return recorded.growth.flatMap(({ dimension, fit: before }) => {
    const now = current.growth.find((growth) => growth.dimension === dimension)?.fit;
    if (now === undefined || !now.fitted || !before.fitted) return [];
    const estimate = ({ exponent, low, high }: typeof now): Estimate => ({ value: exponent, low, high });
    return [change(`exponent of ${dimension}`, '', estimate(now), estimate(before), false)];
  });
}

function compareFault(
  now: FaultMode,
  before: FaultMode,
  nowWhole: FaultMode | undefined,
  beforeWhole: FaultMode | undefined,
): CapacityChange[] {
  const [left, leftBefore] = [shareLeft(now, nowWhole), shareLeft(before, beforeWhole)];
  if (left === null || leftBefore === null || now === nowWhole) return [];
  const difference = left - leftBefore;
  const outcome =
    difference < -leftDifferenceMax ? 'worse' : difference > leftDifferenceMax ? 'better' : 'same';
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return [
    {
      what: `what is left with ${now.title}`,
      recorded: percent(leftBefore),
      current: percent(left),
      outcome,
    },
  ];
}

function short(value: number | null): string {
  if (value === null) return 'no bound';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}

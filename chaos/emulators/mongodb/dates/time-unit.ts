/** Units of $dateAdd, $dateDiff, $dateTrunc and of windows by time: adding them, counting their boundaries, cutting to them. */
import { addMonths, dayMs, dayOfWeek, localOfDate, partsOf } from './calendar.ts';
import { fromLocal, toLocal } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

export const timeUnits = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
] as const;

export type TimeUnit = (typeof timeUnits)[number];

export function timeUnitOf(name: string): TimeUnit | undefined {
  return timeUnits.find((unit) => unit === name);
}

const fixedMs = {
  week: 7 * dayMs,
  day: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

/** Milliseconds of a unit that always has as many; undefined for months and longer. */
export function unitMilliseconds(unit: TimeUnit): number | undefined {
  return unit === 'year' || unit === 'quarter' || unit === 'month' ? undefined : fixedMs[unit];
}

/** Days and longer units are added to the local time, so that it is kept when clocks change. NaN when out of range. */
export function addUnits(instantMs: number, unit: TimeUnit, amount: number, zone: TimeZone): number {
  switch (unit) {
    case 'year':
    case 'quarter':
    case 'month': {
      const months = amount * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1);
      return fromLocalOrNaN(addMonths(toLocal(instantMs, zone), months), zone);
    }
    case 'week':
    case 'day':
      return fromLocalOrNaN(toLocal(instantMs, zone) + amount * fixedMs[unit], zone);
    default:
      return instantMs + amount * fixedMs[unit];
  }
}

function fromLocalOrNaN(localMs: number, zone: TimeZone): number {
  return Number.isNaN(new Date(localMs).getTime()) ? Number.NaN : fromLocal(localMs, zone);
}

/** Boundaries of the unit between two instants, negative when the end is before the start. 0 is Sunday. */
export function unitsBetween(
  startMs: number,
  endMs: number,
  unit: TimeUnit,
  zone: TimeZone,
  startOfWeek = 0,
): number {
  const [start, end] = [toLocal(startMs, zone), toLocal(endMs, zone)];
  const [from, to] = [partsOf(start), partsOf(end)];
  switch (unit) {
    case 'year':
      return to.year - from.year;
    case 'quarter':
      return (to.year - from.year) * 4 + Math.floor((to.month - 1) / 3) - Math.floor((from.month - 1) / 3);
    case 'month':
      return (to.year - from.year) * 12 + to.month - from.month;
    case 'week':
      return (weekStart(end, startOfWeek) - weekStart(start, startOfWeek)) / fixedMs.week;
    case 'day':
      return Math.floor(end / dayMs) - Math.floor(start / dayMs);
    case 'hour':
    case 'minute': {
      // An hour that a clock skips or repeats has passed all the same; only the offset's part of an hour moves boundaries.
      const length = fixedMs[unit];
      const count = (instantMs: number) =>
        Math.floor((instantMs + (zone.offsetAt(instantMs) % length)) / length);
      return count(endMs) - count(startMs);
    }
    default:
      return Math.floor(endMs / fixedMs[unit]) - Math.floor(startMs / fixedMs[unit]);
  }
}

function weekStart(localMs: number, startOfWeek: number): number {
  const days = Math.floor(localMs / dayMs);
  const since = (dayOfWeek(localMs) - startOfWeek + 7) % 7;
  return (days - since) * dayMs;
}

/** Bins are counted from here. */
const referenceYear = 2000;

/** Start of the bin of `binSize` units that the instant is in. */
export function truncateToUnit(
  instantMs: number,
  unit: TimeUnit,
  binSize: number,
  zone: TimeZone,
  startOfWeek: number,
): number {
  const local = toLocal(instantMs, zone);
  switch (unit) {
    case 'year':
    case 'quarter':
    case 'month': {
      const months = binSize * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1);
      const { year, month } = partsOf(local);
      const since = (year - referenceYear) * 12 + month - 1;
      return fromLocal(localOfDate(referenceYear, Math.floor(since / months) * months + 1, 1), zone);
    }
    case 'week':
    case 'day': {
      const length = binSize * fixedMs[unit];
      const first = localOfDate(referenceYear, 1, 1);
      const reference = unit === 'week' ? first + ((startOfWeek - dayOfWeek(first) + 7) % 7) * dayMs : first;
      return fromLocal(reference + Math.floor((local - reference) / length) * length, zone);
    }
    default: {
      const length = binSize * fixedMs[unit];
      const reference = fromLocal(localOfDate(referenceYear, 1, 1), zone);
      return reference + Math.floor((instantMs - reference) / length) * length;
    }
  }
}

/** Days by name or by their beginnings; 0 is Sunday. */
export function dayOfWeekNamed(name: string): number | undefined {
  const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  const wanted = name.toLowerCase();
  const index = days.findIndex((day) => day === wanted || day.slice(0, 3) === wanted);
  return index === -1 ? undefined : index;
}

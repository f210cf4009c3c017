/** The Gregorian calendar on local milliseconds since 1970: parts, weeks by ISO 8601, and adding months without running over their end. */

export const dayMs = 86_400_000;

export interface DateParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

export function partsOf(localMs: number): DateParts {
  const date = new Date(localMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Months and days outside of their range carry over into years and months. */
export function localOfDate(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** 1 for the first of January. */
export function dayOfYear(localMs: number): number {
  const { year } = partsOf(localMs);
  return Math.floor((localMs - localOfDate(year, 1, 1)) / dayMs) + 1;
}

/** 0 for Sunday. */
export function dayOfWeek(localMs: number): number {
  return new Date(localMs).getUTCDay();
}

/** 1 for Monday, 7 for Sunday. */
export function isoDayOfWeek(localMs: number): number {
  return dayOfWeek(localMs) || 7;
}

/** Weeks begin on Sundays; the days before the first one are week 0. */
export function weekOfYear(localMs: number): number {
  return Math.floor((dayOfYear(localMs) + 6 - dayOfWeek(localMs)) / 7);
}

export interface IsoWeek {
  readonly year: number;
  readonly week: number;
}

/** The week belongs to the year of its Thursday. */
export function isoWeekOf(localMs: number): IsoWeek {
  const thursday = localMs + (4 - isoDayOfWeek(localMs)) * dayMs;
  return { year: partsOf(thursday).year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

export function localOfIsoWeek(year: number, week: number, day: number): number {
  const fourth = localOfDate(year, 1, 4);
  return fourth + (1 - isoDayOfWeek(fourth) + (week - 1) * 7 + (day - 1)) * dayMs;
}

/** The last day of the month where the day does not exist in it. */
export function addMonths(localMs: number, months: number): number {
  const { year, month, day } = partsOf(localMs);
  const timeOfDay = localMs - localOfDate(year, month, day);
  const lastDay = new Date(localOfDate(year, month + months + 1, 0)).getUTCDate();
  return localOfDate(year, month + months, Math.min(day, lastDay)) + timeOfDay;
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

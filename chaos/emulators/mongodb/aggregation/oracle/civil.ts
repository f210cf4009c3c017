/**
 * Dates of the oracle by counting days, without JavaScript's dates and without Intl: the rules of a few zones are written
 * out, as they have been since 2008.
 */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const cumulative = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since the first of January 1970, for a month and a day that exist. */
export function dayNumber({ year, month, day }: Civil): number {
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return before * 365 + leaps + (cumulative[month - 1] ?? 0) + leapDay + day - 1 - 719_162;
}

export function civilOf(days: number): Civil {
  let year = 1970 + Math.floor(days / 366);
  while (dayNumber({ year: year + 1, month: 1, day: 1 }) <= days) year += 1;
  while (dayNumber({ year, month: 1, day: 1 }) > days) year -= 1;
  let month = 12;
  while (dayNumber({ year, month, day: 1 }) > days) month -= 1;
  return { year, month, day: days - dayNumber({ year, month, day: 1 }) + 1 };
}

/** 0 for Sunday. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Of the n-th Sunday of a month, the last one for 5. */
function sunday(year: number, month: number, which: number): number {
  const first = dayNumber({ year, month, day: 1 });
  const firstSunday = first + ((7 - weekday(first)) % 7);
  if (which < 5) return firstSunday + (which - 1) * 7;
  const last = dayNumber({ year, month, day: daysInMonth(year, month) });
  return last - weekday(last);
}

export const zoneNames = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', '+03:30'] as const;
export type ZoneName = (typeof zoneNames)[number];

/** Local time less UTC, in milliseconds. */
export function offsetAt(instantMs: number, zone: ZoneName): number {
  const { year } = civilOf(Math.floor(instantMs / dayMs));
  switch (zone) {
    case 'UTC':
      return 0;
    case 'Asia/Kolkata':
      return 5.5 * hourMs;
    case '+03:30':
      return 3.5 * hourMs;
    case 'America/New_York': {
      const summer = sunday(year, 3, 2) * dayMs + 7 * hourMs;
      const winter = sunday(year, 11, 1) * dayMs + 6 * hourMs;
      return (instantMs >= summer && instantMs < winter ? -4 : -5) * hourMs;
    }
    case 'Europe/Berlin': {
      const summer = sunday(year, 3, 5) * dayMs + hourMs;
      const winter = sunday(year, 10, 5) * dayMs + hourMs;
      return (instantMs >= summer && instantMs < winter ? 2 : 1) * hourMs;
    }
  }
}

/** The instants that have this local time: none, one or two. */
export function instantsOf(localMs: number, zone: ZoneName): number[] {
  const offsets = new Set([offsetAt(localMs - 14 * hourMs, zone), offsetAt(localMs + 14 * hourMs, zone)]);
  return [...offsets]
    .map((offset) => localMs - offset)
    .filter((instant) => instant + offsetAt(instant, zone) === localMs);
}

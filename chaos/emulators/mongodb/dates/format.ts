/** Dates as text by the format specifiers of $dateToString. */
import { locationError } from '../errors.ts';
import {
  dayOfWeek,
  dayOfYear,
  isoDayOfWeek,
  isoWeekOf,
  monthNames,
  partsOf,
  weekOfYear,
} from './calendar.ts';
import { toLocal } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

/** `2020-01-31T08:30:00.000Z`, also outside of the years 0 to 9999. */
export function isoText(instantMs: number): string {
  if (Number.isNaN(instantMs)) return 'Invalid date';
  const { year } = partsOf(instantMs);
  const text = new Date(instantMs).toISOString();
  return year >= 0 && year <= 9999
    ? text
    : text.replace(/^([+-])0+(?=\d{4})/, (_, sign) => (sign === '-' ? '-' : ''));
}

const specifiers = 'bBdGHjLmMSuUVwYzZ%';

/** @throws MongoError 18536 for a specifier that does not exist, 18535 for a % at the end. */
export function checkFormat(format: string, allowed: string = specifiers): void {
  for (let index = 0; index < format.length; index += 1) {
    if (format.charAt(index) !== '%') continue;
    index += 1;
    if (index >= format.length) throw locationError(18535, `Unmatched '%' at end of format string`);
    if (!allowed.includes(format.charAt(index))) {
      throw locationError(18536, `Invalid format character '%${format.charAt(index)}' in format string`);
    }
  }
}

/** @throws MongoError 18537 for a year that has no four digits. */
export function formatDate(instantMs: number, format: string, zone: TimeZone): string {
  const local = toLocal(instantMs, zone);
  return format.replaceAll(/%([A-Za-z%])/g, (_, specifier: string) => {
    switch (specifier) {
      case 'z':
        return offsetText(zone.offsetAt(instantMs));
      case 'Z':
        return String(Math.trunc(zone.offsetAt(instantMs) / 60_000));
      case '%':
        return '%';
      default:
        return partText(local, specifier);
    }
  });
}

function partText(local: number, specifier: string): string {
  const parts = partsOf(local);
  switch (specifier) {
    case 'Y':
      return yearText(parts.year);
    case 'G':
      return yearText(isoWeekOf(local).year);
    case 'm':
      return padded(parts.month, 2);
    case 'd':
      return padded(parts.day, 2);
    case 'H':
      return padded(parts.hour, 2);
    case 'M':
      return padded(parts.minute, 2);
    case 'S':
      return padded(parts.second, 2);
    case 'L':
      return padded(parts.millisecond, 3);
    case 'j':
      return padded(dayOfYear(local), 3);
    case 'u':
      return String(isoDayOfWeek(local));
    case 'w':
      return String(dayOfWeek(local) + 1);
    case 'U':
      return padded(weekOfYear(local), 2);
    case 'V':
      return padded(isoWeekOf(local).week, 2);
    case 'b':
      return monthNames[parts.month - 1]?.slice(0, 3) ?? '';
    default:
      return monthNames[parts.month - 1] ?? '';
  }
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return padded(year, 4);
  throw locationError(18537, `$dateToString is only defined on year 0-9999, tried to use year ${year}`);
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `+0530`. */
function offsetText(offsetMs: number): string {
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}${padded(minutes % 60, 2)}`;
}

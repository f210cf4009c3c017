/** Arguments that date operators share: time zone, unit, first day of the week. Null and missing ones make the result null. */
import { locationError, MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { dayOfWeekNamed, timeUnitOf } from '../../dates/time-unit.ts';
import type { TimeUnit } from '../../dates/time-unit.ts';
import { timeZoneOf } from '../../dates/time-zone.ts';
import type { TimeZone } from '../../dates/time-zone.ts';

/** @throws MongoError 40517, 40485. */
export function timeZoneArgument(value: unknown): TimeZone {
  if (typeof value !== 'string') {
    throw locationError(40517, `timezone must evaluate to a string, found ${typeNameOf(value)}`);
  }
  return timeZoneOf(value);
}

/** @throws MongoError 5439013, 9. */
export function unitArgument(value: unknown, name: string): TimeUnit {
  if (typeof value !== 'string') {
    throw locationError(5439013, `${name} requires 'unit' to be a string, but got ${typeNameOf(value)}`);
  }
  const unit = timeUnitOf(value);
  if (unit === undefined) {
    throw new MongoError(
      'FailedToParse',
      `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
    );
  }
  return unit;
}

/** 0 for Sunday. @throws MongoError 5439015, 5439016. */
export function startOfWeekArgument(value: unknown, name: string): number {
  if (typeof value !== 'string') {
    throw locationError(
      5439015,
      `${name} requires 'startOfWeek' to be a string, but got ${typeNameOf(value)}`,
    );
  }
  const day = dayOfWeekNamed(value);
  if (day === undefined) {
    throw locationError(
      5439016,
      `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
    );
  }
  return day;
}

/**
 * Time zones of date expressions: an offset from UTC, or a name of the IANA database, whose rules Intl knows. A local time
 * that a clock going forward leaves out is read an hour later, one that comes twice as the time before UTC meets it.
 */
import { locationError } from '../errors.ts';

export interface TimeZone {
  readonly isUtc: boolean;
  /** Milliseconds that local time is ahead of UTC at an instant. */
  offsetAt(instantMs: number): number;
  /** As in the name: `EST`, or `+01:00` where there is none. */
  abbreviationAt(instantMs: number): string;
}

const fixedOffset = /^([+-])(\d{2})(?::?(\d{2}))?$/;
const zones = new Map<string, TimeZone>();
const utcNames = new Set(['UTC', 'GMT']);

export const utc: TimeZone = { isUtc: true, offsetAt: () => 0, abbreviationAt: () => 'UTC' };

/** @throws MongoError 40485 for a name that no zone has. */
export function timeZoneOf(name: string): TimeZone {
  if (utcNames.has(name)) return utc;
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = fixedZone(name) ?? namedZone(name);
  if (zone === undefined) throw locationError(40485, `unrecognized time zone identifier: "${name}"`);
  if (zones.size < 500) zones.set(name, zone);
  return zone;
}

function fixedZone(name: string): TimeZone | undefined {
  const found = fixedOffset.exec(name);
  if (found === null) return undefined;
  const [, sign, hours, minutes = '0'] = found;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return { isUtc: offset === 0, offsetAt: () => offset, abbreviationAt: () => name };
}

function namedZone(name: string): TimeZone | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  // Intl takes names in any case; MongoDB does not.
  const resolved = format.resolvedOptions().timeZone;
  const isMiscased = resolved !== name && resolved.toLowerCase() === name.toLowerCase();
  if (isMiscased || /^[a-z]/.test(name) || (name.includes('/') && name === name.toUpperCase()))
    return undefined;
  const short = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' });
  return {
    isUtc: false,
    offsetAt: cachedByQuarterHour(
      (instantMs) => localOf(format, instantMs) - Math.floor(instantMs / 1000) * 1000,
    ),
    abbreviationAt: (instantMs) =>
      short.formatToParts(new Date(instantMs)).find(({ type }) => type === 'timeZoneName')?.value ?? name,
  };
}

const quarterHourMs = 900_000;

/** Clocks change at quarters of an hour only. */
function cachedByQuarterHour(compute: (instantMs: number) => number): (instantMs: number) => number {
  const offsets = new Map<number, number>();
  return (instantMs) => {
    const quarter = Math.floor(instantMs / quarterHourMs);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const isModern = instantMs > -1_500_000_000_000;
    const offset = compute(instantMs);
    if (isModern && offsets.size < 10_000) offsets.set(quarter, offset);
    return offset;
  };
}

function localOf(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(new Date(instantMs))) parts[type] = value;
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
  date.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
  return date.getTime();
}

/** Local time as if it were UTC. */
export function toLocal(instantMs: number, zone: TimeZone): number {
  return instantMs + zone.offsetAt(instantMs);
}

export function fromLocal(localMs: number, zone: TimeZone): number {
  const first = zone.offsetAt(localMs);
  const second = zone.offsetAt(localMs - first);
  if (first === second || zone.offsetAt(localMs - second) === second) return localMs - second;
  return localMs - Math.min(first, second);
}

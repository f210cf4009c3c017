/**
 * Reads dates from text: by a format of $dateFromString, or in the forms that people and programs write (ISO 8601, RFC
 * 2822, names of months, slashes in American order). A date needs its year, month and day; what is left of the time is 0.
 */
import { localOfDate, localOfIsoWeek, monthNames, partsOf } from './calendar.ts';
import { fromLocal, utc } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

/** Text that is no date; the message says why. */
export class DateTextError extends Error {}

interface Fields {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  /** Minutes ahead of UTC. */
  offset?: number;
}

/** @throws DateTextError. `zone` is undefined when none was given, and then UTC. */
export function parseDate(text: string, zone: TimeZone | undefined, format: string | undefined): number {
  const fields = format === undefined ? freeFields(text) : formattedFields(text, format);
  const local = localOf(fields) + timeOf(fields);
  if (fields.offset === undefined) return fromLocal(local, zone ?? utc);
  if (zone !== undefined && !zone.isUtc) {
    throw new DateTextError(
      'you cannot pass in a date/time string with time zone information together with a timezone argument',
    );
  }
  return local - fields.offset * 60_000;
}

function localOf({ year, month, day, dayOfYear, isoYear, isoWeek, isoDay }: Fields): number {
  if (isoYear !== undefined) return localOfIsoWeek(isoYear, isoWeek ?? 1, isoDay ?? 1);
  if (year === undefined)
    throw new DateTextError('an incomplete date/time string has been found, with elements missing');
  if (dayOfYear !== undefined) return localOfDate(year, 1, dayOfYear);
  if (month === undefined || day === undefined) {
    throw new DateTextError('an incomplete date/time string has been found, with elements missing');
  }
  const local = localOfDate(year, month, day);
  if (month < 1 || month > 12 || day < 1 || partsOf(local).month !== month) {
    throw new DateTextError('the parsed date was invalid');
  }
  return local;
}

function timeOf({ hour = 0, minute = 0, second = 0, millisecond = 0 }: Fields): number {
  const isMidnight = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !isMidnight) || minute > 59 || second > 60)
    throw new DateTextError('the parsed date was invalid');
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

const zoneMinutes: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  CET: 60,
  CEST: 120,
  BST: 60,
  WET: 0,
  WEST: 60,
  EET: 120,
  EEST: 180,
};

type Form = readonly [pattern: RegExp, read: (found: readonly string[], fields: Fields) => void];

const monthPattern = String.raw`jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`;
const ordinal = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;

/** Tried in this order where the text has been read to. */
const forms: readonly Form[] = [
  [/^@(-?\d+)/, ([seconds], fields) => readUnixTime(Number(seconds), fields)],
  [
    /^(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!\d)/i,
    ([year, week, day], fields) =>
      setDate(fields, { isoYear: Number(year), isoWeek: Number(week), isoDay: Number(day ?? '1') }),
  ],
  [/^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/, ([year, month, day], fields) => setYmd(fields, year, month, day)],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})(?!\d)/, ([year, month, day], fields) => setYmd(fields, year, month, day)],
  [/^(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/, ([month, day, year], fields) => setYmd(fields, year, month, day)],
  [
    /^(\d{1,2})[-.](\d{1,2})[-.](\d{4})(?!\d)/,
    ([day, month, year], fields) => setYmd(fields, year, month, day),
  ],
  [
    /^(\d{1,2})[ -](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-(\d{4})/i,
    ([day, month, year], fields) => setYmd(fields, year, String(monthNumber(month ?? '')), day),
  ],
  [
    /^(\d{4})-(\d{3})(?!\d)/,
    ([year, day], fields) => setDate(fields, { year: Number(year), dayOfYear: Number(day) }),
  ],
  [/^(\d{4})-(\d{1,2})(?![\d-])/, ([year, month], fields) => setYmd(fields, year, month, '1')],
  [/^(\d{4})(\d{2})(\d{2})(?!\d)/, ([year, month, day], fields) => setYmd(fields, year, month, day)],
  [/^(\d{4})(\d{2})(\d{2})(?=T\d)/, ([year, month, day], fields) => setYmd(fields, year, month, day)],
  [/^T?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?/i, readTime],
  [
    /^T(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?/i,
    ([hour, minute, second, fraction], fields) =>
      readTime([hour ?? '', minute ?? '', second ?? '', fraction ?? ''], fields),
  ],
  [
    /^(\d{1,2})\s*([ap])\.?m\.?/i,
    ([hour, half], fields) => readTime([hour ?? '', '0', '', '', half ?? ''], fields),
  ],
  [/^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?/i, readOffset],
  [
    new RegExp(`^(${monthPattern})[ .,-]*${ordinal}(?:[ ,.-]+(\\d{4}))?(?![\\d:])`, 'i'),
    ([month, day, year], fields) => setNamed(fields, month, day, year),
  ],
  [
    new RegExp(`^${ordinal}[ -]*(?:of )?(${monthPattern})(?:[ ,.-]+(\\d{4}))?(?![\\d:])`, 'i'),
    ([day, month, year], fields) => setNamed(fields, month, day, year),
  ],
  [
    new RegExp(`^(${monthPattern})[ ,.-]+(\\d{4})`, 'i'),
    ([month, year], fields) => setNamed(fields, month, '1', year),
  ],
  [/^(\d{4})(?!\d)/, ([year], fields) => setYear(fields, Number(year))],
  [/^(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs|r)?\b/i, () => undefined],
  [/^([a-z]{1,4})\b/i, ([name], fields) => readZoneName(name ?? '', fields)],
  [/^[\s,.\0]+/, () => undefined],
];

function freeFields(text: string): Fields {
  const fields: Fields = {};
  let rest = text.trim();
  if (rest === '') throw new DateTextError(`an incomplete date/time string has been found: "${text}"`);
  while (rest !== '') {
    const found = readForm(rest, fields);
    if (found === 0) throw new DateTextError(`unexpected character in "${text}" at "${rest}"`);
    rest = rest.slice(found);
  }
  return fields;
}

/** Characters read. */
function readForm(text: string, fields: Fields): number {
  for (const [pattern, read] of forms) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [whole, ...groups] = found;
    read(groups, fields);
    return whole.length;
  }
  return 0;
}

function setDate(fields: Fields, date: Fields): void {
  if (fields.month !== undefined || fields.isoYear !== undefined || fields.dayOfYear !== undefined) {
    throw new DateTextError('double date specification');
  }
  Object.assign(fields, date);
}

function setYmd(fields: Fields, year = '', month = '', day = ''): void {
  setDate(fields, { year: Number(year), month: Number(month), day: Number(day) });
}

function setNamed(fields: Fields, month = '', day = '', year: string | undefined = undefined): void {
  setDate(fields, {
    month: monthNumber(month),
    day: Number(day),
    ...(year === undefined ? {} : { year: Number(year) }),
  });
}

function setYear(fields: Fields, year: number): void {
  if (fields.year !== undefined) throw new DateTextError('double date specification');
  fields.year = year;
}

function monthNumber(name: string): number {
  const start = name.slice(0, 3).toLowerCase();
  return monthNames.findIndex((month) => month.toLowerCase().startsWith(start)) + 1;
}

function readTime(
  [hour = '', minute = '', second = '', fraction = '', half = '']: readonly string[],
  fields: Fields,
): void {
  if (fields.hour !== undefined) throw new DateTextError('double time specification');
  const halfDay = half.toLowerCase();
  const hours = halfDay === '' ? Number(hour) : (Number(hour) % 12) + (halfDay === 'p' ? 12 : 0);
  Object.assign(fields, {
    hour: hours,
    minute: Number(minute),
    second: Number(second),
    millisecond: Math.floor(Number(`0.${fraction === '' ? '0' : fraction}`) * 1000 + 1e-6),
  });
}

function readOffset([sign = '+', hours = '0', minutes = '0']: readonly string[], fields: Fields): void {
  setOffset(fields, (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
}

function readZoneName(name: string, fields: Fields): void {
  if (/^t$/i.test(name)) return;
  const minutes = zoneMinutes[name.toUpperCase()];
  if (minutes === undefined)
    throw new DateTextError(`the timezone could not be found in the database: "${name}"`);
  setOffset(fields, minutes);
}

function setOffset(fields: Fields, minutes: number): void {
  if (fields.offset !== undefined) throw new DateTextError('double timezone specification');
  fields.offset = minutes;
}

function readUnixTime(seconds: number, fields: Fields): void {
  const { year, month, day, hour, minute, second } = partsOf(seconds * 1000);
  Object.assign(fields, { year, month, day, hour, minute, second, offset: 0 });
}

const formatParts: Readonly<Record<string, readonly [RegExp, (text: string, fields: Fields) => void]>> = {
  Y: [/^\d{4}/, (text, fields) => Object.assign(fields, { year: Number(text) })],
  m: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { month: Number(text) })],
  d: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { day: Number(text) })],
  H: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { hour: Number(text) })],
  M: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { minute: Number(text) })],
  S: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { second: Number(text) })],
  L: [/^\d{1,3}/, (text, fields) => Object.assign(fields, { millisecond: Number(text) })],
  // MongoDB's parser counts these days from 0.
  j: [/^\d{1,3}/, (text, fields) => Object.assign(fields, { dayOfYear: Number(text) + 1 })],
  G: [/^\d{4}/, (text, fields) => Object.assign(fields, { isoYear: Number(text) })],
  V: [/^\d{1,2}/, (text, fields) => Object.assign(fields, { isoWeek: Number(text) })],
  u: [/^[1-7]/, (text, fields) => Object.assign(fields, { isoDay: Number(text) })],
  b: [/^[a-z]{3}/i, readMonthName],
  B: [new RegExp(`^(?:${monthPattern})`, 'i'), readMonthName],
  z: [/^(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{1,2})/i, readFormattedOffset],
  Z: [/^[+-]?\d{1,4}/, (text, fields) => setOffset(fields, Number(text))],
};

/** The specifiers that a text can be read by. */
export const parsedSpecifiers = `${Object.keys(formatParts).join('')}%`;

function readMonthName(text: string, fields: Fields): void {
  const month = monthNumber(text);
  if (month === 0) throw new DateTextError(`"${text}" is no month`);
  fields.month = month;
}

function readFormattedOffset(text: string, fields: Fields): void {
  const found = /^([+-])(\d{1,2}):?(\d{2})?/.exec(text);
  if (found === null) setOffset(fields, 0);
  else readOffset(found.slice(1), fields);
}

/** The format was checked before. */
function formattedFields(text: string, format: string): Fields {
  const fields: Fields = {};
  let rest = text;
  for (let index = 0; index < format.length; index += 1) {
    let expected = format.charAt(index);
    if (expected === '%') {
      index += 1;
      expected = format.charAt(index);
      const part = formatParts[expected];
      if (part !== undefined) {
        const found = part[0].exec(rest);
        if (found === null) throw new DateTextError(`"${text}" does not match the format '${format}'`);
        part[1](found[0], fields);
        rest = rest.slice(found[0].length);
        continue;
      }
    }
    if (!rest.startsWith(expected))
      throw new DateTextError(`"${text}" does not match the format '${format}'`);
    rest = rest.slice(expected.length);
  }
  if (rest !== '') throw new DateTextError(`trailing data in "${text}"`);
  return fields;
}

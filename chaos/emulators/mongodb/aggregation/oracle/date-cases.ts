/** Date operators against counted days and written-out zone rules. */
import { Long } from 'bson';
import type { Random } from '../../../../random.ts';
import type { CaseGenerator, OracleCase } from './case.ts';
import { valueCase } from './case.ts';
import { civilOf, dayMs, dayNumber, daysInMonth, instantsOf, offsetAt, weekday, zoneNames } from './civil.ts';
import type { Civil, ZoneName } from './civil.ts';

const firstDay = dayNumber({ year: 2008, month: 1, day: 1 });
const lastDay = dayNumber({ year: 2036, month: 12, day: 31 });

/** Often a day on which clocks change, or the end of a month. */
function drawInstant(random: Random): number {
  const day = random.integer(firstDay, lastDay);
  const { year, month } = civilOf(day);
  const near = random.pick([
    day,
    dayNumber({ year, month, day: daysInMonth(year, month) }),
    dayNumber({ year, month: random.pick([3, 10, 11]), day: random.integer(25, 30) }),
  ]);
  return near * dayMs + random.integer(0, dayMs - 1);
}

function draw(random: Random): {
  instant: number;
  zone: ZoneName;
  local: number;
  civil: Civil;
  days: number;
} {
  const instant = drawInstant(random);
  const zone = random.pick(zoneNames);
  const local = instant + offsetAt(instant, zone);
  const days = Math.floor(local / dayMs);
  return { instant, zone, local, civil: civilOf(days), days };
}

function isoWeek(days: number): { year: number; week: number } {
  const thursday = days + 3 - ((weekday(days) + 6) % 7);
  const { year } = civilOf(thursday);
  return { year, week: Math.floor((thursday - dayNumber({ year, month: 1, day: 1 })) / 7) + 1 };
}

function part(random: Random): OracleCase {
  const { instant, zone, local, civil, days } = draw(random);
  const time = local - days * dayMs;
  const yearDay = days - dayNumber({ ...civil, month: 1, day: 1 });
  const [name, value] = random.pick<readonly [string, unknown]>([
    ['$year', civil.year],
    ['$month', civil.month],
    ['$dayOfMonth', civil.day],
    ['$hour', Math.floor(time / 3_600_000)],
    ['$minute', Math.floor(time / 60_000) % 60],
    ['$second', Math.floor(time / 1000) % 60],
    ['$millisecond', time % 1000],
    ['$dayOfYear', yearDay + 1],
    ['$dayOfWeek', weekday(days) + 1],
    ['$isoDayOfWeek', weekday(days) || 7],
    ['$week', Math.floor((yearDay + 7 - weekday(days)) / 7)],
    ['$isoWeek', isoWeek(days).week],
    ['$isoWeekYear', Long.fromNumber(isoWeek(days).year)],
  ]);
  return valueCase({ [name]: { date: '$d', timezone: zone } }, { d: new Date(instant) }, value);
}

function addMonths({ year, month, day }: Civil, months: number): Civil {
  const total = year * 12 + month - 1 + months;
  const moved = { year: Math.floor(total / 12), month: (total % 12) + 1 };
  return { ...moved, day: Math.min(day, daysInMonth(moved.year, moved.month)) };
}

/** Local times that a zone skips or repeats, and years of other rules, are left to tables. */
function addition(random: Random): OracleCase {
  const { instant, zone, local, civil, days } = draw(random);
  const unit = random.pick([
    'year',
    'quarter',
    'month',
    'week',
    'day',
    'hour',
    'minute',
    'second',
    'millisecond',
  ] as const);
  const amount = random.integer(-30, 30);
  const name = random.pick(['$dateAdd', '$dateSubtract']);
  const signed = name === '$dateAdd' ? amount : -amount;
  const expression = { [name]: { startDate: '$d', unit, amount, timezone: zone } };
  const document = { d: new Date(instant) };
  const fixed = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 };
  if (unit === 'hour' || unit === 'minute' || unit === 'second' || unit === 'millisecond') {
    return valueCase(expression, document, new Date(instant + signed * fixed[unit]));
  }
  const time = local - days * dayMs;
  const months = { year: 12, quarter: 3, month: 1 };
  const day =
    unit === 'week' || unit === 'day'
      ? days + signed * (unit === 'week' ? 7 : 1)
      : dayNumber(addMonths(civil, signed * months[unit]));
  const [only, other] = day < firstDay || day > lastDay ? [] : instantsOf(day * dayMs + time, zone);
  if (only === undefined || other !== undefined) return addition(random);
  return valueCase(expression, document, new Date(only));
}

function difference(random: Random): OracleCase {
  const [a, zone] = [draw(random), random.pick(zoneNames)];
  const b = drawInstant(random);
  const localDays = (instant: number): number => Math.floor((instant + offsetAt(instant, zone)) / dayMs);
  const [from, to] = [civilOf(localDays(a.instant)), civilOf(localDays(b))];
  const unit = random.pick(['year', 'quarter', 'month', 'week', 'day', 'second'] as const);
  const sunday = (days: number): number => days - weekday(days);
  const results = {
    year: to.year - from.year,
    quarter: (to.year - from.year) * 4 + Math.ceil(to.month / 3) - Math.ceil(from.month / 3),
    month: (to.year - from.year) * 12 + to.month - from.month,
    week: (sunday(localDays(b)) - sunday(localDays(a.instant))) / 7,
    day: localDays(b) - localDays(a.instant),
    second: Math.floor(b / 1000) - Math.floor(a.instant / 1000),
  };
  return valueCase(
    { $dateDiff: { startDate: '$a', endDate: '$b', unit, timezone: zone } },
    { a: new Date(a.instant), b: new Date(b) },
    Long.fromNumber(results[unit]),
  );
}

function truncation(random: Random): OracleCase {
  const { instant, zone, civil, days } = draw(random);
  const unit = random.pick(['year', 'quarter', 'month', 'week', 'day'] as const);
  const starts = {
    year: dayNumber({ year: civil.year, month: 1, day: 1 }),
    quarter: dayNumber({ year: civil.year, month: Math.floor((civil.month - 1) / 3) * 3 + 1, day: 1 }),
    month: dayNumber({ ...civil, day: 1 }),
    week: days - weekday(days),
    day: days,
  };
  const [only] = instantsOf(starts[unit] * dayMs, zone);
  if (only === undefined) return truncation(random);
  return valueCase(
    { $dateTrunc: { date: '$d', unit, timezone: zone } },
    { d: new Date(instant) },
    new Date(only),
  );
}

function fromParts(random: Random): OracleCase {
  const year = random.integer(2009, 2035);
  const month = random.integer(-8, 20);
  const day = random.integer(-40, 70);
  const hour = random.integer(-30, 50);
  const zone = random.pick(zoneNames);
  const total = year * 12 + month - 1;
  const first = dayNumber({ year: Math.floor(total / 12), month: (((total % 12) + 12) % 12) + 1, day: 1 });
  const [only, other] = instantsOf((first + day - 1) * dayMs + hour * 3_600_000, zone);
  if (only === undefined || other !== undefined) return fromParts(random);
  return valueCase(
    { $dateFromParts: { year: '$y', month, day, hour, timezone: zone } },
    { y: year },
    new Date(only),
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

function text(random: Random): OracleCase {
  const { instant, zone, local, civil, days } = draw(random);
  const time = local - days * dayMs;
  const [hour, minute, second] = [
    Math.floor(time / 3_600_000),
    Math.floor(time / 60_000) % 60,
    Math.floor(time / 1000) % 60,
  ];
  const milliseconds = String(time % 1000).padStart(3, '0');
  const written = `${civil.year}-${two(civil.month)}-${two(civil.day)} ${two(hour)}:${two(minute)}:${two(second)}.${milliseconds}`;
  if (random.next() < 0.5) {
    const offset = offsetAt(instant, zone) / 60_000;
    const sign = offset < 0 ? '-' : '+';
    const suffix = `${sign}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
    return valueCase(
      { $dateToString: { date: '$d', format: '%Y-%m-%d %H:%M:%S.%L%z', timezone: zone } },
      { d: new Date(instant) },
      `${written}${suffix}`,
    );
  }
  if (instantsOf(local, zone).length !== 1) return text(random);
  return valueCase(
    { $dateFromString: { dateString: '$s', timezone: zone } },
    { s: written },
    new Date(instant),
  );
}

export const dateCases: readonly CaseGenerator[] = [
  part,
  part,
  addition,
  addition,
  difference,
  truncation,
  fromParts,
  text,
];

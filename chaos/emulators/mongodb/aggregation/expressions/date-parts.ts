/** Operators that give one part of a date, $dateToParts and $dateFromParts. */
import { Long } from 'bson';
import { locationError } from '../../errors.ts';
import { isDocument, typeNameOf } from '../../query/bson-value.ts';
import { exactInt } from '../../numbers/rounding.ts';
import { numberTypeOf } from '../../numbers/number-type.ts';
import {
  dayOfWeek,
  dayOfYear,
  isoDayOfWeek,
  isoWeekOf,
  localOfDate,
  localOfIsoWeek,
  partsOf,
  weekOfYear,
} from '../../dates/calendar.ts';
import { fromLocal, toLocal, utc } from '../../dates/time-zone.ts';
import type { TimeZone } from '../../dates/time-zone.ts';
import { compileNamed, namedOperands } from './arguments.ts';
import { timeZoneArgument } from './date-arguments.ts';
import { dateOf, requireMilliseconds } from './date-value.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, Node, OperatorTable, Scope } from './evaluation.ts';

export const datePartOperators: OperatorTable = {
  $dateFromParts: compileFromParts,
  $dateToParts: compileToParts,
  $dayOfMonth: part((local) => partsOf(local).day),
  $dayOfWeek: part((local) => dayOfWeek(local) + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((local) => partsOf(local).hour),
  $isoDayOfWeek: part(isoDayOfWeek),
  $isoWeek: part((local) => isoWeekOf(local).week),
  $isoWeekYear: part((local) => Long.fromNumber(isoWeekOf(local).year)),
  $millisecond: part((local) => partsOf(local).millisecond),
  $minute: part((local) => partsOf(local).minute),
  $month: part((local) => partsOf(local).month),
  $second: part((local) => partsOf(local).second),
  $week: part(weekOfYear),
  $year: part((local) => partsOf(local).year),
};

/** The operand is a date, a list of one, or `{date, timezone}`. */
function part(compute: (localMs: number) => unknown): ExpressionOperator {
  return (operand, scope, name) => {
    const { date, timezone } = dateAndZone(operand, scope, name);
    const nodes = [date, timezone].filter((node) => node !== undefined);
    return foldedNode(nodes, (root) => {
      const value = date?.evaluate(root);
      if (isNullish(value)) return null;
      const zone = zoneOf(timezone, root);
      if (zone === undefined) return null;
      return compute(toLocal(requireMilliseconds(value), zone));
    });
  };
}

/** UTC when there is no argument; undefined when it is null or missing. */
export function zoneOf(timezone: Node | undefined, root: unknown): TimeZone | undefined {
  if (timezone === undefined) return utc;
  const value = timezone.evaluate(root);
  return isNullish(value) ? undefined : timeZoneArgument(value);
}

function dateAndZone(operand: unknown, scope: Scope, name: string): { date?: Node; timezone?: Node } {
  if (isDocument(operand)) {
    const [first] = Object.keys(operand);
    if (first?.startsWith('$') === true) return { date: scope.compile(operand) };
    return compileNamed(
      namedOperands(operand, name, ['date', 'timezone'], {
        notAnObject: 40539,
        unknown: 40535,
        missing: [['date', 40539]],
      }),
      scope,
    );
  }
  if (!Array.isArray(operand)) return { date: scope.compile(operand) };
  if (operand.length !== 1) {
    throw locationError(
      40536,
      `${name} accepts exactly one argument if given an array, but was given ${operand.length}`,
    );
  }
  return { date: scope.compile(operand[0]) };
}

function compileToParts(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['date', 'timezone', 'iso8601'], {
    notAnObject: 40524,
    unknown: 40520,
    missing: [['date', 40522]],
  });
  const { date, timezone, iso8601 } = compileNamed(given, scope);
  const nodes = [date, timezone, iso8601].filter((node) => node !== undefined);
  return foldedNode(nodes, (root) => {
    const zone = zoneOf(timezone, root);
    const iso = iso8601 === undefined ? false : iso8601.evaluate(root);
    if (zone === undefined || isNullish(iso)) return null;
    if (typeof iso !== 'boolean') {
      throw locationError(40521, `iso8601 must evaluate to a bool, found ${typeNameOf(iso)}`);
    }
    const value = date?.evaluate(root);
    if (isNullish(value)) return null;
    const local = toLocal(requireMilliseconds(value), zone);
    const { year, month, day, hour, minute, second, millisecond } = partsOf(local);
    const time = { hour, minute, second, millisecond };
    if (!iso) return { year, month, day, ...time };
    const week = isoWeekOf(local);
    return { isoWeekYear: week.year, isoWeek: week.week, isoDayOfWeek: isoDayOfWeek(local), ...time };
  });
}

const partNames = [
  'year',
  'month',
  'day',
  'isoWeekYear',
  'isoWeek',
  'isoDayOfWeek',
  'hour',
  'minute',
  'second',
  'millisecond',
] as const;
type PartName = (typeof partNames)[number];

function compileFromParts(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, [...partNames, 'timezone'], {
    notAnObject: 40519,
    unknown: 40518,
    missing: [],
  });
  const isIso = given.isoWeekYear !== undefined;
  const hasCalendar = given.year !== undefined || given.month !== undefined || given.day !== undefined;
  const hasIso = isIso || given.isoWeek !== undefined || given.isoDayOfWeek !== undefined;
  if (given.year === undefined && !isIso) {
    throw locationError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  }
  if (given.year !== undefined && hasIso) {
    throw locationError(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  }
  if (isIso && hasCalendar) {
    throw locationError(40525, '$dateFromParts does not allow mixing ISO dates with natural dates');
  }
  const nodes = compileNamed(given, scope);
  const all = Object.values(nodes).filter((node) => node !== undefined);
  return foldedNode(all, (root) => {
    const zone = zoneOf(nodes.timezone, root);
    if (zone === undefined) return null;
    const values = new Map<PartName, number>();
    for (const part of partNames) {
      const value = nodes[part]?.evaluate(root);
      if (nodes[part] === undefined) continue;
      if (isNullish(value)) return null;
      values.set(part, partArgument(part, value));
    }
    return dateFrom(values, zone, isIso);
  });
}

function partArgument(part: PartName, value: unknown): number {
  const int = numberTypeOf(value) === undefined ? undefined : exactInt(value);
  if (int === undefined)
    throw locationError(40515, `'${part}' must evaluate to an integer, found ${typeNameOf(value)}`);
  if (part === 'year' || part === 'isoWeekYear') {
    if (int < 1 || int > 9999) {
      throw locationError(
        40523,
        `'${part}' must evaluate to an integer in the range 1 to 9999, found ${int}`,
      );
    }
  }
  return int;
}

function dateFrom(values: ReadonlyMap<PartName, number>, zone: TimeZone, isIso: boolean): Date {
  const valueOf = (part: PartName, otherwise: number): number => values.get(part) ?? otherwise;
  const day = isIso
    ? localOfIsoWeek(valueOf('isoWeekYear', 1970), valueOf('isoWeek', 1), valueOf('isoDayOfWeek', 1))
    : localOfDate(valueOf('year', 1970), valueOf('month', 1), valueOf('day', 1));
  const minutes = valueOf('hour', 0) * 60 + valueOf('minute', 0);
  const local = day + (minutes * 60 + valueOf('second', 0)) * 1000 + valueOf('millisecond', 0);
  const inRange = Number.isNaN(local) ? 2n ** 63n : BigInt(local);
  return dateOf(BigInt(fromLocal(Number(dateOf(inRange, '$dateFromParts')), zone)), '$dateFromParts');
}

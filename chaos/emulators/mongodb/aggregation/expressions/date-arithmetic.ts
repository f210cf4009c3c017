/** $dateAdd $dateSubtract $dateDiff $dateTrunc, and the parts of timestamps. */
import { Long, Timestamp } from 'bson';
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { exactLong } from '../../numbers/rounding.ts';
import { numberTypeOf } from '../../numbers/number-type.ts';
import { addUnits, truncateToUnit, unitMilliseconds, unitsBetween } from '../../dates/time-unit.ts';
import type { TimeUnit } from '../../dates/time-unit.ts';
import { compileNamed, namedOperands, unary } from './arguments.ts';
import { startOfWeekArgument, unitArgument } from './date-arguments.ts';
import { zoneOf } from './date-parts.ts';
import { dateOf, millisecondsOf } from './date-value.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, Node, OperatorTable, Scope } from './evaluation.ts';

export const dateArithmeticOperators: OperatorTable = {
  $dateAdd: add(1n),
  $dateDiff: compileDifference,
  $dateSubtract: add(-1n),
  $dateTrunc: compileTruncation,
  $tsIncrement: unary((value, name) => ofTimestamp(value, name, 5687302)?.i ?? null),
  $tsSecond: unary((value, name) => ofTimestamp(value, name, 5687301)?.t ?? null),
};

function ofTimestamp(value: unknown, name: string, code: number): { t: Long; i: Long } | undefined {
  if (isNullish(value)) return undefined;
  if (!(value instanceof Timestamp)) {
    throw locationError(code, `Argument to ${name} must be a timestamp, but is ${typeNameOf(value)}`);
  }
  return { t: Long.fromNumber(value.t), i: Long.fromNumber(value.i) };
}

function add(sign: bigint): ExpressionOperator {
  return (operand, scope, name) => {
    const given = namedOperands(operand, name, ['startDate', 'unit', 'amount', 'timezone'], {
      notAnObject: 5166400,
      unknown: 5166401,
      missing: [
        ['startDate', 5166402],
        ['unit', 5166402],
        ['amount', 5166402],
      ],
    });
    const { startDate, unit, amount, timezone } = compileNamed(given, scope);
    const nodes = [startDate, unit, amount, timezone].filter((node) => node !== undefined);
    return foldedNode(nodes, (root) => {
      const [start, unitName, count] = [startDate, unit, amount].map((node) => node?.evaluate(root));
      const zone = zoneOf(timezone, root);
      if (isNullish(start) || isNullish(unitName) || isNullish(count) || zone === undefined) return null;
      const startMs = millisecondsOf(start);
      if (startMs === undefined) {
        throw locationError(
          5166403,
          `${name} requires startDate to be convertible to a date, found ${typeNameOf(start)}`,
        );
      }
      const timeUnit = unitArgument(unitName, name);
      const long = numberTypeOf(count) === undefined ? undefined : exactLong(count);
      if (long === undefined) {
        throw locationError(
          5166405,
          `${name} expects integer amount of time units, found ${typeNameOf(count)}`,
        );
      }
      if (sign < 0n && long === -0x8000_0000_0000_0000n) {
        throw locationError(6045000, `invalid ${name} 'amount' parameter value: ${long}`);
      }
      if (BigInt.asIntN(unitMilliseconds(timeUnit) === undefined ? 32 : 54, long) !== long) {
        throw locationError(5976500, `invalid ${name} 'amount' parameter value: ${long} ${timeUnit}`);
      }
      const result = addUnits(startMs, timeUnit, Number(sign * long), zone);
      if (!Number.isFinite(result)) throw locationError(5166406, `${name} overflowed`);
      return dateOf(BigInt(Math.trunc(result)), name);
    });
  };
}

function compileDifference(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['startDate', 'endDate', 'unit', 'timezone', 'startOfWeek'], {
    notAnObject: 5166301,
    unknown: 5166302,
    missing: [
      ['startDate', 5166303],
      ['endDate', 5166304],
      ['unit', 5166305],
    ],
  });
  const { startDate, endDate, unit, timezone, startOfWeek } = compileNamed(given, scope);
  const nodes = [startDate, endDate, unit, timezone, startOfWeek].filter((node) => node !== undefined);
  return foldedNode(nodes, (root) => {
    const [start, end, unitName] = [startDate, endDate, unit].map((node) => node?.evaluate(root));
    const zone = zoneOf(timezone, root);
    if (isNullish(start) || isNullish(end) || isNullish(unitName) || zone === undefined) return null;
    const timeUnit = unitArgument(unitName, name);
    const firstDay = timeUnit === 'week' ? firstDayOf(startOfWeek, root, name) : 0;
    if (firstDay === undefined) return null;
    const [from, to] = [requireDate(start, name, 'startDate'), requireDate(end, name, 'endDate')];
    return Long.fromNumber(unitsBetween(from, to, timeUnit, zone, firstDay));
  });
}

/** Sunday when there is no argument; undefined when it is null or missing. */
function firstDayOf(startOfWeek: Node | undefined, root: unknown, name: string): number | undefined {
  if (startOfWeek === undefined) return 0;
  const value = startOfWeek.evaluate(root);
  return isNullish(value) ? undefined : startOfWeekArgument(value, name);
}

function requireDate(value: unknown, name: string, argument: string): number {
  const milliseconds = millisecondsOf(value);
  if (milliseconds !== undefined) return milliseconds;
  throw locationError(5166307, `${name} requires '${argument}' to be a date, but got ${typeNameOf(value)}`);
}

function compileTruncation(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['date', 'unit', 'binSize', 'timezone', 'startOfWeek'], {
    notAnObject: 5439007,
    unknown: 5439008,
    missing: [
      ['date', 5439009],
      ['unit', 5439010],
    ],
  });
  const { date, unit, binSize, timezone, startOfWeek } = compileNamed(given, scope);
  const nodes = [date, unit, binSize, timezone, startOfWeek].filter((node) => node !== undefined);
  const isWeekKnown = unit?.constant !== undefined;
  return foldedNode(nodes, (root) => {
    const [value, unitName] = [date?.evaluate(root), unit?.evaluate(root)];
    const size = binSize === undefined ? 1 : binSize.evaluate(root);
    const zone = zoneOf(timezone, root);
    if (isNullish(value) || isNullish(unitName) || isNullish(size) || zone === undefined) return null;
    const timeUnit = unitArgument(unitName, name);
    const firstDay = timeUnit === 'week' ? firstDayOf(startOfWeek, root, name) : 0;
    if (firstDay === undefined) return null;
    if (startOfWeek !== undefined && !isWeekKnown && isNullish(startOfWeek.evaluate(root))) return null;
    const instant = requireDate(value, name, 'date');
    const bins = binSizeArgument(size, timeUnit);
    return new Date(truncateToUnit(instant, timeUnit, bins, zone, firstDay));
  });
}

function binSizeArgument(value: unknown, unit: TimeUnit): number {
  const size = numberTypeOf(value) === undefined ? undefined : exactLong(value);
  if (size === undefined) {
    throw locationError(
      5439017,
      `$dateTrunc requires 'binSize' to be a 64-bit integer, but got value of type ${typeNameOf(value)}`,
    );
  }
  if (size <= 0n) throw locationError(5439018, '$dateTrunc requires binSize to be greater than 0');
  const milliseconds = unitMilliseconds(unit);
  if (
    milliseconds === undefined
      ? size > 100_000_000_000n
      : size * BigInt(milliseconds) > 0x7fff_ffff_ffff_ffffn
  ) {
    throw locationError(
      milliseconds === undefined ? 5439006 : 5439002,
      `$dateTrunc binSize of ${size} ${unit}s is too large`,
    );
  }
  return Number(size);
}

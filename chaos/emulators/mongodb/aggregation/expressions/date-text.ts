/** $dateToString and $dateFromString. */
import { locationError, MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { checkFormat, formatDate } from '../../dates/format.ts';
import { DateTextError, parseDate, parsedSpecifiers } from '../../dates/parse.ts';
import { compileNamed, namedOperands } from './arguments.ts';
import { timeZoneArgument } from './date-arguments.ts';
import { zoneOf } from './date-parts.ts';
import { requireMilliseconds } from './date-value.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { Node, OperatorTable, Scope } from './evaluation.ts';

export const dateTextOperators: OperatorTable = {
  $dateFromString: compileFromString,
  $dateToString: compileToString,
};

function compileToString(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['date', 'format', 'timezone', 'onNull'], {
    notAnObject: 18629,
    unknown: 18534,
    missing: [['date', 18628]],
  });
  const { date, format, timezone, onNull } = compileNamed(given, scope);
  const nodes = [date, format, timezone, onNull].filter((node) => node !== undefined);
  if (format?.constant !== undefined) formatArgument(format.constant.value, undefined, 18533);
  return foldedNode(nodes, (root) => {
    const value = date?.evaluate(root);
    const whenNull = (): unknown => (onNull === undefined ? null : onNull.evaluate(root));
    if (isNullish(value)) return whenNull();
    const zone = zoneOf(timezone, root);
    if (zone === undefined) return null;
    const wanted = format?.evaluate(root);
    if (format !== undefined && isNullish(wanted)) return null;
    const text =
      format === undefined
        ? `%Y-%m-%dT%H:%M:%S.%L${zone.isUtc ? 'Z' : ''}`
        : formatArgument(wanted, undefined, 18533);
    return formatDate(requireMilliseconds(value), text ?? '', zone);
  });
}

/** undefined for null and missing. */
function formatArgument(value: unknown, specifiers: string | undefined, notText: number): string | undefined {
  if (isNullish(value)) return undefined;
  if (typeof value !== 'string') {
    throw locationError(notText, `'format' must evaluate to a string, found ${typeNameOf(value)}`);
  }
  checkFormat(value, specifiers);
  return value;
}

function compileFromString(operand: unknown, scope: Scope, name: string): Node {
  const given = namedOperands(operand, name, ['dateString', 'format', 'timezone', 'onError', 'onNull'], {
    notAnObject: 40540,
    unknown: 40541,
    missing: [['dateString', 40542]],
  });
  const { dateString, format, timezone, onError, onNull } = compileNamed(given, scope);
  const nodes = [dateString, format, timezone, onError, onNull].filter((node) => node !== undefined);
  return foldedNode(nodes, (root) => {
    const text = dateString?.evaluate(root);
    const zoneName = timezone?.evaluate(root);
    const wanted = format?.evaluate(root);
    const formatText = formatArgument(wanted, parsedSpecifiers, 40684);
    if (isNullish(text)) return onNull === undefined ? null : onNull.evaluate(root);
    if (timezone !== undefined && isNullish(zoneName)) return null;
    if (format !== undefined && formatText === undefined) return null;
    try {
      if (typeof text !== 'string') {
        throw new DateTextError(
          `$dateFromString requires that 'dateString' be a string, found: ${typeNameOf(text)}`,
        );
      }
      const zone = timezone === undefined ? undefined : timeZoneArgument(zoneName);
      return new Date(parseDate(text, zone, formatText));
    } catch (thrown) {
      if (!(thrown instanceof DateTextError)) throw thrown;
      if (onError !== undefined) return onError.evaluate(root);
      throw new MongoError(
        'ConversionFailure',
        `Error parsing date string '${String(text)}'; ${thrown.message}`,
      );
    }
  });
}

/** For conversions of strings, which are read as UTC unless they say otherwise. */
export function parseUtc(text: string): Date {
  return new Date(parseDate(text, undefined, undefined));
}

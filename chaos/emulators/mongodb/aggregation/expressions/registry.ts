/** All operators that expressions may use, by name. What is not here is refused. */
import { aggregateOperators } from './aggregates.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { arrayOperators } from './arrays.ts';
import { bitwiseOperators } from './bitwise.ts';
import { dateArithmeticOperators } from './date-arithmetic.ts';
import { datePartOperators } from './date-parts.ts';
import { dateTextOperators } from './date-text.ts';
import type { OperatorTable } from './evaluation.ts';
import { iterationOperators } from './iteration.ts';
import { logicOperators } from './logic.ts';
import { miscellaneousOperators } from './miscellaneous.ts';
import { numberFunctions } from './number-functions.ts';
import { objectOperators } from './objects.ts';
import { regexOperators } from './regex-operators.ts';
import { setOperators } from './sets.ts';
import { stringPositionOperators } from './string-positions.ts';
import { stringOperators } from './strings.ts';
import { trigonometryOperators } from './trigonometry.ts';
import { typeOperators } from './type-operators.ts';

/** By what they work on, as the documentation lists them. */
export const operatorGroups: Readonly<Record<string, OperatorTable>> = {
  'accumulators of arrays': aggregateOperators,
  arithmetic: { ...arithmeticOperators, ...numberFunctions },
  arrays: { ...arrayOperators, ...iterationOperators },
  bits: bitwiseOperators,
  dates: { ...dateArithmeticOperators, ...datePartOperators, ...dateTextOperators },
  'logic, comparison': logicOperators,
  objects: objectOperators,
  other: miscellaneousOperators,
  sets: setOperators,
  strings: { ...regexOperators, ...stringOperators, ...stringPositionOperators },
  trigonometry: trigonometryOperators,
  types: typeOperators,
};

export const expressionOperators: OperatorTable = Object.assign({}, ...Object.values(operatorGroups));

/** They exist, but would run code that a client sends, or need what this server does not have. */
export const refusedOperators: ReadonlySet<string> = new Set([
  '$accumulator',
  '$function',
  '$toHashedIndexKey',
]);

/** Also the refused ones. */
export function isKnownOperator(name: string): boolean {
  return Object.hasOwn(expressionOperators, name) || refusedOperators.has(name);
}

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

export const expressionOperators: OperatorTable = {
  ...aggregateOperators,
  ...arithmeticOperators,
  ...arrayOperators,
  ...bitwiseOperators,
  ...dateArithmeticOperators,
  ...datePartOperators,
  ...dateTextOperators,
  ...iterationOperators,
  ...logicOperators,
  ...miscellaneousOperators,
  ...numberFunctions,
  ...objectOperators,
  ...regexOperators,
  ...setOperators,
  ...stringOperators,
  ...stringPositionOperators,
  ...trigonometryOperators,
  ...typeOperators,
};

/** They exist, but would run code that a client sends, or need what this server does not have. */
export const refusedOperators: ReadonlySet<string> = new Set([
  '$accumulator',
  '$function',
  '$meta',
  '$sampleRate',
  '$toHashedIndexKey',
]);

/** Also the refused ones. */
export function isKnownOperator(name: string): boolean {
  return Object.hasOwn(expressionOperators, name) || refusedOperators.has(name);
}

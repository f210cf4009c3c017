/** Functions of angles, their inverses and the hyperbolic ones, on doubles and on Decimal128. */
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { compareDecimals } from '../../numbers/decimal-arithmetic.ts';
import {
  arctangentOfDecimals,
  convertAngleOfDecimal,
  trigonometryOfDecimal,
} from '../../numbers/decimal-functions.ts';
import type { Trigonometry } from '../../numbers/decimal-functions.ts';
import { decimalOf, decimalOfValue, encodeDecimal } from '../../numbers/decimal.ts';
import { doubleOf, isNaNValue, numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { binary } from './arguments.ts';
import { isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable } from './evaluation.ts';
import { ofNumber, realFunction } from './number-functions.ts';

interface Domain {
  readonly lower?: bigint;
  readonly upper?: bigint;
  readonly finite?: true;
}

export const trigonometryOperators: OperatorTable = {
  $acos: angle('acos', { lower: -1n, upper: 1n }),
  $acosh: angle('acosh', { lower: 1n }),
  $asin: angle('asin', { lower: -1n, upper: 1n }),
  $asinh: angle('asinh', {}),
  $atan: angle('atan', {}),
  $atan2: binary(arctangent),
  $atanh: angle('atanh', { lower: -1n, upper: 1n }),
  $cos: angle('cos', { finite: true }),
  $cosh: angle('cosh', {}),
  $degreesToRadians: ofNumber((value) =>
    realFunction(
      value,
      (degrees) => degrees * (Math.PI / 180),
      (decimal) => convertAngleOfDecimal(decimal, 'radians'),
    ),
  ),
  $radiansToDegrees: ofNumber((value) =>
    realFunction(
      value,
      (radians) => radians * (180 / Math.PI),
      (decimal) => convertAngleOfDecimal(decimal, 'degrees'),
    ),
  ),
  $sin: angle('sin', { finite: true }),
  $sinh: angle('sinh', {}),
  $tan: angle('tan', { finite: true }),
  $tanh: angle('tanh', {}),
};

function angle(name: Trigonometry, domain: Domain): ExpressionOperator {
  const ofDouble = Math[name];
  return ofNumber((value) => {
    if (!isNaNValue(value) && !isInDomain(value, domain)) {
      throw locationError(
        50989,
        `cannot apply $${name} to ${String(value)}, value must be in ${domainText(domain)}`,
      );
    }
    return realFunction(value, ofDouble, (decimal) => trigonometryOfDecimal(name, decimal));
  });
}

function isInDomain(value: unknown, { lower, upper, finite }: Domain): boolean {
  if (finite === true && !Number.isFinite(toDouble(value))) {
    const decimal = decimalOfValue(value, 15);
    return decimal.kind === 'finite';
  }
  const decimal = decimalOfValue(value, 34);
  if (lower !== undefined && compareDecimals(decimal, decimalOf(lower, 0)) < 0) return false;
  return upper === undefined || compareDecimals(decimal, decimalOf(upper, 0)) <= 0;
}

function domainText({ lower, upper, finite }: Domain): string {
  if (finite === true) return '(-inf,inf)';
  return `[${lower ?? '-inf'},${upper ?? 'inf'}]`;
}

function arctangent(y: unknown, x: unknown): unknown {
  if (isNullish(y) || isNullish(x)) return null;
  const [typeOfY, typeOfX] = [numberTypeOf(y), numberTypeOf(x)];
  if (typeOfY === undefined) {
    throw locationError(51044, `$atan2 only supports numeric types, not ${typeNameOf(y)}`);
  }
  if (typeOfX === undefined) {
    throw locationError(51045, `$atan2 only supports numeric types, not ${typeNameOf(x)}`);
  }
  if (typeOfY === 'decimal' || typeOfX === 'decimal') {
    return encodeDecimal(arctangentOfDecimals(decimalOfValue(y, 15), decimalOfValue(x, 15)));
  }
  return doubleOf(Math.atan2(toDouble(y), toDouble(x)));
}

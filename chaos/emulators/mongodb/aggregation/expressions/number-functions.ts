/** Functions of one number: $abs $ceil $exp $floor $ln $log $log10 $pow $round $sigmoid $sqrt $trunc. */
import { Long } from 'bson';
import { locationError, MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import {
  absoluteDecimal,
  addDecimals,
  divideDecimals,
  negateDecimal,
  squareRootOfDecimal,
} from '../../numbers/decimal-arithmetic.ts';
import {
  decimalLogarithmOfDecimal,
  exponentialOfDecimal,
  logarithmOfDecimal,
  powerOfDecimals,
} from '../../numbers/decimal-functions.ts';
import { decimalOf, decimalOfValue, encodeDecimal, isDecimalZero } from '../../numbers/decimal.ts';
import type { Decimal } from '../../numbers/decimal.ts';
import {
  doubleOf,
  fitsLong,
  intOrLong,
  integerOf,
  isNaNValue,
  numberTypeOf,
  toDouble,
} from '../../numbers/number-type.ts';
import { exactInt, roundToPlaces, roundToWhole } from '../../numbers/rounding.ts';
import type { DecimalRounding } from '../../numbers/decimal-arithmetic.ts';
import { binary, ranged, unary } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, OperatorTable } from './evaluation.ts';

export const numberFunctions: OperatorTable = {
  $abs: ofNumber(absolute),
  $ceil: ofNumber((value) => roundToWhole(value, 'ceiling')),
  $exp: ofNumber((value) => realFunction(value, Math.exp, exponentialOfDecimal)),
  $floor: ofNumber((value) => roundToWhole(value, 'floor')),
  $ln: ofNumber((value) => {
    if (!isPositive(value)) {
      throw locationError(28766, `$ln's argument must be a positive number, but is ${String(value)}`);
    }
    return isNaNValue(value) ? Number.NaN : realFunction(value, Math.log, logarithmOfDecimal);
  }),
  $log: binary(logarithm),
  $log10: ofNumber((value) => {
    if (!isPositive(value)) {
      throw locationError(28761, `$log10's argument must be a positive number, but is ${String(value)}`);
    }
    return isNaNValue(value) ? Number.NaN : realFunction(value, Math.log10, decimalLogarithmOfDecimal);
  }),
  $pow: binary(power),
  $round: rounding('half even'),
  $sigmoid: (operand, scope, name) => {
    const node = scope.compile(operand);
    return foldedNode([node], (root) => sigmoid(node.evaluate(root), name));
  },
  $sqrt: ofNumber((value) => {
    if (toDouble(value) < 0) {
      throw locationError(28714, "$sqrt's argument must be greater than or equal to 0");
    }
    return realFunction(value, Math.sqrt, squareRootOfDecimal);
  }),
  $trunc: rounding('down'),
};

/** Null for null and missing. @throws MongoError 28765 for what is no number. */
export function ofNumber(compute: (value: unknown) => unknown): ExpressionOperator {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    if (numberTypeOf(value) === undefined) {
      throw locationError(28765, `${name} only supports numeric types, not ${typeNameOf(value)}`);
    }
    return compute(value);
  });
}

/** A function that gives a double, or a decimal for a decimal. */
export function realFunction(
  value: unknown,
  ofDouble: (value: number) => number,
  ofDecimal: (value: Decimal) => Decimal,
): unknown {
  return numberTypeOf(value) === 'decimal'
    ? encodeDecimal(ofDecimal(decimalOfValue(value, 15)))
    : doubleOf(ofDouble(toDouble(value)));
}

/** NaN counts as positive: it has its own result. */
function isPositive(value: unknown): boolean {
  if (isNaNValue(value)) return true;
  if (numberTypeOf(value) !== 'decimal') return toDouble(value) > 0;
  const decimal = decimalOfValue(value, 15);
  return decimal.kind !== 'nan' && !decimal.negative && !isDecimalZero(decimal);
}

function absolute(value: unknown): unknown {
  switch (numberTypeOf(value)) {
    case 'decimal':
      return encodeDecimal(absoluteDecimal(decimalOfValue(value, 15)));
    case 'double':
      return doubleOf(Math.abs(toDouble(value)));
    case 'long': {
      const magnitude = integerOf(value) < 0n ? -integerOf(value) : integerOf(value);
      if (!fitsLong(magnitude)) throw locationError(28680, "can't take $abs of long long min");
      return Long.fromBigInt(magnitude);
    }
    default:
      return intOrLong(BigInt(Math.abs(toDouble(value))));
  }
}

function logarithm(value: unknown, base: unknown): unknown {
  if (isNullish(value) || isNullish(base)) return null;
  const [type, baseType] = [numberTypeOf(value), numberTypeOf(base)];
  if (type === undefined) {
    throw locationError(28756, `$log's argument must be numeric, not ${typeNameOf(value)}`);
  }
  if (baseType === undefined) {
    throw locationError(28757, `$log's base must be numeric, not ${typeNameOf(base)}`);
  }
  if (!isPositive(value)) throw locationError(28758, "$log's argument must be a positive number");
  if (!isPositive(base) || toDouble(base) === 1) {
    throw locationError(28759, "$log's base must be a positive number not equal to 1");
  }
  if (isNaNValue(value) || isNaNValue(base)) return Number.NaN;
  if (type === 'decimal' || baseType === 'decimal') {
    return encodeDecimal(
      divideDecimals(
        logarithmOfDecimal(decimalOfValue(value, 15)),
        logarithmOfDecimal(decimalOfValue(base, 15)),
      ),
    );
  }
  return doubleOf(Math.log(toDouble(value)) / Math.log(toDouble(base)));
}

function power(base: unknown, exponent: unknown): unknown {
  if (isNullish(base) || isNullish(exponent)) return null;
  const [type, exponentType] = [numberTypeOf(base), numberTypeOf(exponent)];
  if (type === undefined) {
    throw locationError(28762, `$pow's base must be numeric, not ${typeNameOf(base)}`);
  }
  if (exponentType === undefined) {
    throw locationError(28763, `$pow's exponent must be numeric, not ${typeNameOf(exponent)}`);
  }
  if (toDouble(base) === 0 && toDouble(exponent) < 0) {
    throw locationError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  if (type === 'decimal' || exponentType === 'decimal') {
    return encodeDecimal(powerOfDecimals(decimalOfValue(base, 15), decimalOfValue(exponent, 15)));
  }
  const real = powerOfDoubles(toDouble(base), toDouble(exponent));
  if (type === 'double' || exponentType === 'double') return doubleOf(real);
  const whole = integerPower(integerOf(base), integerOf(exponent));
  if (whole === undefined) return doubleOf(real);
  return type === 'long' || exponentType === 'long' ? Long.fromBigInt(whole) : intOrLong(whole);
}

/** As in C: 1 to any power is 1, and so is -1 to an infinite one. */
function powerOfDoubles(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

/** undefined when the result is no integer of 64 bits. */
function integerPower(base: bigint, exponent: bigint): bigint | undefined {
  if (base === 1n || exponent === 0n) return 1n;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (base === 0n) return 0n;
  if (exponent < 0n || exponent > 63n) return undefined;
  const result = base ** exponent;
  return fitsLong(result) ? result : undefined;
}

function sigmoid(value: unknown, name: string): unknown {
  if (isNullish(value)) return null;
  const type = numberTypeOf(value);
  if (type === undefined) {
    throw new MongoError('TypeMismatch', `${name} only supports numeric types, not ${typeNameOf(value)}`);
  }
  if (type !== 'decimal') return doubleOf(1 / (1 + Math.exp(-toDouble(value))));
  const one = decimalOf(1n, 0);
  const shrunk = exponentialOfDecimal(negateDecimal(decimalOfValue(value, 15)));
  return encodeDecimal(divideDecimals(one, addDecimals(one, shrunk)));
}

function rounding(mode: DecimalRounding): ExpressionOperator {
  return ranged(1, 2, (values, name) => {
    const [value] = values;
    const place = values.length > 1 ? values[1] : 0;
    if (isNullish(value) || isNullish(place)) return null;
    if (numberTypeOf(value) === undefined) {
      throw locationError(51081, `${name} only supports numeric types, not ${typeNameOf(value)}`);
    }
    if (numberTypeOf(place) === undefined) {
      throw locationError(16004, `can't convert from BSON type ${typeNameOf(place)} to long`);
    }
    if (numberTypeOf(place) === 'double' && !Number.isFinite(toDouble(place))) {
      throw locationError(31109, `Can't coerce out of range value ${String(place)} to long`);
    }
    const places = exactInt(place);
    if (places === undefined) {
      throw locationError(51082, `precision argument to ${name} must be a integral value`);
    }
    if (places < -20 || places > 100) {
      throw locationError(
        51083,
        `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`,
      );
    }
    const rounded = roundToPlaces(value, places, mode);
    if (rounded === undefined) {
      throw locationError(
        51080,
        `invalid conversion from Decimal128 result in ${name} resulting from arguments`,
      );
    }
    return rounded;
  });
}

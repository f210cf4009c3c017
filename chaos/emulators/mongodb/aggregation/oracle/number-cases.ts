/** Arithmetic, rounding, comparisons and conversions of numbers against exact fractions. */
import { Double, Long } from 'bson';
import type { Random } from '../../../../random.ts';
import type { CaseGenerator, OracleCase } from './case.ts';
import { valueCase } from './case.ts';
import {
  floored,
  fraction,
  minus,
  nearest,
  ofDouble,
  order,
  over,
  plus,
  powerOfTen,
  signOf,
  times,
  toDigits,
  toDouble,
  truncated,
  widest,
} from './fractions.ts';
import type { Exact, Fraction, NumberKind } from './fractions.ts';
import { drawDouble, drawInt, drawLong, drawNumber } from './random-values.ts';

const intLimit = 2n ** 31n;
const longLimit = 2n ** 63n;

/** The result as its type holds it. */
function numberCase(
  expression: unknown,
  document: Record<string, unknown>,
  kind: NumberKind,
  value: Fraction,
): OracleCase {
  const whole = value.denominator === 1n ? value.numerator : truncated(value);
  const isTooLong = whole >= longLimit || whole < -longLimit;
  const type = kind === 'int' && (whole >= intLimit || whole < -intLimit) ? 'long' : kind;
  if ((type === 'long' || type === 'int') && isTooLong) {
    return {
      expression,
      document,
      expected: { kind: 'number', type: 'double', value: ofDouble(toDouble(value)) },
    };
  }
  const rounded =
    type === 'double' ? ofDouble(toDouble(value)) : type === 'decimal' ? toDigits(value, 34) : value;
  return { expression, document, expected: { kind: 'number', type, value: rounded } };
}

/** The operand as the operation sees it, once the wider type is known. `$add` rounds only the sum. */
function converted({ kind, value }: Exact, to: NumberKind): Fraction {
  if (to === 'decimal' && kind === 'double') return toDigits(value, 15);
  if (to === 'double' && kind === 'long') return ofDouble(toDouble(value));
  return value;
}

function binaryArithmetic(
  name: string,
  compute: (a: Fraction, b: Fraction) => Fraction,
  alwaysReal = false,
): CaseGenerator {
  return (random) => {
    const [a, b] = [drawNumber(random), drawNumber(random)];
    const wide = widest([a.exact.kind, b.exact.kind]);
    const kind = alwaysReal && wide !== 'decimal' ? 'double' : wide;
    const expression = { [name]: ['$a', '$b'] };
    const document = { a: a.bson, b: b.bson };
    const isSum = name === '$add' && kind === 'double';
    const [left, right] = isSum
      ? [a.exact.value, b.exact.value]
      : [converted(a.exact, kind), converted(b.exact, kind)];
    if (signOf(right) === 0 && (name === '$divide' || name === '$mod')) {
      const code = name === '$divide' ? 2 : kind === 'decimal' ? 5_733_415 : 16_610;
      return { expression, document, expected: { kind: 'error', code } };
    }
    return numberCase(expression, document, kind, compute(left, right));
  };
}

function sumOfIntegers(random: Random): OracleCase {
  const drawn = Array.from({ length: random.integer(1, 6) }, () => random.pick([drawInt, drawLong])(random));
  const sum = drawn.reduce((total, { exact }) => plus(total, exact.value), fraction(0n));
  const expression = random.pick<unknown>([
    { $add: drawn.map((_, index) => `$v${index}`) },
    { $sum: drawn.map((_, index) => `$v${index}`) },
  ]);
  const document = Object.fromEntries(drawn.map(({ bson }, index) => [`v${index}`, bson]));
  return numberCase(expression, document, widest(drawn.map(({ exact }) => exact.kind)), sum);
}

function averageOfIntegers(random: Random): OracleCase {
  const drawn = Array.from({ length: random.integer(1, 6) }, () => drawInt(random));
  const sum = drawn.reduce((total, { exact }) => plus(total, exact.value), fraction(0n));
  const mean = over(ofDoubleFraction(sum), fraction(BigInt(drawn.length)));
  return numberCase({ $avg: '$list' }, { list: drawn.map(({ bson }) => bson) }, 'double', mean);
}

function ofDoubleFraction(value: Fraction): Fraction {
  return ofDouble(toDouble(value));
}

function rounding(random: Random): OracleCase {
  const { bson, exact } = random.pick([drawDouble, drawNumber, drawInt])(random);
  const [name, whole] = random.pick<readonly [string, (value: Fraction) => bigint]>([
    ['$floor', floored],
    ['$ceil', (value) => -floored(fraction(-value.numerator, value.denominator))],
    ['$trunc', truncated],
    ['$round', nearest],
  ]);
  if (exact.kind === 'decimal' && order(magnitudeOf(exact.value), powerOfTen(34)) >= 0)
    return rounding(random);
  const isPlaced = name === '$trunc' || name === '$round';
  const places = isPlaced ? random.integer(-3, 6) : 0;
  const expression = { [name]: isPlaced ? ['$a', places] : '$a' };
  const unchanged = places >= 0 && (exact.kind === 'int' || exact.kind === 'long');
  const scaled = times(fraction(whole(times(exact.value, powerOfTen(places)))), powerOfTen(-places));
  const result = unchanged ? exact.value : scaled;
  if (exact.kind === 'long' && (result.numerator >= longLimit || result.numerator < -longLimit)) {
    return { expression, document: { a: bson }, expected: { kind: 'error', code: 51_080 } };
  }
  return numberCase(expression, { a: bson }, exact.kind, result);
}

function magnitudeOf({ numerator, denominator }: Fraction): Fraction {
  return fraction(numerator < 0n ? -numerator : numerator, denominator);
}

function comparison(random: Random): OracleCase {
  const [a, b] = [drawNumber(random), random.next() < 0.3 ? drawInt(random) : drawNumber(random)];
  const sign = order(a.exact.value, b.exact.value);
  const [name, result] = random.pick<readonly [string, unknown]>([
    ['$cmp', sign],
    ['$eq', sign === 0],
    ['$ne', sign !== 0],
    ['$gt', sign > 0],
    ['$gte', sign >= 0],
    ['$lt', sign < 0],
    ['$lte', sign <= 0],
  ]);
  return valueCase({ [name]: ['$a', '$b'] }, { a: a.bson, b: b.bson }, result);
}

function conversion(random: Random): OracleCase {
  const { bson, exact } = drawNumber(random);
  const whole = truncated(exact.value);
  const name = random.pick(['$toInt', '$toLong', '$toDouble', '$toBool', '$abs']);
  const document = { a: bson };
  const expression = { [name]: '$a' };
  switch (name) {
    case '$toBool':
      return valueCase(expression, document, signOf(exact.value) !== 0);
    case '$toDouble':
      return numberCase(expression, document, 'double', exact.value);
    case '$abs':
      if (exact.kind === 'long' && whole === -longLimit)
        return { expression, document, expected: { kind: 'error', code: 28_680 } };
      return numberCase(
        expression,
        document,
        exact.kind,
        signOf(exact.value) < 0 ? fraction(-exact.value.numerator, exact.value.denominator) : exact.value,
      );
    default: {
      const limit = name === '$toInt' ? intLimit : longLimit;
      if (whole >= limit || whole < -limit)
        return { expression, document, expected: { kind: 'error', code: 241 } };
      return valueCase(expression, document, name === '$toInt' ? Number(whole) : Long.fromBigInt(whole));
    }
  }
}

function bits(random: Random): OracleCase {
  const drawn = [random.pick([drawInt, drawLong])(random), random.pick([drawInt, drawLong])(random)];
  const [a = 0n, b = 0n] = drawn.map(({ exact }) => exact.value.numerator);
  const [name, result] = random.pick<readonly [string, bigint]>([
    ['$bitAnd', a & b],
    ['$bitOr', a | b],
    ['$bitXor', a ^ b],
  ]);
  const isLong = drawn.some(({ exact }) => exact.kind === 'long');
  const document = { a: drawn[0]?.bson, b: drawn[1]?.bson };
  return valueCase({ [name]: ['$a', '$b'] }, document, isLong ? Long.fromBigInt(result) : Number(result));
}

function integerPower(random: Random): OracleCase {
  const base = random.integer(-12, 12);
  const exponent = random.integer(0, 22);
  const result = BigInt(base) ** BigInt(exponent);
  return numberCase({ $pow: ['$a', exponent] }, { a: base }, 'int', fraction(result));
}

function typesThroughConditionals(random: Random): OracleCase {
  const { bson } = drawNumber(random);
  const value = random.next() < 0.3 ? new Double(random.integer(-5, 5)) : bson;
  const expression = random.pick<unknown>([
    { $ifNull: ['$missing', '$a'] },
    { $cond: [true, '$a', 0] },
    { $max: ['$a', null] },
    { $let: { vars: { x: '$a' }, in: '$$x' } },
    { $arrayElemAt: [['$a'], 0] },
    { $getField: 'a' },
    { $first: [['$a', 1]] },
  ]);
  return valueCase(expression, { a: value }, value);
}

const remainder = (a: Fraction, b: Fraction): Fraction => minus(a, times(fraction(truncated(over(a, b))), b));

export const numberCases: readonly CaseGenerator[] = [
  binaryArithmetic('$add', plus),
  binaryArithmetic('$subtract', minus),
  binaryArithmetic('$multiply', times),
  binaryArithmetic('$divide', over, true),
  binaryArithmetic('$mod', remainder),
  sumOfIntegers,
  averageOfIntegers,
  rounding,
  comparison,
  conversion,
  bits,
  integerPower,
  typesThroughConditionals,
];

/**
 * Numbers of the oracle: exact fractions, rounded once to the type of the result. It shares nothing with the server's own
 * arithmetic, so that a mistake in either shows as a difference.
 */
export interface Fraction {
  readonly numerator: bigint;
  /** Positive. */
  readonly denominator: bigint;
}

export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

export interface Exact {
  readonly kind: NumberKind;
  readonly value: Fraction;
}

const ranks: Readonly<Record<NumberKind, number>> = { int: 0, long: 1, double: 2, decimal: 3 };

export function widest(kinds: readonly NumberKind[]): NumberKind {
  return kinds.reduce<NumberKind>((wide, kind) => (ranks[kind] > ranks[wide] ? kind : wide), 'int');
}

export function fraction(numerator: bigint, denominator = 1n): Fraction {
  return denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, fraction(-b.numerator, b.denominator));
}

export function times(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function over(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function signOf({ numerator }: Fraction): number {
  return numerator === 0n ? 0 : numerator > 0n ? 1 : -1;
}

export function order(a: Fraction, b: Fraction): number {
  return signOf(minus(a, b));
}

export function truncated({ numerator, denominator }: Fraction): bigint {
  return numerator / denominator;
}

export function floored(value: Fraction): bigint {
  const whole = truncated(value);
  return signOf(minus(value, fraction(whole))) < 0 ? whole - 1n : whole;
}

/** Half to even. */
export function nearest(value: Fraction): bigint {
  const below = floored(value);
  const twice = times(minus(value, fraction(below)), fraction(2n));
  const half = order(twice, fraction(1n));
  return half > 0 || (half === 0 && below % 2n !== 0n) ? below + 1n : below;
}

/** To so many significant decimal digits. */
export function toDigits(value: Fraction, digits: number): Fraction {
  if (value.numerator === 0n) return value;
  let power = digits - 1;
  const magnitude = fraction(value.numerator < 0n ? -value.numerator : value.numerator, value.denominator);
  const scaled = (): Fraction => times(magnitude, powerOfTen(power));
  const limit = 10n ** BigInt(digits);
  while (truncated(scaled()) >= limit) power -= 1;
  while (truncated(scaled()) < limit / 10n) power += 1;
  const rounded = times(fraction(nearest(scaled())), powerOfTen(-power));
  return value.numerator < 0n ? fraction(-rounded.numerator, rounded.denominator) : rounded;
}

export function powerOfTen(power: number): Fraction {
  return power >= 0 ? fraction(10n ** BigInt(power)) : fraction(1n, 10n ** BigInt(-power));
}

/** The double nearest to the fraction, of those that are not subnormal. */
export function toDouble(value: Fraction): number {
  if (value.numerator === 0n) return 0;
  const magnitude = fraction(value.numerator < 0n ? -value.numerator : value.numerator, value.denominator);
  let exponent = 0;
  const scaled = (): Fraction =>
    exponent >= 0
      ? times(magnitude, fraction(1n, 2n ** BigInt(exponent)))
      : times(magnitude, fraction(2n ** BigInt(-exponent)));
  while (truncated(scaled()) >= 2n ** 53n) exponent += 1;
  while (truncated(scaled()) < 2n ** 52n) exponent -= 1;
  const significand = Number(nearest(scaled()));
  const result =
    exponent > 900 ? significand * 2 ** 900 * 2 ** (exponent - 900) : significand * 2 ** exponent;
  return value.numerator < 0n ? -result : result;
}

/** The exact value of a finite double, read from its bits. */
export function ofDouble(value: number): Fraction {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const stored = raw & 0xf_ffff_ffff_ffffn;
  const significand = exponent === 0 ? stored : stored | (1n << 52n);
  const power = (exponent === 0 ? 1 : exponent) - 1075;
  const magnitude =
    power >= 0 ? fraction(significand << BigInt(power)) : fraction(significand, 1n << BigInt(-power));
  return raw >> 63n === 1n ? fraction(-magnitude.numerator, magnitude.denominator) : magnitude;
}

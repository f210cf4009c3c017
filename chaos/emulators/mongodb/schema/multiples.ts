/** Divisibility of numbers of any type, exact where both are written exactly. */
import { exactNumber } from '../bson/exact-number.ts';
import { numberOf } from '../query/bson-value.ts';

export function isMultipleOf(value: unknown, divisor: unknown): boolean {
  const number = numberOf(value) ?? Number.NaN;
  if (!Number.isFinite(number)) return false;
  const [a, b] = [exactNumber(value), exactNumber(divisor)];
  const scale = Math.max(a.scale, b.scale);
  const numerator = a.numerator * 10n ** BigInt(scale - a.scale);
  const denominator = b.numerator * 10n ** BigInt(scale - b.scale);
  return numerator % denominator === 0n;
}

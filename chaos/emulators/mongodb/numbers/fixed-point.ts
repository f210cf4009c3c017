/**
 * Elementary functions on fixed-point numbers (BigInts scaled by 10^110), which is what Decimal128's transcendental
 * functions are computed with: enough digits that the last of 34 is right. Series of Taylor after reducing the argument.
 */
import { integerSquareRoot } from './decimal-arithmetic.ts';

export const scaleDigits = 110;
export const one = 10n ** BigInt(scaleDigits);

export function multiplyFixed(a: bigint, b: bigint): bigint {
  return (a * b) / one;
}

export function divideFixed(a: bigint, b: bigint): bigint {
  return (a * one) / b;
}

export function squareRootFixed(value: bigint): bigint {
  return integerSquareRoot(value * one);
}

/** e^x for |x| of at most a few units. */
export function exponentialFixed(value: bigint): bigint {
  const halvings = 8n;
  const small = value >> halvings;
  let term = one;
  let sum = one;
  for (let index = 1n; term !== 0n; index += 1n) {
    term = multiplyFixed(term, small) / index;
    sum += term;
  }
  for (let index = 0n; index < halvings; index += 1n) sum = multiplyFixed(sum, sum);
  return sum;
}

/** Natural logarithm of a positive number between 10^-20 and 10^20, by Halley's iteration on the exponential. */
export function logarithmFixed(value: bigint): bigint {
  const approximation = Math.log(Number(value / 10n ** 90n) / 1e20);
  let result = BigInt(Math.round(approximation * 1e15)) * 10n ** BigInt(scaleDigits - 15);
  for (let step = 0; step < 4; step += 1) {
    const power = exponentialFixed(result);
    result += (2n * one * (value - power)) / (value + power);
  }
  return result;
}

let knownLogarithmOfTen: bigint | undefined;

export function logarithmOfTen(): bigint {
  knownLogarithmOfTen ??= logarithmFixed(10n * one);
  return knownLogarithmOfTen;
}

const knownPi = new Map<number, bigint>();

/** π scaled by 10^digits (Machin: 16 arctan 1/5 - 4 arctan 1/239). */
export function piScaled(digits: number): bigint {
  const known = knownPi.get(digits);
  if (known !== undefined) return known;
  const guard = 10n ** 10n;
  const unit = 10n ** BigInt(digits) * guard;
  const pi = (16n * inverseArctangent(5n, unit) - 4n * inverseArctangent(239n, unit)) / guard;
  if (knownPi.size < 8) knownPi.set(digits, pi);
  return pi;
}

function inverseArctangent(inverse: bigint, unit: bigint): bigint {
  const square = inverse * inverse;
  let power = unit / inverse;
  let sum = power;
  for (let index = 3n, negative = true; power !== 0n; index += 2n, negative = !negative) {
    power /= square;
    sum += negative ? -(power / index) : power / index;
  }
  return sum;
}

/** Sine and cosine of an angle between -π and π. */
export function sineAndCosineFixed(angle: bigint): { readonly sine: bigint; readonly cosine: bigint } {
  const square = multiplyFixed(angle, angle);
  const series = (first: bigint, start: bigint): bigint => {
    let term = first;
    let sum = first;
    for (let index = start; term !== 0n; index += 2n) {
      term = -multiplyFixed(term, square) / (index * (index + 1n));
      sum += term;
    }
    return sum;
  };
  return { sine: series(angle, 2n), cosine: series(one, 1n) };
}

export function arctangentFixed(value: bigint): bigint {
  if (value < 0n) return -arctangentFixed(-value);
  if (value > one) return piScaled(scaleDigits) / 2n - arctangentFixed(divideFixed(one, value));
  let reduced = value;
  for (let step = 0; step < 3; step += 1) {
    reduced = divideFixed(reduced, one + squareRootFixed(one + multiplyFixed(reduced, reduced)));
  }
  const square = multiplyFixed(reduced, reduced);
  let power = reduced;
  let sum = reduced;
  for (let index = 3n; power !== 0n; index += 2n) {
    power = -multiplyFixed(power, square);
    sum += power / index;
  }
  return sum * 8n;
}

/** Operands drawn from a seed, with the edges that matter more often than chance would have them. */
import { Decimal128, Double, Long } from 'bson';
import type { Random } from '../../../../random.ts';
import { fraction, ofDouble, powerOfTen, times } from './fractions.ts';
import type { Exact } from './fractions.ts';

export interface Drawn {
  /** As in a document. */
  readonly bson: unknown;
  readonly exact: Exact;
}

export function drawInt(random: Random): Drawn {
  const value = random.pick([
    random.integer(-20, 20),
    random.integer(-2_147_483_648, 2_147_483_647),
    2_147_483_647,
    -2_147_483_648,
  ]);
  return { bson: value, exact: { kind: 'int', value: fraction(BigInt(value)) } };
}

export function drawLong(random: Random): Drawn {
  const edges = [
    9_223_372_036_854_775_807n,
    -9_223_372_036_854_775_808n,
    9_007_199_254_740_993n,
    2_147_483_648n,
  ];
  const wide =
    BigInt(random.integer(-1_000_000_000, 1_000_000_000)) * BigInt(random.integer(1, 4_000_000_000));
  const value = random.pick([BigInt(random.integer(-50, 50)), wide, random.pick(edges)]);
  return { bson: Long.fromBigInt(value), exact: { kind: 'long', value: fraction(value) } };
}

export function drawDouble(random: Random): Drawn {
  const value = random.pick([
    random.integer(-50, 50) / 4,
    random.integer(-1_000_000, 1_000_000) / 1000,
    random.integer(1, 1_000_000) * 10 ** random.integer(-20, 20),
    0.1,
    1e15 / 3,
  ]);
  return { bson: new Double(value), exact: { kind: 'double', value: ofDouble(value) } };
}

export function drawDecimal(random: Random): Drawn {
  const digits = random.integer(1, 34);
  let text = '';
  for (let index = 0; index < digits; index += 1) text += String(random.integer(0, 9));
  const exponent = random.integer(-20, 10);
  const coefficient = BigInt(text) * (random.next() < 0.5 ? -1n : 1n);
  return {
    bson: Decimal128.fromString(`${coefficient}E${exponent}`),
    exact: { kind: 'decimal', value: times(fraction(coefficient), powerOfTen(exponent)) },
  };
}

export function drawNumber(random: Random): Drawn {
  return random.pick([drawInt, drawLong, drawDouble, drawDecimal])(random);
}

const pieces = ['a', 'B', 'z', ' ', 'é', 'ß', '日', '🎉', '0', '-', '.', '\u00a0', 'Ж', '\t'];

export function drawText(random: Random, most = 8): string {
  return Array.from({ length: random.integer(0, most) }, () => random.pick(pieces)).join('');
}

export function drawScalar(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.integer(-3, 3),
    () => Long.fromNumber(random.integer(-3, 3)),
    () => new Double(random.integer(-3, 3)),
    () => random.pick(['', 'a', 'b', 'é']),
    () => null,
    () => random.next() < 0.5,
  ])();
}

export function drawList(random: Random, most = 6): unknown[] {
  return Array.from({ length: random.integer(0, most) }, () => drawScalar(random));
}

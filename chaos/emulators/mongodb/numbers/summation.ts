/**
 * Sums of numbers of any types, as `$add`, `$sum` and `$avg` make them: integers exactly, doubles with compensation
 * (two-sum of Knuth, fast two-sum of Dekker) so that the order of the terms does not show, decimals apart from both.
 */
import { Decimal128, Double, Int32, Long } from 'bson';
import { addDecimals } from './decimal-arithmetic.ts';
import { decimalOf, decimalOfDouble, decimalZero, encodeDecimal, parseDecimal } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { doubleOf, fitsInt, fitsLong, numberTypeOf, widerType } from './number-type.ts';
import type { NumberType } from './number-type.ts';

/** `$add` takes 15 digits of a double that meets a decimal; accumulators take all of them, and start from zero. */
export type SummationKind = 'operator' | 'accumulator';

export class Summation {
  readonly #kind: SummationKind;
  /** Widest type added so far. */
  type: NumberType = 'int';
  #integers = 0;
  #largeIntegers = 0n;
  #sum = 0;
  #compensation = 0;
  /** What a plain sum would be: says NaN or infinity where the compensated one cannot. */
  #plain = 0;
  #hasInteger = false;
  #hasDouble = false;
  #decimals: Decimal | undefined;

  constructor(kind: SummationKind) {
    this.#kind = kind;
  }

  /** @returns false when the value is no number, and was not added. */
  add(value: unknown): boolean {
    const type = numberTypeOf(value);
    if (type === undefined) return false;
    this.type = widerType(this.type, type);
    if (typeof value === 'number') {
      if (type === 'int') this.#addInteger(value);
      else this.#addDouble(value);
    } else if (value instanceof Double) this.#addDouble(value.value);
    else if (value instanceof Int32) this.#addInteger(value.value);
    else if (value instanceof Long) this.#addLarge(value.toBigInt());
    else if (value instanceof Decimal128) this.#addDecimal(parseDecimal(value));
    else if (typeof value === 'bigint') this.#addLarge(value);
    return true;
  }

  /** Of the widest type; integers that do not fit 64 bits become a double. */
  total(): unknown {
    if (this.type === 'decimal') return encodeDecimal(this.decimalTotal());
    if (this.type === 'double') return doubleOf(this.doubleTotal());
    const sum = this.integerTotal();
    if (!fitsLong(sum)) return doubleOf(Number(sum));
    return this.type === 'int' && fitsInt(sum) ? Number(sum) : Long.fromBigInt(sum);
  }

  integerTotal(): bigint {
    return BigInt(this.#integers) + this.#largeIntegers;
  }

  doubleTotal(): number {
    if (!this.#hasDouble) return Number(this.integerTotal());
    const all = new Summation(this.#kind);
    all.#sum = this.#sum;
    all.#compensation = this.#compensation;
    all.#plain = this.#plain;
    all.#hasDouble = true;
    if (this.#hasInteger) {
      const integers = this.integerTotal();
      const low = BigInt.asIntN(32, integers);
      all.#addDouble(Number(low));
      all.#addDouble(Number(integers - low));
    }
    return Number.isFinite(all.#sum) ? all.#sum : all.#plain;
  }

  decimalTotal(): Decimal {
    let total = this.#decimals;
    const include = (part: Decimal): void => {
      total = total === undefined ? part : addDecimals(total, part);
    };
    if (this.#hasDouble) {
      const digits = this.#kind === 'operator' ? 15 : 34;
      include(decimalOfDouble(Number.isFinite(this.#sum) ? this.#sum : this.#plain, digits));
      if (this.#compensation !== 0 && Number.isFinite(this.#sum))
        include(decimalOfDouble(this.#compensation, 34));
    }
    if (this.#hasInteger) include(decimalOf(this.integerTotal(), 0));
    if (this.#kind === 'accumulator') include(decimalZero);
    return total ?? decimalZero;
  }

  #addDecimal(value: Decimal): void {
    this.#decimals = this.#decimals === undefined ? value : addDecimals(this.#decimals, value);
  }

  #addLarge(value: bigint): void {
    this.#hasInteger = true;
    this.#largeIntegers += value;
  }

  #addInteger(value: number): void {
    this.#hasInteger = true;
    const sum = this.#integers + value;
    if (Number.isSafeInteger(sum)) this.#integers = sum;
    else {
      this.#largeIntegers += BigInt(this.#integers);
      this.#integers = value;
    }
  }

  #addDouble(value: number): void {
    this.#plain = this.#hasDouble ? this.#plain + value : value;
    const before = this.#sum;
    const sum = this.#hasDouble ? before + value : value;
    const shared = sum - before;
    const error = before - (sum - shared) + (value - shared);
    this.#hasDouble = true;
    const compensation = this.#compensation + error;
    this.#sum = sum + compensation;
    this.#compensation = compensation - (this.#sum - sum);
  }
}

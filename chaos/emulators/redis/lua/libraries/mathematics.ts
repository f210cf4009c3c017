/** The math library (§5.6 of the manual). Its random numbers are those that Redis puts in place of C's. */
import { int32At, numberAt } from '../arguments.ts';
import { ArgumentFault, NativeFault } from '../errors.ts';
import { power } from '../operations.ts';
import type { LuaTable, LuaValue } from '../values.ts';
import { libraryTable, type Native } from './library.ts';

export function mathLibrary(randomness: ScriptRandom): LuaTable {
  const library = libraryTable({
    abs: unary(Math.abs),
    acos: unary(Math.acos),
    asin: unary(Math.asin),
    atan: unary(Math.atan),
    atan2: (args) => fromTwo(args, Math.atan2),
    ceil: unary(Math.ceil),
    cos: unary(Math.cos),
    cosh: unary(Math.cosh),
    deg: unary((value) => value / (Math.PI / 180)),
    exp: unary(Math.exp),
    floor: unary(Math.floor),
    fmod: (args) => fromTwo(args, (left, right) => left % right),
    frexp: (args) => frexp(numberAt(args, 0)),
    ldexp: (args) => {
      const exponent = int32At(args, 1);
      return [ldexp(numberAt(args, 0), exponent)];
    },
    log: unary(Math.log),
    log10: unary(Math.log10),
    max: (args) => [extreme(args, (value, best) => value > best)],
    min: (args) => [extreme(args, (value, best) => value < best)],
    modf: (args) => modf(numberAt(args, 0)),
    pow: (args) => fromTwo(args, power),
    rad: unary((value) => value * (Math.PI / 180)),
    random: (args) => [randomNumber(args, randomness)],
    randomseed: (args) => {
      randomness.seed(int32At(args, 0));
      return [];
    },
    sin: unary(Math.sin),
    sinh: unary(Math.sinh),
    sqrt: unary(Math.sqrt),
    tan: unary(Math.tan),
    tanh: unary(Math.tanh),
  });
  library.set('pi', Math.PI);
  library.set('huge', Infinity);
  library.set('mod', library.get('fmod'));
  return library;
}

/** lrand48: a linear congruence of 48 bits, of which 31 are given. Its state outlives a script. */
export class ScriptRandom {
  #state = 0x1234_abcd_330en;

  seed(value: number): void {
    this.#state = (BigInt.asUintN(32, BigInt(value)) << 16n) | 0x330en;
  }

  next(): number {
    this.#state = (this.#state * 0x5_deec_e66dn + 0xbn) & 0xffff_ffff_ffffn;
    return Number(this.#state >> 17n);
  }
}

const randomMax = 2 ** 31 - 1;

function randomNumber(args: readonly LuaValue[], randomness: ScriptRandom): number {
  const share = (randomness.next() % randomMax) / randomMax;
  if (args.length === 0) return share;
  if (args.length > 2) throw new NativeFault('wrong number of arguments');
  const low = args.length === 1 ? 1 : int32At(args, 0);
  const high = int32At(args, args.length - 1);
  if (low > high) throw new ArgumentFault(args.length, 'interval is empty');
  return Math.floor(share * (high - low + 1)) + low;
}

function unary(compute: (value: number) => number): Native {
  return (args) => [compute(numberAt(args, 0))];
}

function extreme(args: readonly LuaValue[], isBetter: (value: number, best: number) => boolean): number {
  let best = numberAt(args, 0);
  for (let index = 1; index < args.length; index += 1) {
    const value = numberAt(args, index);
    if (isBetter(value, best)) best = value;
  }
  return best;
}

function modf(value: number): number[] {
  const whole = Math.trunc(value);
  return [whole, Number.isFinite(value) ? value - whole : Number.isNaN(value) ? value : 0];
}

/** The second argument is looked at first, which shows when both are wrong. */
function fromTwo(args: readonly LuaValue[], combine: (left: number, right: number) => number): LuaValue[] {
  const right = numberAt(args, 1);
  return [combine(numberAt(args, 0), right)];
}

/** Fraction in [0.5, 1) and power of two. */
function frexp(value: number): number[] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = value * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent -= 1;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent += 1;
  }
  return [fraction, exponent];
}

function ldexp(fraction: number, exponent: number): number {
  const clamped = Math.max(-2200, Math.min(2200, exponent));
  const half = Math.trunc(clamped / 2);
  return fraction * 2 ** half * 2 ** (clamped - half);
}

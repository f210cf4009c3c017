/** Transcendental functions of Decimal128: exponential, logarithms, power, and those of triangles and hyperbolas. */
import {
  absoluteDecimal,
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  negateDecimal,
  quantizeDecimal,
} from './decimal-arithmetic.ts';
import {
  decimalDigits,
  decimalNaN,
  decimalOf,
  decimalZero,
  digitsOf,
  finite,
  infinite,
  isDecimalZero,
  roundToFormat,
  signedCoefficient,
} from './decimal.ts';
import type { Decimal, FiniteDecimal } from './decimal.ts';
import {
  arctangentFixed,
  divideFixed,
  exponentialFixed,
  logarithmFixed,
  logarithmOfTen,
  multiplyFixed,
  one,
  piScaled,
  scaleDigits,
  sineAndCosineFixed,
  squareRootFixed,
} from './fixed-point.ts';

const decimalOne = finite(false, 1n, 0);
/** Below this power of ten an argument is what most of these functions give back, to all 34 digits. */
const negligibleExponent = -20;

function toFixed(value: FiniteDecimal): bigint {
  const shift = value.exponent + scaleDigits;
  const coefficient = signedCoefficient(value);
  return shift >= 0 ? coefficient * 10n ** BigInt(shift) : coefficient / 10n ** BigInt(-shift);
}

function fromFixed(value: bigint): Decimal {
  return roundToFormat(decimalOf(value, -scaleDigits));
}

/** Power of ten of the first digit. */
function magnitudeOf({ coefficient, exponent }: FiniteDecimal): number {
  return digitsOf(coefficient) + exponent - 1;
}

function isNegligible(value: FiniteDecimal): boolean {
  return value.coefficient === 0n || magnitudeOf(value) < negligibleExponent;
}

export function exponentialOfDecimal(value: Decimal): Decimal {
  if (value.kind === 'nan') return value;
  if (value.kind === 'infinite') return value.negative ? decimalZero : value;
  if (value.coefficient === 0n || magnitudeOf(value) < -36) return decimalOne;
  if (magnitudeOf(value) > 5) return value.negative ? finite(false, 0n, -6176) : infinite(false);
  const { coefficient, exponent } = exponentialParts(toFixed(value));
  return roundToFormat(decimalOf(coefficient, exponent));
}

/** e^x as `coefficient · 10^exponent`, of a fixed-point x. */
function exponentialParts(value: bigint): { coefficient: bigint; exponent: number } {
  const powerOfTen = value / logarithmOfTen();
  const rest = value - powerOfTen * logarithmOfTen();
  return { coefficient: exponentialFixed(rest), exponent: Number(powerOfTen) - scaleDigits };
}

/** Of a positive number, in fixed point. */
function logarithmOf(value: FiniteDecimal): bigint {
  const magnitude = magnitudeOf(value);
  const mantissa = toFixed(finite(false, value.coefficient, value.exponent - magnitude));
  return logarithmFixed(mantissa) + BigInt(magnitude) * logarithmOfTen();
}

/** Natural logarithm of a number that is not negative. */
export function logarithmOfDecimal(value: Decimal): Decimal {
  if (value.kind === 'nan') return value;
  if (value.kind === 'infinite') return value.negative ? decimalNaN : value;
  if (value.coefficient === 0n) return infinite(true);
  if (value.negative) return decimalNaN;
  const logarithm = logarithmOf(value);
  return logarithm === 0n ? decimalZero : fromFixed(logarithm);
}

/** Exact for powers of ten. */
export function decimalLogarithmOfDecimal(value: Decimal): Decimal {
  const natural = logarithmOfDecimal(value);
  if (value.kind !== 'finite' || natural.kind !== 'finite') return natural;
  const magnitude = magnitudeOf(value);
  if (/^10*$/.test(value.coefficient.toString())) return decimalOf(BigInt(magnitude), 0);
  const logarithm = fromFixed(divideFixed(logarithmOf(value), logarithmOfTen()));
  const isWhole = logarithm.kind === 'finite' && isInteger(logarithm);
  return isWhole ? quantizeDecimal(logarithm, 0, 'down') : logarithm;
}

export function powerOfDecimals(base: Decimal, exponent: Decimal): Decimal {
  if (isDecimalZero(exponent)) return decimalOne;
  if (base.kind === 'nan' || exponent.kind === 'nan') return decimalNaN;
  const isOddPower = isOddInteger(exponent);
  if (exponent.kind === 'infinite') return powerToInfinity(base, exponent.negative);
  const underflow = finite(false, 0n, -6176);
  if (base.kind === 'infinite') {
    if (exponent.negative) return underflow;
    return infinite(base.negative && isOddPower);
  }
  if (base.coefficient === 0n) return exponent.negative ? infinite(base.negative && isOddPower) : underflow;
  if (base.negative && !isInteger(exponent)) return decimalNaN;
  const negative = base.negative && isOddPower;
  const logarithm = logarithmOf(finite(false, base.coefficient, base.exponent));
  if (logarithm === 0n) return padded(finite(negative, 1n, 0));
  if (magnitudeOf(exponent) > 12) {
    const grows = logarithm > 0n !== exponent.negative;
    return grows ? infinite(negative) : underflow;
  }
  const product = multiplyFixed(logarithm, toFixed(exponent));
  const { coefficient, exponent: power } = exponentialParts(product);
  const rounded = roundToFormat(finite(negative, coefficient, power));
  return rounded.kind === 'finite' ? padded(rounded) : rounded;
}

function powerToInfinity(base: Decimal, negativeExponent: boolean): Decimal {
  if (base.kind === 'infinite') return negativeExponent ? decimalZero : infinite(false);
  if (base.kind === 'nan') return base;
  const logarithm =
    base.coefficient === 0n ? -1n : logarithmOf(finite(false, base.coefficient, base.exponent));
  if (logarithm === 0n) return decimalOne;
  return logarithm > 0n === negativeExponent ? decimalZero : infinite(false);
}

/** With all 34 digits, as powers are given. */
function padded(value: FiniteDecimal): Decimal {
  const missing = decimalDigits - digitsOf(value.coefficient);
  if (missing <= 0) return value;
  return roundToFormat(
    finite(value.negative, value.coefficient * 10n ** BigInt(missing), value.exponent - missing),
  );
}

function isInteger(value: Decimal): boolean {
  if (value.kind !== 'finite') return false;
  return value.exponent >= 0 || value.coefficient % 10n ** BigInt(-value.exponent) === 0n;
}

function isOddInteger(value: Decimal): boolean {
  if (value.kind !== 'finite' || !isInteger(value) || value.exponent > 0) return false;
  return (value.coefficient / 10n ** BigInt(-value.exponent)) % 2n === 1n;
}

export type Trigonometry =
  | 'acos'
  | 'acosh'
  | 'asin'
  | 'asinh'
  | 'atan'
  | 'atanh'
  | 'cos'
  | 'cosh'
  | 'sin'
  | 'sinh'
  | 'tan'
  | 'tanh';

/** The argument is in the function's domain. */
export function trigonometryOfDecimal(name: Trigonometry, value: Decimal): Decimal {
  if (value.kind === 'nan') return value;
  if (value.kind === 'infinite') return ofInfinity(name, value.negative);
  if (isNegligible(value) && name !== 'acos' && name !== 'acosh') {
    return name === 'cos' || name === 'cosh' ? decimalOne : value;
  }
  switch (name) {
    case 'sin':
      return fromFixed(sineAndCosineFixed(reducedAngle(value)).sine);
    case 'cos':
      return fromFixed(sineAndCosineFixed(reducedAngle(value)).cosine);
    case 'tan': {
      const { sine, cosine } = sineAndCosineFixed(reducedAngle(value));
      return fromFixed(divideFixed(sine, cosine));
    }
    case 'asin':
      return fromFixed(arcsine(toFixed(value)));
    case 'acos':
      return fromFixed(piScaled(scaleDigits) / 2n - arcsine(toFixed(value)));
    case 'atan':
      return magnitudeOf(value) > 80
        ? ofInfinity('atan', value.negative)
        : fromFixed(arctangentFixed(toFixed(value)));
    case 'asinh': {
      const result = inverseHyperbolic(absoluteDecimal(value), decimalOne);
      return value.negative ? negateDecimal(result) : result;
    }
    case 'acosh':
      return inverseHyperbolic(value, negateDecimal(decimalOne));
    case 'atanh':
      return atanh(value);
    default:
      return hyperbolic(name, value);
  }
}

function ofInfinity(name: Trigonometry, negative: boolean): Decimal {
  switch (name) {
    case 'atan':
      return fromFixed((negative ? -piScaled(scaleDigits) : piScaled(scaleDigits)) / 2n);
    case 'tanh':
      return finite(negative, 1n, 0);
    case 'cosh':
      return infinite(false);
    case 'sinh':
    case 'asinh':
      return infinite(negative);
    case 'acosh':
      return negative ? decimalNaN : infinite(false);
    default:
      return decimalNaN;
  }
}

/** The angle less whole turns, between -π and π; large angles need π to as many digits more. */
function reducedAngle(value: FiniteDecimal): bigint {
  const digits = scaleDigits + Math.max(magnitudeOf(value), 0) + 2;
  const turn = 2n * piScaled(digits);
  const shift = value.exponent + digits;
  const coefficient = signedCoefficient(value);
  const scaled = shift >= 0 ? coefficient * 10n ** BigInt(shift) : coefficient / 10n ** BigInt(-shift);
  let rest = scaled % turn;
  if (rest > turn / 2n) rest -= turn;
  if (rest < -turn / 2n) rest += turn;
  return rest / 10n ** BigInt(digits - scaleDigits);
}

function arcsine(value: bigint): bigint {
  const cosine = squareRootFixed(one - multiplyFixed(value, value));
  if (cosine === 0n) return (value < 0n ? -piScaled(scaleDigits) : piScaled(scaleDigits)) / 2n;
  return arctangentFixed(divideFixed(value, cosine));
}

/** ln(x + sqrt(x² ± 1)). */
function inverseHyperbolic(value: Decimal, sign: Decimal): Decimal {
  if (value.kind !== 'finite') return value;
  if (magnitudeOf(value) > 40) {
    return addDecimals(logarithmOfDecimal(value), logarithmOfDecimal(decimalOf(2n, 0)));
  }
  const x = toFixed(value);
  const radicand = multiplyFixed(x, x) + (sign.kind === 'finite' && sign.negative ? -one : one);
  return logarithmOfDecimal(decimalOf(x + squareRootFixed(radicand), -scaleDigits));
}

function atanh(value: FiniteDecimal): Decimal {
  const x = toFixed(value);
  if (x === one || x === -one) return infinite(x < 0n);
  return fromFixed(logarithmOf(decimalOf(divideFixed(one + x, one - x), -scaleDigits)) / 2n);
}

function hyperbolic(name: 'cosh' | 'sinh' | 'tanh', value: FiniteDecimal): Decimal {
  if (magnitudeOf(value) > 5) return ofInfinity(name, value.negative);
  if (name === 'tanh' && magnitudeOf(value) > 2) return finite(value.negative, 1n, 0);
  const { coefficient, exponent } = exponentialParts(toFixed(value));
  const grown = decimalOf(coefficient, exponent);
  const inverse = exponentialParts(-toFixed(value));
  const shrunk = decimalOf(inverse.coefficient, inverse.exponent);
  const [sum, difference] = [sumOf(grown, shrunk, 1n), sumOf(grown, shrunk, -1n)];
  const half = decimalOf(5n, -1);
  if (name === 'cosh') return multiplyDecimals(sum, half);
  if (name === 'sinh') return multiplyDecimals(difference, half);
  return divideDecimals(difference, sum);
}

function sumOf(a: FiniteDecimal, b: FiniteDecimal, sign: bigint): FiniteDecimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (value: FiniteDecimal) =>
    signedCoefficient(value) * 10n ** BigInt(value.exponent - exponent);
  return decimalOf(scaled(a) + sign * scaled(b), exponent);
}

/** Angle of the point (x, y). */
export function arctangentOfDecimals(y: Decimal, x: Decimal): Decimal {
  if (y.kind === 'nan' || x.kind === 'nan') return decimalNaN;
  const pi = roundToFormat(decimalOf(piScaled(scaleDigits), -scaleDigits));
  const isAxis = isDecimalZero(x) || (y.kind === 'infinite' && x.kind !== 'infinite');
  if (isDecimalZero(y)) return x.negative ? withSign(pi, y.negative) : y;
  if (isAxis) return withSign(multiplyDecimals(pi, decimalOf(5n, -1)), y.negative);
  if (x.kind === 'infinite') {
    if (y.kind !== 'infinite')
      return x.negative ? withSign(pi, y.negative) : withSign(decimalZero, y.negative);
    return withSign(multiplyDecimals(pi, decimalOf(x.negative ? 75n : 25n, -2)), y.negative);
  }
  const angle = trigonometryOfDecimal('atan', divideDecimals(absoluteDecimal(y), absoluteDecimal(x)));
  return withSign(x.negative ? addDecimals(pi, negateDecimal(angle)) : angle, y.negative);
}

function withSign(value: Decimal, negative: boolean): Decimal {
  return negative ? negateDecimal(value) : value;
}

/** π/180, times or under the angle. */
export function convertAngleOfDecimal(value: Decimal, to: 'degrees' | 'radians'): Decimal {
  const pi = roundToFormat(decimalOf(piScaled(scaleDigits), -scaleDigits));
  const straight = decimalOf(180n, 0);
  return to === 'radians'
    ? multiplyDecimals(value, divideDecimals(pi, straight))
    : multiplyDecimals(value, divideDecimals(straight, pi));
}

/**
 * Doubles printed as C's printf does: exact digits, ties to even. JavaScript's toFixed and toPrecision round ties up and change
 * notation at 1e21, so that they cannot stand in for it.
 */

/** `%.{digits}f` */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  const scaled = scaledToInteger(Math.abs(value), digits).toString();
  const padded = scaled.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  const text = digits === 0 ? whole : `${whole}.${padded.slice(padded.length - digits)}`;
  return isNegative(value) ? `-${text}` : text;
}

/** `%.{digits}e` */
export function formatExponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  const { significant, exponent } = significantDigits(Math.abs(value), digits + 1);
  const fraction = digits === 0 ? '' : `.${significant.slice(1)}`;
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${isNegative(value) ? '-' : ''}${significant.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** `%.{precision}g`; with `keepZeros` `%#.{precision}g`. */
export function formatGeneral(value: number, precision: number, keepZeros = false): string {
  if (Number.isSafeInteger(value) && Math.abs(value) < 10 ** Math.min(precision, 15) && !keepZeros) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (!Number.isFinite(value)) return formatSpecial(value);
  const digits = Math.max(precision, 1);
  const { exponent } = significantDigits(Math.abs(value), digits);
  const isFixed = exponent >= -4 && exponent < digits;
  const text = isFixed ? formatFixed(value, digits - 1 - exponent) : formatExponential(value, digits - 1);
  if (keepZeros || !text.includes('.')) return text;
  const [mantissa = '', power] = text.split('e');
  const short = mantissa.replace(/\.?0+$/, '');
  return power === undefined ? short : `${short}e${power}`;
}

/** Shortest text that `%.17g` gives: what Redis answers for a score. */
export function formatDouble(value: number): string {
  return formatGeneral(value, 17);
}

export function formatSpecial(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const view = new DataView(new ArrayBuffer(8));

/** `mantissa · 2^exponent`, exactly; for finite values of at least 0. */
export function binaryOf(value: number): Binary {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const stored = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return stored === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: stored - 1075 };
}

/** `mantissa · 2^exponent · 10^digits`, rounded to an integer, ties to even. */
export function roundScaled({ mantissa, exponent }: Binary, digits: number): bigint {
  let numerator = mantissa;
  let denominator = 1n;
  if (digits >= 0) numerator *= 10n ** BigInt(digits);
  else denominator *= 10n ** BigInt(-digits);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  return divideToEven(numerator, denominator);
}

export function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  const roundsUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return roundsUp ? quotient + 1n : quotient;
}

function scaledToInteger(value: number, digits: number): bigint {
  return roundScaled(binaryOf(value), digits);
}

/** `count` digits, the first of which is not 0 unless the value is, and the power of ten of the first. */
function significantDigits(value: number, count: number): { significant: string; exponent: number } {
  if (value === 0) return { significant: '0'.repeat(count), exponent: 0 };
  let exponent = Math.floor(Math.log10(value));
  for (;;) {
    const significant = scaledToInteger(value, count - 1 - exponent).toString();
    if (significant.length === count) return { significant, exponent };
    exponent += significant.length > count ? 1 : -1;
  }
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

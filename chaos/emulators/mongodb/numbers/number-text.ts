/** Doubles as text: the shortest digits that read back as the same double, and C's `%g`, which string operators use. */

/** As `$toString` writes it: `1e+16` from 10^16 on, `9e-05` below 10^-4. */
export function doubleText(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const [digits, exponent] = shortestDigits(value);
  return layOut(value < 0 || Object.is(value, -0), digits, exponent, 16);
}

/** Six significant digits, as C's `%g`. */
export function shortDoubleText(value: number): string {
  const special = specialText(value);
  if (special !== undefined)
    return special === 'Infinity' ? 'inf' : special === '-Infinity' ? '-inf' : special;
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential(5).split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  return layOut(value < 0, digits === '' ? '0' : digits, Number(exponent), 6);
}

function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return undefined;
}

/** Significant digits and the power of ten of the first. */
function shortestDigits(value: number): [string, number] {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return [mantissa.replace('.', ''), Number(exponent)];
}

function layOut(negative: boolean, digits: string, exponent: number, exponentFrom: number): string {
  const sign = negative ? '-' : '';
  if (exponent < -4 || exponent >= exponentFrom) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

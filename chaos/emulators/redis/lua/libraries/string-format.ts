/** string.format: C's printf with strings, and `%q` for text that Lua can read. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { formatExponential, formatFixed, formatGeneral } from '../../numbers/decimal.ts';
import { numberAt, textAt, toInteger } from '../arguments.ts';
import { NativeFault } from '../errors.ts';
import type { LuaValue } from '../values.ts';

interface Directive {
  readonly flags: string;
  readonly width: number;
  /** Undefined when none is given. */
  readonly precision: number | undefined;
  readonly conversion: string;
}

export function formatText(args: readonly LuaValue[]): Bytes {
  const format = textAt(args, 0);
  let text = '';
  let used = 0;
  let at = 0;
  while (at < format.length) {
    const symbol = format.charAt(at);
    at += 1;
    if (symbol !== '%') {
      text += symbol;
    } else if (format.charAt(at) === '%') {
      text += '%';
      at += 1;
    } else {
      const { directive, length } = readDirective(format, at);
      at += length;
      used += 1;
      text += convert(directive, args, used);
    }
  }
  return text;
}

function readDirective(format: Bytes, at: number): { directive: Directive; length: number } {
  const rest = format.slice(at, at + 64);
  const flags = /^[-+ #0]*/.exec(rest)?.[0] ?? '';
  if (flags.length > 5) throw new NativeFault('invalid format (repeated flags)');
  const found = /^(\d{0,2})(?:(\.)(\d{0,2}))?/.exec(rest.slice(flags.length));
  const [whole = '', width = '', dot, precision = ''] = found ?? [];
  const conversion = rest.charAt(flags.length + whole.length);
  if (/\d/.test(conversion)) throw new NativeFault('invalid format (width or precision too long)');
  return {
    directive: {
      flags,
      width: Number(width),
      precision: dot === undefined ? undefined : Number(precision),
      conversion,
    },
    length: flags.length + whole.length + conversion.length,
  };
}

function convert(directive: Directive, args: readonly LuaValue[], index: number): Bytes {
  const { conversion, precision } = directive;
  switch (conversion) {
    case 'c':
      return pad(untilNul(String.fromCharCode(toInteger(numberAt(args, index)) & 255)), directive);
    case 'd':
    case 'i':
      return padNumber(integerDigits(BigInt(toInteger(numberAt(args, index))), directive), directive);
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return padNumber(unsignedDigits(numberAt(args, index), directive), directive);
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return padNumber(doubleDigits(numberAt(args, index), directive), directive);
    case 'q':
      return quotedForLua(textAt(args, index));
    case 's': {
      const text = textAt(args, index);
      // A long text without a precision is not padded either.
      if (precision === undefined && text.length >= 100) return text;
      const seen = untilNul(text);
      return pad(precision === undefined ? seen : seen.slice(0, precision), directive);
    }
    default:
      throw new NativeFault(`invalid option '%${conversion}' to 'format'`);
  }
}

function integerDigits(value: bigint, directive: Directive): string {
  const digits = withPrecision((value < 0n ? -value : value).toString(), directive);
  return sign(value < 0n, directive) + digits;
}

function unsignedDigits(value: number, directive: Directive): string {
  const { conversion, flags } = directive;
  const unsigned = toUnsigned(value);
  const base = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
  const digits = withPrecision(unsigned.toString(base), directive);
  const isMarked = flags.includes('#') && unsigned !== 0n;
  const prefixed = isMarked && base === 16 ? `0x${digits}` : isMarked && base === 8 ? `0${digits}` : digits;
  return conversion === 'X' ? prefixed.toUpperCase() : prefixed;
}

/** C's conversion of a double to unsigned long on x86-64. */
function toUnsigned(value: number): bigint {
  if (value < 0 || Number.isNaN(value)) return BigInt.asUintN(64, BigInt(toInteger(value)));
  return value < 2 ** 64 ? BigInt(Math.trunc(value)) : 0n;
}

function doubleDigits(value: number, directive: Directive): string {
  const { conversion, flags } = directive;
  const precision = directive.precision ?? 6;
  const magnitude = Math.abs(value);
  const isNegative = value < 0 || Object.is(value, -0) || Number.isNaN(value);
  let digits: string;
  if (conversion === 'f') digits = formatFixed(magnitude, precision);
  else if (/e/i.test(conversion)) digits = formatExponential(magnitude, precision);
  else digits = formatGeneral(magnitude, precision, flags.includes('#'));
  if (flags.includes('#') && precision === 0 && !digits.includes('.')) {
    digits = digits.replace(/(?=e|$)/, '.');
  }
  const text = sign(isNegative, directive) + digits;
  return /[EG]/.test(conversion) ? text.toUpperCase() : text;
}

function withPrecision(digits: string, { precision }: Directive): string {
  if (precision === 0 && digits === '0') return '';
  return digits.padStart(precision ?? 0, '0');
}

function sign(isNegative: boolean, { flags }: Directive): string {
  if (isNegative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function padNumber(text: string, directive: Directive): string {
  const { flags, width, precision, conversion } = directive;
  const isInteger = /[diouxX]/.test(conversion);
  const isFinite = !/[infa]{3}/i.test(text) || /x/i.test(conversion);
  if (!flags.includes('0') || flags.includes('-') || (isInteger && precision !== undefined) || !isFinite) {
    return pad(text, directive);
  }
  const [prefix = ''] = /^[-+ ]?(?:0[xX])?/.exec(text) ?? [];
  return prefix + text.slice(prefix.length).padStart(width - prefix.length, '0');
}

function pad(text: string, { flags, width }: Directive): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function quotedForLua(text: Bytes): Bytes {
  // oxlint-disable-next-line no-control-regex
  const inner = text.replace(/["\\\n\r\x00]/g, (byte) => {
    if (byte === '\r') return '\\r';
    return byte === '\0' ? '\\000' : `\\${byte}`;
  });
  return `"${inner}"`;
}

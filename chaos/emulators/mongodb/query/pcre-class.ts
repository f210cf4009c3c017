/** Character classes of PCRE, and the escapes that mean the same inside and outside of them. */
import { PcreError } from './pcre-reader.ts';
import type { PatternReader } from './pcre-reader.ts';

/** In ASCII, as PCRE has them without UCP. */
export const posixClasses: Readonly<Record<string, string>> & { readonly word: string } = {
  alnum: '[A-Za-z0-9]',
  alpha: '[A-Za-z]',
  ascii: '[\\0-\\x7f]',
  blank: '[ \\t]',
  cntrl: '[\\0-\\x1f\\x7f]',
  digit: '[0-9]',
  graph: '[!-~]',
  lower: '[a-z]',
  print: '[ -~]',
  punct: '[!-\\/:-@\\[-`\\{-~]',
  space: '[ \\t-\\r]',
  upper: '[A-Z]',
  word: '[A-Za-z0-9_]',
  xdigit: '[A-Fa-f0-9]',
};

const horizontalSpace = ' \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const verticalSpace = '\\n\\v\\f\\r\\u0085\\u2028\\u2029';

/** Members of the class and those outside it, as ranges of code points between brackets. */
const escapedClasses: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\0-\\/:-\\u{10ffff}',
  w: 'A-Za-z0-9_',
  W: '\\0-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
  s: ' \\t-\\r',
  S: '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}',
  h: horizontalSpace,
  H: '\\0-\\x08\\x0a-\\x1f!-\\x9f\\xa1-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u200b-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}',
  v: verticalSpace,
  V: '\\0-\\x09\\x0e-\\x84\\x86-\\u2027\\u202a-\\u{10ffff}',
};

const controlCharacters: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
};

/** Behind the backslash: a class or a character, with its brackets when it is a class; undefined for other escapes. */
export function classEscape(reader: PatternReader): string | undefined {
  const inner = escapedMember(reader);
  if (inner === undefined) return undefined;
  return inner.isClass ? `[${inner.source}]` : inner.source;
}

interface Member {
  readonly source: string;
  readonly isClass: boolean;
}

function escapedMember(reader: PatternReader): Member | undefined {
  const letter = reader.match(/^[dDwWsShHvV]/)?.[0];
  if (letter !== undefined) return { source: escapedClasses[letter] ?? '', isClass: true };
  const control = reader.match(/^[aefnrt]/)?.[0];
  if (control !== undefined) return { source: controlCharacters[control] ?? '', isClass: false };
  const property = reader.match(/^([pP])(?:\{(\^?)([A-Za-z_&]+)\}|([A-Z]))/);
  if (property !== undefined) {
    const [, kind = 'p', not = '', name, short] = property;
    const negated = (kind === 'P') !== (not === '^');
    return { source: `\\${negated ? 'P' : 'p'}{${propertyName(name ?? short ?? '')}}`, isClass: true };
  }
  const hexadecimal = reader.match(/^x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/);
  if (hexadecimal !== undefined)
    return character(Number.parseInt(hexadecimal[1] ?? `0${hexadecimal[2]}`, 16));
  const octal = reader.match(/^(?:o\{([0-7]+)\}|0([0-7]{0,2}))/);
  if (octal !== undefined) return character(Number.parseInt(octal[1] ?? `0${octal[2]}`, 8));
  const controlLetter = reader.match(/^c([ -~])/)?.[1];
  if (controlLetter !== undefined) return character(controlLetter.toUpperCase().charCodeAt(0) ^ 64);
  return undefined;
}

function character(point: number): Member {
  if (point > 0x10ffff) throw new PcreError('character code point value in \\x{} or \\o{} is too large', 0);
  return { source: `\\u{${point.toString(16)}}`, isClass: false };
}

/** Scripts have to be named as such in JavaScript; categories of one or two letters are the same. */
function propertyName(name: string): string {
  if (name === 'Any') return 'Any';
  if (name === 'L&') return 'LC';
  return name.length <= 2 ? name : `Script=${name}`;
}

/** Behind the opening bracket, to the closing one. */
export function readClass(reader: PatternReader): string {
  const start = reader.position;
  const isNegated = reader.take('^');
  let members = '';
  let isFirst = true;
  for (;;) {
    if (reader.isAtEnd) throw new PcreError('missing terminating ] for character class', start);
    if (!isFirst && reader.take(']')) break;
    isFirst = false;
    members += readMember(reader);
  }
  return `[${isNegated ? '^' : ''}${members}]`;
}

function readMember(reader: PatternReader): string {
  const posix = reader.match(/^\[:(\^?)(\w+):\]/);
  if (posix !== undefined) return posixMember(posix[2] ?? '', posix[1] === '^', reader.position);
  if (reader.match(/^\[[.=]/) !== undefined) {
    throw new PcreError('POSIX collating elements are not supported', reader.position);
  }
  if (reader.take('\\Q')) {
    const end = reader.rest.indexOf('\\E');
    const text = end === -1 ? reader.rest : reader.rest.slice(0, end);
    reader.skip(end === -1 ? text.length : text.length + 2);
    return [...text].map(literal).join('');
  }
  if (reader.take('\\E')) return '';
  const first = readBound(reader);
  const range = reader.match(/^-(?=[^\]])/);
  if (range === undefined) return first.source;
  if (first.isClass || reader.match(/^(?=\\[dDwWsShHvVpP]|\[:)/) !== undefined) return `${first.source}\\-`;
  return `${first.source}-${readBound(reader).source}`;
}

function readBound(reader: PatternReader): Member {
  if (!reader.take('\\')) return { source: literal(reader.next()), isClass: false };
  const escaped = escapedMember(reader);
  if (escaped !== undefined) return escaped;
  if (reader.take('b')) return { source: '\\x08', isClass: false };
  const octal = reader.match(/^[1-7][0-7]{0,2}/);
  if (octal !== undefined) return character(Number.parseInt(octal[0], 8));
  if (reader.isAtEnd) throw new PcreError('\\ at end of pattern', reader.position);
  const next = reader.next();
  if (/[A-Za-z]/.test(next))
    throw new PcreError(`unrecognized escape \\${next} in a character class`, reader.position);
  return { source: literal(next), isClass: false };
}

function literal(text: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(text) ? `\\${text}` : text;
}

function posixMember(name: string, isNegated: boolean, position: number): string {
  const known = Object.hasOwn(posixClasses, name) ? posixClasses[name] : undefined;
  if (known === undefined) throw new PcreError('unknown POSIX class name', position);
  if (!isNegated) return known.slice(1, -1);
  const members = new RegExp(known, 'u');
  let outside = '';
  for (let point = 0; point < 128; point += 1) {
    if (!members.test(String.fromCodePoint(point))) outside += `\\u{${point.toString(16)}}`;
  }
  return `${outside}\\u{80}-\\u{10ffff}`;
}

/**
 * Translates PCRE's patterns, which MongoDB's regular expressions are, to JavaScript's with the flag `u`. What looks the
 * same in both is not always: `$` also stands before a last newline, `.` and `^` know only `\n` as the end of a line, `\s`
 * and `\w` are ASCII. What has no counterpart is refused by name.
 */
import { PatternReader, PcreError } from './pcre-reader.ts';
import { classEscape, posixClasses, readClass } from './pcre-class.ts';

export { PcreError };

export interface PcreOptions {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

/** Plain text and simple wildcards are the same in both, and need no second look. */
const simplePattern = /^\^?[A-Za-z0-9 _@:;,'"<>=!~%&-]*$/;

export interface CompiledPattern {
  readonly expression: RegExp;
  /** Where the pattern's own groups are among those of the expression. */
  readonly captures: readonly number[];
}

/** @throws PcreError for a pattern that is wrong, or that JavaScript cannot express. */
export function compilePcre(pattern: string, options: PcreOptions, flags = ''): CompiledPattern {
  const isSimple = simplePattern.test(pattern) && !options.multiline && !options.extended;
  const { source, captures } = isSimple
    ? { source: pattern, captures: [] }
    : new Translator(pattern, options).translate();
  try {
    return { expression: new RegExp(source, `u${options.ignoreCase ? 'i' : ''}${flags}`), captures };
  } catch (thrown) {
    throw new PcreError(thrown instanceof Error ? thrown.message : String(thrown), 0);
  }
}

/** A reference to the pattern's own group, until all groups are known. No pattern has a zero character in its translation. */
const reference = /\0(\d+)\0/g;

function backReference(captures: readonly number[], number: number): string {
  const group = captures[number - 1];
  if (group === undefined) throw new PcreError('reference to non-existent subpattern', 0);
  return `(?:\\${group})`;
}

interface Mode {
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
  ungreedy: boolean;
}

class Translator {
  readonly #reader: PatternReader;
  #mode: Mode;
  /** Of the groups so far, which are the pattern's own; the others stand for atomic groups. */
  readonly #groups: ('own' | 'atomic')[] = [];

  constructor(pattern: string, { multiline, dotAll, extended }: PcreOptions) {
    this.#reader = new PatternReader(pattern);
    this.#mode = { multiline, dotAll, extended, ungreedy: false };
  }

  translate(): { readonly source: string; readonly captures: readonly number[] } {
    const reader = this.#reader;
    while (reader.match(/^\(\*(?:UTF8?|UCP)\)/) !== undefined);
    const source = this.#alternatives();
    if (!reader.isAtEnd) throw new PcreError('unmatched closing parenthesis', reader.position);
    const captures = this.#groups.flatMap((group, index) => (group === 'own' ? [index + 1] : []));
    return {
      source: source.replaceAll(reference, (_, number) => backReference(captures, Number(number))),
      captures,
    };
  }

  /** Up to the end or a closing parenthesis. Options set inside hold until there. */
  #alternatives(): string {
    const outer = { ...this.#mode };
    let source = '';
    let closing = '';
    while (!this.#reader.isAtEnd && !this.#reader.startsWith(')')) {
      if (this.#reader.take('|')) {
        source += '|';
        continue;
      }
      const inline = this.#inlineOptions();
      if (inline !== undefined) {
        if (inline !== '') {
          source += inline;
          closing += ')';
        }
        continue;
      }
      source += this.#quantified();
    }
    this.#mode = outer;
    return source + closing;
  }

  /** `(?i)` and the like: a group that reaches to the end of the one around it; undefined when there is none here. */
  #inlineOptions(): string | undefined {
    const found = this.#reader.match(/^\(\?([imsxU]*)(?:-([imsxU]*))?\)/);
    if (found === undefined) return undefined;
    const [, on = '', off = ''] = found;
    const modifiers = this.#setOptions(on, off);
    return modifiers === '' ? '' : `(?${modifiers}:`;
  }

  /** The part of the options that JavaScript is told about; the others decide how the rest is written. */
  #setOptions(on: string, off: string): string {
    const set = (letter: string, name: keyof Mode): void => {
      if (on.includes(letter)) this.#mode[name] = true;
      if (off.includes(letter)) this.#mode[name] = false;
    };
    set('m', 'multiline');
    set('s', 'dotAll');
    set('x', 'extended');
    set('U', 'ungreedy');
    return `${on.includes('i') ? 'i' : ''}${off.includes('i') ? '-i' : ''}`;
  }

  #quantified(): string {
    if (this.#mode.extended && this.#reader.match(/^(?:\s+|#[^\n]*(?:\n|$))/) !== undefined) return '';
    const start = this.#reader.position;
    const groupsBefore = this.#groups.length;
    const atom = this.#atom();
    if (atom === '') return '';
    if (this.#mode.extended) this.#reader.match(/^(?:\s+|#[^\n]*(?:\n|$))+/);
    const found = this.#reader.match(/^(?:([*+?])|\{(\d+)(,?)(\d*)\}|\{,(\d+)\})([?+]?)/);
    if (found === undefined) return atom;
    const [, symbol, least, comma = '', most = '', onlyMost, suffix = ''] = found;
    if (/^\(\?<?[=!]/.test(atom) && symbol === undefined) {
      throw new PcreError('a repeated assertion is not supported', start);
    }
    const count = symbol ?? (onlyMost === undefined ? `{${least}${comma}${most}}` : `{0,${onlyMost}}`);
    const repeated = /^\(\?<?[=!]/.test(atom) ? `(?:${atom})${count}` : `${atom}${count}`;
    if (suffix === '+') return this.#atomic(repeated, groupsBefore);
    const isLazy = (suffix === '?') !== this.#mode.ungreedy;
    return isLazy ? `${repeated}?` : repeated;
  }

  /** What matched is not tried again: a lookahead captures it, and a reference takes it whole. */
  #atomic(source: string, groupsBefore: number): string {
    this.#groups.splice(groupsBefore, 0, 'atomic');
    const name = `atomic${this.#groups.length}`;
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`;
  }

  #atom(): string {
    const reader = this.#reader;
    const character = reader.next();
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return readClass(reader);
      case '(':
        return this.#group();
      case '.':
        return this.#mode.dotAll ? '[^]' : '[^\\n]';
      case '^':
        return this.#mode.multiline ? '(?:(?<![^])|(?<=\\n)(?=[^]))' : '(?<![^])';
      case '$':
        return this.#mode.multiline ? '(?=\\n|(?![^]))' : '(?=\\n?(?![^]))';
      case '*':
      case '+':
      case '?':
        throw new PcreError('quantifier does not follow a repeatable item', reader.position - 1);
      case '{':
      case '}':
      case ']':
      case '/':
        return `\\${character}`;
      case '\0':
        return '\\x00';
      default:
        return character;
    }
  }

  #group(): string {
    const reader = this.#reader;
    const start = reader.position;
    if (!reader.take('?')) {
      if (reader.startsWith('*')) throw new PcreError('verbs like (*FAIL) are not supported', start);
      this.#groups.push('own');
      return this.#closed('(');
    }
    if (reader.match(/^#[^)]*\)/) !== undefined) return '';
    for (const plain of [':', '=', '!', '<=', '<!'])
      if (reader.take(plain)) return this.#closed(`(?${plain}`);
    const groupsBefore = this.#groups.length;
    if (reader.take('>')) return this.#atomic(this.#closed('(?:'), groupsBefore);
    const named = reader.match(/^(?:P?<|')([A-Za-z_]\w*)[>']/);
    if (named !== undefined) {
      this.#groups.push('own');
      return this.#closed(`(?<${named[1]}>`);
    }
    const backwards = reader.match(/^P=([A-Za-z_]\w*)\)/);
    if (backwards !== undefined) return `\\k<${backwards[1]}>`;
    const options = reader.match(/^([imsxU]*)(?:-([imsxU]*))?:/);
    if (options !== undefined) {
      const outer = { ...this.#mode };
      const modifiers = this.#setOptions(options[1] ?? '', options[2] ?? '');
      const group = this.#closed(modifiers === '' ? '(?:' : `(?${modifiers}:`);
      this.#mode = outer;
      return group;
    }
    if (reader.match(/^(?:R|[+-]?\d|&|P>)/) !== undefined) {
      throw new PcreError('recursion into groups is not supported', start);
    }
    if (reader.startsWith('(')) throw new PcreError('conditional groups are not supported', start);
    if (reader.startsWith('|'))
      throw new PcreError('groups that reset their numbers are not supported', start);
    throw new PcreError('unrecognized character after (? or (?-', reader.position);
  }

  #closed(opening: string): string {
    const start = this.#reader.position;
    const inner = this.#alternatives();
    if (!this.#reader.take(')')) throw new PcreError('missing closing parenthesis', start);
    return `${opening}${inner})`;
  }

  #escape(): string {
    const reader = this.#reader;
    if (reader.isAtEnd) throw new PcreError('\\ at end of pattern', reader.position);
    const shared = classEscape(reader);
    if (shared !== undefined) return shared;
    const named = reader.match(/^(?:k[<'{](\w+)[>'}]|g\{?(-?\d+)\}?|g\{(\w+)\})/);
    if (named !== undefined) {
      const [, name, number, otherName] = named;
      if (number?.startsWith('-') === true) {
        throw new PcreError('references counted backwards are not supported', reader.position);
      }
      return number === undefined ? `\\k<${name ?? otherName}>` : `\0${number}\0`;
    }
    const digits = reader.match(/^[1-9]\d*/);
    if (digits !== undefined) return `\0${digits[0]}\0`;
    const letter = reader.next();
    switch (letter) {
      case 'A':
        return '(?<![^])';
      case 'z':
        return '(?![^])';
      case 'Z':
        return '(?=\\n?(?![^]))';
      case 'b':
        return `(?:(?<=${posixClasses.word})(?!${posixClasses.word})|(?<!${posixClasses.word})(?=${posixClasses.word}))`;
      case 'B':
        return `(?:(?<=${posixClasses.word})(?=${posixClasses.word})|(?<!${posixClasses.word})(?!${posixClasses.word}))`;
      case 'Q': {
        const end = reader.rest.indexOf('\\E');
        const text = end === -1 ? reader.rest : reader.rest.slice(0, end);
        reader.skip(end === -1 ? text.length : text.length + 2);
        return text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
      }
      case 'E':
        return '';
      case 'R':
        return '(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])';
      case 'X':
        return '(?:\\P{M}\\p{M}*)';
      case 'N':
        return '[^\\n]';
      case 'G':
      case 'K':
      case 'C':
        throw new PcreError(`\\${letter} is not supported`, reader.position - 1);
      default:
        if (/[A-Za-z]/.test(letter))
          throw new PcreError(`unrecognized escape \\${letter}`, reader.position - 1);
        return /[\^$\\.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter;
    }
  }
}

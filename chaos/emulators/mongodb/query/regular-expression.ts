/** MongoDB's regular expressions (PCRE) on JavaScript's engine: options i m s x u, `x` taken away by hand. */
import { BSONRegExp, BSONSymbol } from 'bson';
import { MongoError, locationError } from '../errors.ts';

export interface RegularExpression {
  readonly source: string;
  readonly options: string;
  test(value: unknown): boolean;
}

export function isRegularExpression(value: unknown): value is RegExp | BSONRegExp {
  return value instanceof RegExp || value instanceof BSONRegExp;
}

/** @throws MongoError 51091 for a pattern that does not compile, 51108 for an unknown option. */
export function compileRegularExpression(pattern: unknown, options: unknown): RegularExpression {
  let source: string;
  let flags: string;
  if (pattern instanceof RegExp) {
    source = pattern.source;
    flags = pattern.flags.replace('g', '');
  } else if (pattern instanceof BSONRegExp) {
    source = pattern.pattern;
    flags = pattern.options;
  } else if (typeof pattern === 'string') {
    source = pattern;
    flags = '';
  } else throw new MongoError('BadValue', '$regex has to be a string');
  if (options !== undefined) {
    if (typeof options !== 'string') throw new MongoError('BadValue', '$options has to be a string');
    if (flags !== '' && options !== '') {
      throw locationError(51074, 'options set in both $regex and $options');
    }
    flags = options === '' ? flags : options;
  }
  for (const flag of flags) {
    if (!'imsxu'.includes(flag)) throw locationError(51108, `invalid flag in regex options: ${flag}`);
  }
  const expression = build(source, flags);
  return {
    source,
    options: [...flags].sort().join(''),
    test: (value) => {
      if (typeof value === 'string') return expression.test(value);
      if (value instanceof BSONSymbol) return expression.test(value.valueOf());
      return isRegularExpression(value) && sameExpression(value, source, flags);
    },
  };
}

function sameExpression(value: RegExp | BSONRegExp, source: string, flags: string): boolean {
  const [otherSource, otherFlags] =
    value instanceof RegExp ? [value.source, value.flags] : [value.pattern, value.options];
  return otherSource === source && [...otherFlags].sort().join('') === [...flags].sort().join('');
}

function build(source: string, flags: string): RegExp {
  let pattern = flags.includes('x') ? withoutLayout(source) : source;
  let javascriptFlags = ['i', 'm', 's'].filter((flag) => flags.includes(flag)).join('');
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  if (inline !== null) {
    pattern = pattern.slice(inline[0].length);
    for (const flag of inline[1] ?? '') if (!javascriptFlags.includes(flag)) javascriptFlags += flag;
  }
  try {
    return new RegExp(pattern, javascriptFlags);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw locationError(51091, `Regular expression is invalid: ${reason}`);
  }
}

/** Takes away unescaped white space and comments outside of character classes. */
function withoutLayout(source: string): string {
  let result = '';
  let inClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (character === '\\') {
      result += character + source.charAt(index + 1);
      index += 1;
    } else if (!inClass && character === '#') {
      const end = source.indexOf('\n', index);
      index = end === -1 ? source.length : end;
    } else if (inClass || !/\s/.test(character)) {
      if (character === '[') inClass = true;
      if (character === ']') inClass = false;
      result += character;
    }
  }
  return result;
}

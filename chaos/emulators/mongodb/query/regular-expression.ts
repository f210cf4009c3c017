/** Regular expressions in queries: which values one matches. The patterns are PCRE's (pcre.ts). */
import { BSONRegExp, BSONSymbol } from 'bson';
import { MongoError, locationError } from '../errors.ts';
import { compilePcre, PcreError } from './pcre.ts';
import type { PcreOptions } from './pcre.ts';

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
      throw locationError(51075, 'options set in both $regex and $options');
    }
    flags = options === '' ? flags : options;
  }
  for (const flag of flags) {
    if (!'imsxu'.includes(flag)) throw locationError(51108, `invalid flag in regex options: ${flag}`);
  }
  if (source.includes('\0'))
    throw new MongoError('BadValue', 'Regular expression cannot contain an embedded null byte');
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

/** Flags are those of MongoDB: `imsxu`. @throws MongoError 51091. */
function build(source: string, flags: string): RegExp {
  try {
    return compilePcre(source, optionsOf(flags)).expression;
  } catch (thrown) {
    if (thrown instanceof PcreError) {
      throw locationError(51091, `Regular expression is invalid: ${thrown.message}`);
    }
    throw thrown;
  }
}

export function optionsOf(flags: string): PcreOptions {
  return {
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    extended: flags.includes('x'),
  };
}

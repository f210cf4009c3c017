/** The `collation` document of commands, indexes and collections: checked as MongoDB checks it, its defaults filled in. */
import { MongoError, locationError } from '../errors.ts';
import { numberOf, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';

export interface CollationSpecification {
  /** As MongoDB writes it: `en_US`, `de@collation=phonebook`. */
  readonly locale: string;
  readonly caseLevel: boolean;
  readonly caseFirst: 'off' | 'upper' | 'lower';
  readonly strength: 1 | 2 | 3 | 4 | 5;
  readonly numericOrdering: boolean;
  readonly alternate: 'non-ignorable' | 'shifted';
  readonly maxVariable: 'punct' | 'space';
  readonly normalization: boolean;
  readonly backwards: boolean;
  /** Of the ICU that MongoDB 7 contains. */
  readonly version: '57.1';
}

const known = new Set([
  'alternate',
  'backwards',
  'caseFirst',
  'caseLevel',
  'locale',
  'maxVariable',
  'normalization',
  'numericOrdering',
  'strength',
  'version',
]);

/** Languages whose dictionaries have capital letters first. */
const upperFirst: ReadonlySet<string> = new Set(['da', 'mt']);

/** undefined for `{locale: 'simple'}`, the order of bytes. @throws MongoError 2, 14, 40414, 40415. */
export function parseCollation(given: Document): CollationSpecification | undefined {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw locationError(40415, `BSON field 'collation.${name}' is an unknown field.`);
  }
  const { locale } = given;
  if (locale === undefined || locale === null) {
    throw locationError(40414, `BSON field 'collation.locale' is missing but a required field`);
  }
  if (typeof locale !== 'string') throw mismatch('locale', locale, 'string');
  if (locale === 'simple') {
    return undefined;
  }
  if (localeTag(locale) === undefined) {
    throw new MongoError('BadValue', `Field 'locale' is invalid in: ${shellText(given)}`);
  }
  const language = locale.split(/[_@]/)[0] ?? '';
  const specification: CollationSpecification = {
    locale,
    caseLevel: flag(given, 'caseLevel'),
    caseFirst: choice(
      given,
      'caseFirst',
      upperFirst.has(language) ? ['upper', 'off', 'lower'] : ['off', 'upper', 'lower'],
    ),
    strength: strengthOf(given['strength']),
    numericOrdering: flag(given, 'numericOrdering'),
    alternate: choice(
      given,
      'alternate',
      language === 'th' ? ['shifted', 'non-ignorable'] : ['non-ignorable', 'shifted'],
    ),
    maxVariable: choice(given, 'maxVariable', ['punct', 'space']),
    normalization: flag(given, 'normalization'),
    backwards: flag(given, 'backwards', locale.startsWith('fr_CA')),
    version: '57.1',
  };
  checkCombination(given, specification);
  return specification;
}

function checkCombination(given: Document, specification: CollationSpecification): void {
  const { backwards, caseFirst, caseLevel, strength } = specification;
  if (backwards && strength === 1) {
    throw new MongoError('BadValue', `'backwards' is invalid with 'strength' of 1 in: ${shellText(given)}`);
  }
  if (caseFirst !== 'off' && !caseLevel && strength < 3) {
    throw new MongoError(
      'BadValue',
      `'caseFirst' is invalid unless 'caseLevel' is on or 'strength' is greater than 2 in: ${shellText(given)}`,
    );
  }
}

/** Keywords of the collations that MongoDB offers, by the names that BCP 47 has for them. */
const collationKeywords: Readonly<Record<string, string>> = {
  big5han: 'big5han',
  compat: 'compat',
  dictionary: 'dict',
  eor: 'eor',
  phonebook: 'phonebk',
  phonetic: 'phonetic',
  pinyin: 'pinyin',
  reformed: 'reformed',
  search: 'search',
  searchjl: 'searchjl',
  stroke: 'stroke',
  traditional: 'trad',
  unihan: 'unihan',
  zhuyin: 'zhuyin',
};

/** The locale as Intl names it, undefined when this runtime has no data for it. */
export function localeTag(locale: string): string | undefined {
  const match =
    /^([a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_(?:[A-Z]{2}|[0-9]{3}))?(?:_POSIX)?)(?:@collation=([a-z0-9]+))?$/.exec(
      locale,
    );
  if (match === null) return undefined;
  const [, base = '', keyword] = match;
  const tag = base === 'en_US_POSIX' ? 'en-US-u-va-posix' : base.replaceAll('_', '-');
  const extension = keyword === undefined ? '' : collationKeywords[keyword];
  if (extension === undefined) return undefined;
  const whole = extension === '' ? tag : `${tag}-u-co-${extension}`;
  try {
    return Intl.Collator.supportedLocalesOf(whole).length === 1 ? whole : undefined;
  } catch {
    return undefined;
  }
}

function flag(given: Document, name: string, ifAbsent = false): boolean {
  const value = given[name];
  if (value === undefined || value === null) return ifAbsent;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw mismatch(name, value, 'bool');
  return number !== 0;
}

function choice<T extends string>(given: Document, name: string, choices: readonly [T, ...T[]]): T {
  const value = given[name];
  if (value === undefined || value === null) return choices[0];
  if (typeof value !== 'string') throw mismatch(name, value, 'string');
  const found = choices.find((item) => item === value);
  if (found !== undefined) return found;
  throw new MongoError(
    'BadValue',
    `Enumeration value '${value}' for field 'collation.${name}' is not a valid value.`,
  );
}

const strengths = [1, 2, 3, 4, 5] as const;

function strengthOf(value: unknown): CollationSpecification['strength'] {
  if (value === undefined || value === null) return 3;
  const number = numberOf(value);
  if (number === undefined) throw mismatch('strength', value, 'int');
  const found = strengths.find((strength) => strength === number);
  if (found !== undefined) return found;
  throw new MongoError(
    'BadValue',
    `Enumeration value '${number}' for field 'collation.strength' is not a valid value.`,
  );
}

function mismatch(name: string, value: unknown, expected: string): MongoError {
  return new MongoError(
    'TypeMismatch',
    `BSON field 'collation.${name}' is the wrong type '${typeNameOf(value)}', expected type '${expected}'`,
  );
}

/**
 * The order of strings in a language, computed by Intl.Collator (the Unicode collation algorithm with CLDR's tailorings,
 * which is also what MongoDB's ICU computes).
 */
import { compareValues } from '../bson/compare.ts';
import type { Document } from '../storage/contract.ts';
import { localeTag, parseCollation } from './specification.ts';
import type { CollationSpecification } from './specification.ts';

export interface Collation {
  readonly specification: CollationSpecification;
  compareText(left: string, right: string): number;
  /** MongoDB's order of all values, strings in them by this collation. */
  compare(left: unknown, right: unknown): number;
}

const collations = new Map<string, Collation>();

/** undefined for the simple collation. @throws MongoError as `parseCollation`. */
export function collationOf(given: Document): Collation | undefined {
  const specification = parseCollation(given);
  if (specification === undefined) return undefined;
  const key = JSON.stringify(specification);
  const known = collations.get(key);
  if (known !== undefined) return known;
  const compareText = textOrder(specification);
  const collation: Collation = {
    specification,
    compareText,
    compare: (left, right) => compareValues(left, right, compareText),
  };
  collations.set(key, collation);
  return collation;
}

export function sameCollation(left: Collation | undefined, right: Collation | undefined): boolean {
  return left === right;
}

type TextOrder = (left: string, right: string) => number;

/** Levels are compared one after the other where Intl has no sensitivity for the strength asked for. */
function textOrder(specification: CollationSpecification): TextOrder {
  const { alternate, backwards, caseLevel, maxVariable, strength } = specification;
  const levels: TextOrder[] = [];
  const add = (given: CollationSpecification, sensitivity: Sensitivity): void => {
    const { compare } = collator(given, sensitivity);
    levels.push((left, right) => compare(left, right));
  };
  if (backwards) levels.push(...backwardsLevels(specification));
  for (const sensitivity of sensitivities(strength, caseLevel)) add(specification, sensitivity);
  if (strength >= 4 && alternate === 'shifted') {
    add({ ...specification, alternate: 'non-ignorable' }, 'variant');
  }
  if (strength === 5) levels.push(byCodePoints);
  const order: TextOrder = (left, right) => {
    for (const level of levels) {
      const difference = level(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return alternate === 'shifted' && maxVariable === 'space'
    ? withoutSpaces(textOrder({ ...specification, alternate: 'non-ignorable' }), strength)
    : order;
}

/** French dictionaries compare accents from the end, where the letters are the same. */
function backwardsLevels(specification: CollationSpecification): TextOrder[] {
  const base = collator(specification, 'base');
  const accent = collator(specification, 'accent');
  const reversed = (text: string): string[] =>
    (text.normalize('NFD').match(/\P{M}\p{M}*/gu) ?? []).toReversed();
  return [
    (left, right) => base.compare(left, right),
    (left, right) => {
      const [a, b] = [reversed(left), reversed(right)];
      for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
        const difference = accent.compare(a[index] ?? '', b[index] ?? '');
        if (difference !== 0) return difference;
      }
      return 0;
    },
  ];
}

/** Spaces count only where the strength asks for what is otherwise ignored. */
function withoutSpaces(order: TextOrder, strength: number): TextOrder {
  const bare = (text: string): string => text.replaceAll(/[\t-\r \u2000-\u2006\u2008-\u200a\u3000]/g, '');
  return (left, right) => order(bare(left), bare(right)) || (strength >= 4 ? order(left, right) : 0);
}

function byCodePoints(left: string, right: string): number {
  const [a, b] = [left.normalize('NFD'), right.normalize('NFD')];
  return a < b ? -1 : a > b ? 1 : 0;
}

type Sensitivity = 'base' | 'accent' | 'case' | 'variant';

function sensitivities(strength: number, caseLevel: boolean): Sensitivity[] {
  if (strength === 1) return [caseLevel ? 'case' : 'base'];
  if (strength === 2) return caseLevel ? ['accent', 'case'] : ['accent'];
  return ['variant'];
}

function collator(specification: CollationSpecification, sensitivity: Sensitivity): Intl.Collator {
  const { alternate, caseFirst, locale, numericOrdering } = specification;
  // Canadian French of its own accord compares accents from the end, which is done elsewhere.
  return new Intl.Collator(localeTag(locale.replace(/^fr_CA/, 'fr')), {
    usage: 'sort',
    sensitivity,
    ignorePunctuation: alternate === 'shifted',
    numeric: numericOrdering,
    caseFirst: caseFirst === 'off' ? 'false' : caseFirst,
  });
}

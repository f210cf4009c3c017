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

/** Levels are compared one after the other where Intl has no sensitivity for the strength asked for. */
function textOrder(specification: CollationSpecification): (left: string, right: string) => number {
  const { caseLevel, strength } = specification;
  const levels = sensitivities(strength, caseLevel).map((sensitivity) =>
    collator(specification, sensitivity),
  );
  if (strength >= 4 && specification.alternate === 'shifted') {
    levels.push(collator({ ...specification, alternate: 'non-ignorable' }, 'variant'));
  }
  return (left, right) => {
    for (const level of levels) {
      const order = level.compare(left, right);
      if (order !== 0) return order;
    }
    if (strength < 5) return 0;
    const [a, b] = [left.normalize('NFD'), right.normalize('NFD')];
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

type Sensitivity = 'base' | 'accent' | 'case' | 'variant';

function sensitivities(strength: number, caseLevel: boolean): Sensitivity[] {
  if (strength === 1) return [caseLevel ? 'case' : 'base'];
  if (strength === 2) return caseLevel ? ['accent', 'case'] : ['accent'];
  return ['variant'];
}

function collator(specification: CollationSpecification, sensitivity: Sensitivity): Intl.Collator {
  const { alternate, caseFirst, locale, numericOrdering } = specification;
  return new Intl.Collator(localeTag(locale), {
    usage: 'sort',
    sensitivity,
    ignorePunctuation: alternate === 'shifted',
    numeric: numericOrdering,
    caseFirst: caseFirst === 'off' ? 'false' : caseFirst,
  });
}

/** Collations compare as MongoDB documents its options. */
import { describe, expect, it } from 'vitest';
import { collationOf } from './collation.ts';

function order(specification: Record<string, unknown>, left: string, right: string): number {
  return Math.sign(collationOf(specification)?.compareText(left, right) ?? Number.NaN);
}

describe('collations', () => {
  it.each([
    [{ locale: 'en', strength: 1 }, 'cafe', 'CAFÉ', 0],
    [{ locale: 'en', strength: 2 }, 'cafe', 'CAFE', 0],
    [{ locale: 'en', strength: 2 }, 'cafe', 'café', -1],
    [{ locale: 'en', strength: 3 }, 'a', 'A', -1],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'a', 'A', -1],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'a', 'ä', 0],
    [{ locale: 'en', strength: 2, caseLevel: true }, 'a', 'A', -1],
    [{ locale: 'en', caseFirst: 'upper' }, 'a', 'A', 1],
    [{ locale: 'en', numericOrdering: true }, 'v10', 'v9', 1],
    [{ locale: 'en' }, 'v10', 'v9', -1],
    [{ locale: 'en', alternate: 'shifted' }, 'black-bird', 'blackbird', 0],
    [{ locale: 'en', alternate: 'shifted', maxVariable: 'space' }, 'a b', 'ab', 0],
    [{ locale: 'en', alternate: 'shifted', maxVariable: 'space' }, 'a-b', 'ab', -1],
    [{ locale: 'sv' }, 'ö', 'z', 1],
    [{ locale: 'de' }, 'ö', 'z', -1],
    [{ locale: 'de@collation=phonebook' }, 'ä', 'ad', 1],
    [{ locale: 'fr', backwards: true }, 'coté', 'côte', 1],
    [{ locale: 'fr' }, 'coté', 'côte', -1],
    [{ locale: 'fr_CA' }, 'coté', 'côte', 1],
  ])('%j orders %s and %s as %i', (specification, left, right, expected) => {
    expect(order(specification, left, right)).toBe(expected);
  });

  it('fills in the defaults that listIndexes shows', () => {
    expect(collationOf({ locale: 'en', strength: 2 })?.specification).toEqual({
      locale: 'en',
      caseLevel: false,
      caseFirst: 'off',
      strength: 2,
      numericOrdering: false,
      alternate: 'non-ignorable',
      maxVariable: 'punct',
      normalization: false,
      backwards: false,
      version: '57.1',
    });
    expect(collationOf({ locale: 'simple' })).toBeUndefined();
  });

  it.each([
    [{}, 40414],
    [{ locale: 7 }, 14],
    [{ locale: 'klingon_place' }, 2],
    [{ locale: 'no_such_place' }, 2],
    [{ locale: 'EN' }, 2],
    [{ locale: 'en', strength: 9 }, 2],
    [{ locale: 'en', strength: '1' }, 14],
    [{ locale: 'en', caseFirst: 'sometimes' }, 2],
    [{ locale: 'en', nonsense: true }, 40415],
    [{ locale: 'en', strength: 1, backwards: true }, 2],
    [{ locale: 'en', strength: 1, caseFirst: 'upper' }, 2],
  ])('refuses %j with %i', (specification, code) => {
    expect(() => collationOf(specification)).toThrow(expect.objectContaining({ code }));
  });
});

/** Labels of an index sort as the collation sorts the strings they stand for, in whatever order they are seen. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeKey } from '../storage/key-encoding.ts';
import { collationOf } from './collation.ts';
import type { Collation } from './collation.ts';
import { TextLabels } from './text-labels.ts';

function collation(specification: Record<string, unknown>): Collation {
  const found = collationOf(specification);
  if (found === undefined) throw new TypeError('the simple collation has no labels');
  return found;
}

const texts = fc.array(fc.string({ unit: fc.constantFrom(...'aAbBäÄéeEoößsz019 -_'), maxLength: 6 }), {
  minLength: 2,
  maxLength: 20,
});

describe('labels of strings', () => {
  it.each([
    { locale: 'en', strength: 1 },
    { locale: 'en', strength: 2 },
    { locale: 'de', strength: 3 },
    { locale: 'sv', strength: 2, numericOrdering: true },
    { locale: 'fr_CA' },
    { locale: 'en', strength: 1, caseLevel: true },
    { locale: 'en', alternate: 'shifted', strength: 4 },
    { locale: 'en', strength: 5 },
  ])('keep the order of %j', (specification) => {
    const order = collation(specification);
    fc.assert(
      fc.property(texts, (given) => {
        const labels = new TextLabels(order);
        const keyOf = (text: string): string => encodeKey([labels.keep(text)], [1]);
        const keys = given.map(keyOf);
        const wrong = given.find((left, i) =>
          given.some((right, j) => {
            const [a = '', b = ''] = [keys[i], keys[j]];
            const byKey = a < b ? -1 : Number(a !== b);
            return byKey !== Math.sign(order.compareText(left, right));
          }),
        );
        expect(wrong).toBeUndefined();
        expect(given.map(keyOf)).toEqual(keys);
      }),
      { numRuns: 20 },
    );
  });

  it('find the place of a string that is not remembered', () => {
    const labels = new TextLabels(collation({ locale: 'en', strength: 1 }));
    const keyOf = (value: unknown): string => encodeKey([value], [1]);
    const [apple, cherry] = [keyOf(labels.keep('apple')), keyOf(labels.keep('Cherry'))];
    const banana = keyOf(labels.probe('banana'));
    expect(apple < banana && banana < cherry).toBe(true);
    expect(keyOf(labels.probe('APPLE'))).toBe(apple);
  });

  it('stay in order when many come one before the other and one behind the other', () => {
    const labels = new TextLabels(collation({ locale: 'en', numericOrdering: true }));
    const numbers = Array.from({ length: 400 }, (_, index) =>
      index % 2 === 0 ? 1000 + index : 1000 - index,
    );
    const keys = numbers.map((number) => encodeKey([labels.keep(`n${number}`)], [1]));
    const sorted = numbers.toSorted((a, b) => a - b).map((number) => keys[numbers.indexOf(number)] ?? '');
    expect(sorted).toEqual(sorted.toSorted());
  });
});

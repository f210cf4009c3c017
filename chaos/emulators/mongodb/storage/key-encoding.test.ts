import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../bson/compare.ts';
import { anyNumber, anyValue } from '../bson/testing/bson-arbitrary.ts';
import { aboveAll, emptyArray, encodeEntry, encodeKey, recordIdOf } from './key-encoding.ts';

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

describe('encodeKey', () => {
  it('orders keys as their values', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        const expected = Math.sign(compareValues(a, b)) + 0;
        expect(compareKeys(encodeKey([a], [1]), encodeKey([b], [1]))).toBe(expected);
        expect(compareKeys(encodeKey([b], [-1]), encodeKey([a], [-1]))).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('orders keys of numbers by their exact value', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (a, b) => {
        expect(compareKeys(encodeKey([a], [1]), encodeKey([b], [1]))).toBe(
          Math.sign(compareValues(a, b)) + 0,
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('orders keys of several fields field by field, each in its direction', () => {
    const direction = fc.constantFrom<1 | -1>(1, -1);
    fc.assert(
      fc.property(
        anyValue,
        anyValue,
        anyValue,
        anyValue,
        direction,
        direction,
        (a, b, c, d, first, second) => {
          const order = first * compareValues(a, c) || second * compareValues(b, d);
          const actual = compareKeys(encodeKey([a, b], [first, second]), encodeKey([c, d], [first, second]));
          expect(actual).toBe(Math.sign(order) + 0);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('lets no key begin another, and nothing that continues a key sort above its end mark', () => {
    const direction = fc.constantFrom<1 | -1>(1, -1);
    fc.assert(
      fc.property(anyValue, anyValue, direction, direction, (a, b, first, second) => {
        const [left, right] = [encodeKey([a], [first]), encodeKey([b], [first])];
        expect(left !== right && left.startsWith(right)).toBe(false);
        expect(encodeKey([a, b], [first, second]) < left + aboveAll).toBe(true);
        expect(encodeEntry([a], [first], 2 ** 39) < left + aboveAll).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('puts an empty array below null', () => {
    expect(encodeKey([emptyArray], [1]) < encodeKey([null], [1])).toBe(true);
    expect(encodeKey([emptyArray], [1]) > encodeKey([undefined], [-1])).toBe(false);
  });

  it('gives the record number back', () => {
    for (const recordId of [0, 1, 255, 256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1]) {
      expect(recordIdOf(encodeEntry(['x'], [1], recordId))).toBe(recordId);
    }
  });
});

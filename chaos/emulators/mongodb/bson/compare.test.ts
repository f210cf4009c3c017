import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, equalValues } from './compare.ts';
import { anyNumber, anyValue } from './testing/bson-arbitrary.ts';

/** Written down from the manual's "Comparison/Sort Order"; values in one inner list are equal. */
const orderedGroups: readonly (readonly unknown[])[] = [
  [new MinKey()],
  [null, undefined],
  [Number.NaN, new Double(Number.NaN), Decimal128.fromString('NaN')],
  [Number.NEGATIVE_INFINITY, Decimal128.fromString('-Infinity')],
  [Decimal128.fromString('-1E+400')],
  [-(2 ** 63), Long.MIN_VALUE],
  [Decimal128.fromString('-9007199254740992.5')],
  [-(2 ** 53), Long.fromBigInt(-(2n ** 53n))],
  [-1, new Double(-1), Long.fromInt(-1), Decimal128.fromString('-1.00')],
  [Decimal128.fromString('-1E-400')],
  [0, -0, new Double(0), Long.ZERO, Decimal128.fromString('-0'), Decimal128.fromString('0E+3')],
  [5e-324],
  [Decimal128.fromString('0.1')],
  [0.1],
  [0.5, Decimal128.fromString('0.50')],
  [1, Long.ONE, Decimal128.fromString('10E-1')],
  [2 ** 53, Long.fromBigInt(2n ** 53n)],
  [Long.fromBigInt(2n ** 53n + 1n), Decimal128.fromString('9007199254740993')],
  [Long.MAX_VALUE, Decimal128.fromString('9223372036854775807')],
  [2 ** 63],
  [Number.MAX_VALUE],
  [Decimal128.fromString('1E+400')],
  [Number.POSITIVE_INFINITY, Decimal128.fromString('Infinity')],
  [''],
  ['\0'],
  ['A'],
  ['a', new BSONSymbol('a')],
  ['a\0'],
  ['aa'],
  ['é'],
  ['\uffff'],
  ['\u{10000}'],
  [{}],
  [{ b: new MinKey() }],
  [{ b: 1 }, { b: new Double(1) }],
  [{ b: 1, a: 0 }],
  [{ b: 2 }],
  [{ c: 0 }],
  [{ a: 'x' }],
  [{ a: {} }],
  [[]],
  [[1]],
  [[1, 2]],
  [[2]],
  [['a']],
  [new Binary(Buffer.from([9]), 0)],
  [new Binary(Buffer.from([1]), 5)],
  [new Binary(Buffer.from([1, 1]), 0)],
  [new Binary(Buffer.from([1, 2]), 0)],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('ff0000000000000000000000')],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1)],
  [new Timestamp({ t: 0, i: 5 })],
  [new Timestamp({ t: 1, i: 0 })],
  [new Timestamp({ t: 0xffffffff, i: 0 })],
  [new BSONRegExp('a', ''), /a/],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('b', '')],
  [new Code('f')],
  [new Code('f', { a: 1 })],
  [new MaxKey()],
];

describe('compareValues', () => {
  it("puts values in the order of MongoDB's manual", () => {
    const flat = orderedGroups.flatMap((group, rank) => group.map((value) => ({ value, rank })));
    for (const a of flat) {
      for (const b of flat) {
        const actual = Math.sign(compareValues(a.value, b.value));
        expect({ a: a.value, b: b.value, order: actual }).toEqual({
          a: a.value,
          b: b.value,
          order: Math.sign(a.rank - b.rank) + 0,
        });
      }
    }
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
        expect(equalValues(a, a)).toBe(true);
        const isChain = compareValues(a, b) <= 0 && compareValues(b, c) <= 0;
        expect(isChain && compareValues(a, c) > 0).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('orders numbers transitively over their types', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 3, maxLength: 8 }), (values) => {
        const sorted = values.toSorted(compareValues);
        for (let i = 0; i < sorted.length; i += 1) {
          for (let j = i; j < sorted.length; j += 1) {
            expect(compareValues(sorted[i], sorted[j])).toBeLessThanOrEqual(0);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('compares strings by their UTF-8 bytes', () => {
    const anyText = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a field called _bsontype for a field', () => {
    expect(equalValues({ _bsontype: 'ObjectId' }, { _bsontype: 'ObjectId' })).toBe(true);
    expect(compareValues({ _bsontype: 'MaxKey' }, 'text')).toBeGreaterThan(0);
    expect(compareValues({ _bsontype: 'MaxKey' }, [])).toBeLessThan(0);
  });
});

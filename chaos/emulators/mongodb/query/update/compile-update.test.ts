/** Updates of literal documents: every operator, positional paths, what is refused and by which code. */
import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { encodeDocument } from '../../bson/encode.ts';
import { stillClock } from './still-clock.ts';
import type { Document } from '../../storage/contract.ts';
import { compileUpdate } from './compile-update.ts';

interface Options {
  readonly arrayFilters?: readonly unknown[];
  readonly arrayIndex?: number;
  readonly isInsert?: boolean;
}

function updated(document: Document, update: unknown, options: Options = {}): Document {
  const before = encodeDocument(document);
  const { arrayFilters = [], arrayIndex, isInsert = false } = options;
  const result = compileUpdate(update, arrayFilters, {}).apply(document, {
    clock: stillClock,
    isInsert,
    arrayIndex,
  });
  expect(encodeDocument(document)).toEqual(before);
  return result;
}

describe('updates', () => {
  it.each<[Document, Document, Document]>([
    [{ a: 1 }, { $set: { 'b.c': 2, 'd.0': 1 } }, { a: 1, b: { c: 2 }, d: { '0': 1 } }],
    [{ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
    [{ a: 1, b: 2 }, { $unset: { a: '', 'b.c': '' } }, { b: 2 }],
    [{ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    [{ a: 1 }, { $inc: { a: 2, b: 3 } }, { a: 3, b: 3 }],
    [{ a: 2 }, { $mul: { a: 4, b: 2 } }, { a: 8, b: 0 }],
    [{ a: 5 }, { $min: { a: 3, b: 1 }, $max: { c: 2 } }, { a: 3, b: 1, c: 2 }],
    [{ a: 1 }, { $max: { a: 'text' } }, { a: 'text' }],
    [{ a: 1, b: 2 }, { $rename: { a: 'c.d' } }, { b: 2, c: { d: 1 } }],
    [{ a: 12 }, { $bit: { a: { and: 10 }, b: { or: 1 } } }, { a: 8, b: 1 }],
    [{ a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
    [{ a: [3, 1] }, { $push: { a: { $each: [2, 5], $sort: 1, $slice: -3 } } }, { a: [2, 3, 5] }],
    [{ a: [1] }, { $push: { a: { $each: [8, 9], $position: 0 } } }, { a: [8, 9, 1] }],
    [
      { a: [{ n: 2 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 2 }] },
    ],
    [{ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [{ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
    [{ a: [1, 5, 9] }, { $pull: { a: { $gt: 4 } } }, { a: [1] }],
    [
      { a: [{ b: 1 }, { b: 5 }, { b: 9 }] },
      { $pull: { a: { $or: [{ b: 1 }, { b: 9 }] } } },
      { a: [{ b: 5 }] },
    ],
    [{ a: [{ b: 1, c: 1 }, { b: 2 }] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }] }],
    [{ a: [1, 2, 1] }, { $pullAll: { a: [1] } }, { a: [2] }],
    [{ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
    [{ a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  ])('of %j by %j gives %j', (document, update, expected) => {
    expect(updated(document, update)).toEqual(expected);
  });

  it('keeps and widens number types', () => {
    const after = updated(
      {
        int: 2_147_483_647,
        long: Long.fromNumber(1),
        double: new Double(1),
        decimal: Decimal128.fromString('0.1'),
      },
      { $inc: { int: 1, long: 1, double: 1, decimal: 0.2 } },
    );
    expect(after).toEqual({
      int: Long.fromNumber(2_147_483_648),
      long: Long.fromNumber(2),
      double: new Double(2),
      decimal: Decimal128.fromString('0.300000000000000'),
    });
    expect(() => updated({ a: Long.MAX_VALUE }, { $inc: { a: 1 } })).toThrow(
      expect.objectContaining({ code: 2 }),
    );
  });

  it('follows positional paths', () => {
    const document = { a: [{ b: 1 }, { b: 2 }, { b: 3 }] };
    expect(updated(document, { $set: { 'a.$.b': 9 } }, { arrayIndex: 1 })).toEqual({
      a: [{ b: 1 }, { b: 9 }, { b: 3 }],
    });
    expect(updated(document, { $inc: { 'a.$[].b': 1 } })).toEqual({ a: [{ b: 2 }, { b: 3 }, { b: 4 }] });
    expect(
      updated(document, { $set: { 'a.$[big].b': 0 } }, { arrayFilters: [{ 'big.b': { $gte: 2 } }] }),
    ).toEqual({
      a: [{ b: 1 }, { b: 0 }, { b: 0 }],
    });
  });

  it('runs pipelines over one document', () => {
    expect(
      updated({ _id: 1, a: 2, b: { c: 1 } }, [
        { $set: { sum: { $add: ['$a', '$b.c'] }, 'b.d': '$a' } },
        { $unset: 'a' },
      ]),
    ).toEqual({
      _id: 1,
      b: { c: 1, d: 2 },
      sum: 3,
    });
  });

  it.each<[Document, unknown, Document]>([
    [{ _id: 1, a: { b: 2 } }, [{ $replaceRoot: { newRoot: '$a' } }], { _id: 1, b: 2 }],
    [{ _id: 1, a: 2 }, [{ $project: { _id: 0, a: 1 } }], { _id: 1, a: 2 }],
    [
      { _id: 1, a: new Double(2), b: Long.fromNumber(3) },
      [{ $set: { c: { $ifNull: ['$a', 0] }, d: { $cond: [true, '$b', 0] } } }],
      { _id: 1, a: new Double(2), b: Long.fromNumber(3), c: new Double(2), d: Long.fromNumber(3) },
    ],
    [
      { _id: 1, a: Decimal128.fromString('0.1') },
      [{ $set: { s: { $sum: ['$a', Decimal128.fromString('0.2')] } } }],
      { _id: 1, a: Decimal128.fromString('0.1'), s: Decimal128.fromString('0.3') },
    ],
  ])('of %j by the pipeline %j keeps its id and types', (document, update, expected) => {
    expect(encodeDocument(updated(document, update))).toEqual(encodeDocument(expected));
  });

  it('keeps the place of fields that are numbers', () => {
    expect(encodeDocument(updated({ b: 1 }, { $set: { '1': 1 } }))).toEqual(
      encodeDocument(
        new Map([
          ['b', 1],
          ['1', 1],
        ]),
      ),
    );
  });

  it('adds new fields in the order of their names, numbers by value', () => {
    expect(Object.keys(updated({ z: 1 }, { $set: { c: 1, a: 1, b: 1 } }))).toEqual(['z', 'a', 'b', 'c']);
  });

  it.each<[Document, unknown, number]>([
    [{}, { $foo: { a: 1 } }, 9],
    [{}, { $set: 5 }, 9],
    [{}, { $set: { a: 1, 'a.b': 2 } }, 40],
    [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    [{}, { $set: { '': 1 } }, 56],
    [{}, { $set: { 'a..b': 1 } }, 56],
    [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
    [{ a: [1] }, { $set: { 'a.b': 1 } }, 28],
    [{ _id: 1 }, { $set: { _id: 2 } }, 66],
    [{ _id: 1 }, { _id: 2, a: 1 }, 66],
    [{ a: 'x' }, { $inc: { a: 1 } }, 14],
    [{}, { $inc: { a: 'x' } }, 14],
    [{ a: 1 }, { $push: { a: 1 } }, 2],
    [{ a: 1 }, { $pop: { a: 1 } }, 14],
    [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
    [{ a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
    [{}, [{ $match: {} }], 72],
    [{ _id: 1 }, { a: 1, $set: { b: 1 } }, 52],
    [{ a: 1 }, { $set: { $b: 1 } }, 52],
    [{ a: [1] }, { $addToSet: { a: { $each: [1], $slice: 1 } } }, 2],
    [{ a: 1 }, { $pop: { 'a.b': 1 } }, 28],
    [{ a: null }, { $bit: { a: { or: 1 } } }, 2],
    [{ a: 1 }, { $rename: { a: '_id' } }, 66],
    [{ a: [[1]] }, { $set: { 'a.$.$': 1 } }, 2],
  ])('refuses to change %j by %j with %i', (document, update, code) => {
    expect(() => updated(document, update)).toThrow(expect.objectContaining({ code }));
  });
});

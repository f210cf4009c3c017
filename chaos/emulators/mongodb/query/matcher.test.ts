/** Filters against literal documents, where MongoDB's semantics and JavaScript's part. */
import { BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import type { Document } from '../storage/contract.ts';
import { compileFilter } from './matcher.ts';
import type { MatchDetails } from './predicate.ts';

const matches = (filter: Document, document: Document) => compileFilter(filter)(document);

describe('filters', () => {
  it.each<[Document, Document]>([
    [{ a: null }, {}],
    [{ a: null }, { a: null }],
    [{ a: 1 }, { a: [0, 1] }],
    [{ a: [0, 1] }, { a: [0, 1] }],
    [{ a: [0, 1] }, { a: [[0, 1], 5] }],
    [{ a: 1 }, { a: Long.fromNumber(1) }],
    [{ a: 1 }, { a: Decimal128.fromString('1.0') }],
    [{ a: Number.NaN }, { a: Number.NaN }],
    [{ a: { $gte: Number.NaN } }, { a: Number.NaN }],
    [{ a: { b: 1 } }, { a: { b: new Double(1) } }],
    [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }],
    [{ 'a.1.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }],
    [{ 'a.0': 1 }, { a: [[1, 2]] }],
    [{ 'a.b': null }, { a: 5 }],
    [{ 'a.b': { $exists: false } }, { a: [] }],
    [{ a: { $gt: 1, $lt: 5 } }, { a: [0, 9] }],
    [{ a: { $ne: 1 } }, {}],
    [{ a: { $nin: [1, null] } }, { a: 2 }],
    [{ a: { $in: [/^x/, null] } }, { a: 'xyz' }],
    [{ a: { $in: [null] } }, {}],
    [{ a: { $not: { $gt: 1 } } }, { a: 'text' }],
    [{ a: /B/i }, { a: 'abc' }],
    [{ a: { $regex: 'a b', $options: 'x' } }, { a: 'ab' }],
    [{ a: new BSONRegExp('^a', 'm') }, { a: 'x\nab' }],
    [{ a: { $type: 'number' } }, { a: Long.fromNumber(3) }],
    [{ a: { $type: ['string', 8] } }, { a: [true] }],
    [{ a: { $type: 'array' } }, { a: [1] }],
    [{ a: { $size: 2 } }, { a: [1, 2] }],
    [{ a: { $all: [1, 2] } }, { a: [2, 1, 3] }],
    [{ a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } }, { a: [{ b: 1 }, { b: 2 }] }],
    [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, { a: [0, 3] }],
    [
      { a: { $elemMatch: { b: 1, c: { $gt: 1 } } } },
      {
        a: [
          { b: 1, c: 1 },
          { b: 1, c: 2 },
        ],
      },
    ],
    [{ a: { $mod: [4, 1] } }, { a: 5.9 }],
    [{ a: { $bitsAllSet: [0, 2] } }, { a: 5 }],
    [{ a: { $bitsAnyClear: 1 } }, { a: -2 }],
    [{ a: { $lt: new MaxKey() } }, { a: 'anything' }],
    [{ a: { $gt: new MinKey() } }, { a: null }],
    [
      { $and: [{ a: 1 }, { $or: [{ b: 1 }, { b: 2 }] }], $nor: [{ c: 1 }] },
      { a: 1, b: 2 },
    ],
    [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }],
    [{ $expr: { $eq: ['$a', 1] } }, { a: Long.fromNumber(1) }],
    [{ constructor: null }, {}],
    [{ a: { $elemMatch: { $ref: 'x', $id: 1 } } }, { a: [{ $ref: 'x', $id: 1 }] }],
    [{ 'a.$id': 1 }, { a: { $ref: 'x', $id: 1 } }],
    [{ a: /x$/ }, { a: 'x\n' }],
    [{ a: { $regex: '\\A[[:alpha:]]+\\z' } }, { a: 'abc' }],
    [{ a: { $regex: '^\\Qa+b\\E' } }, { a: 'a+b' }],
    [{ a: { $mod: [2, 1] } }, { a: Long.MAX_VALUE }],
    [{ a: { $bitsAllSet: Long.MAX_VALUE } }, { a: Long.MAX_VALUE }],
  ])('%j matches %j', (filter, document) => {
    expect(matches(filter, document)).toBe(true);
  });

  it.each<[Document, Document]>([
    [{ a: null }, { a: 0 }],
    [{ 'a.b': null }, { a: [1, 2] }],
    [{ a: 1 }, { a: '1' }],
    [{ a: 1 }, { a: true }],
    [{ a: { $gt: 5 } }, { a: 'text' }],
    [{ a: { $gte: null } }, { a: 1 }],
    [{ a: { $lt: 5 } }, { a: Number.NaN }],
    [{ a: { $lt: 5 } }, {}],
    [{ a: { $gt: 1 } }, { a: [] }],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }],
    [{ a: { $ne: 1 } }, { a: [0, 1] }],
    [{ a: { $not: /x/ } }, { a: ['x', 'y'] }],
    [{ a: { $size: 1 } }, { a: 1 }],
    [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, { a: [0, 9] }],
    [{ a: { $elemMatch: { $gt: 1 } } }, { a: 3 }],
    [{ a: { $all: [] } }, { a: [] }],
    [{ a: { $type: 'object' } }, { a: [1] }],
    [{ 'a.b.c': 1 }, { a: [[{ b: { c: 1 } }]] }],
    [{ $or: [{ a: 1 }, { b: 1 }] }, { c: 1 }],
  ])('%j does not match %j', (filter, document) => {
    expect(matches(filter, document)).toBe(false);
  });

  it.each<[Document, number]>([
    [{ a: { $foo: 1 } }, 2],
    [{ $foo: 1 }, 2],
    [{ $or: [] }, 2],
    [{ a: { $in: 1 } }, 2],
    [{ a: { $regex: '(' } }, 51091],
    [{ a: { $regex: 'a', $options: 'q' } }, 51108],
    [{ $expr: { $foo: 1 } }, 168],
    [{ $where: 'true' }, 2],
    [{ a: { $all: [{ $elemMatch: { b: 1 } }, 1] } }, 2],
    [{ a: { $mod: [Number.POSITIVE_INFINITY, 1] } }, 2],
    [{ a: { $bitsAllSet: 1.5 } }, 9],
    [{ a: { $size: 2 ** 40 } }, 2],
    [{ a: { $elemMatch: { $expr: true } } }, 2],
    [{ a: { $type: null } }, 14],
    [{ a: { $near: 'here' } }, 2],
  ])('%j is refused with %i', (filter, code) => {
    expect(() => compileFilter(filter)).toThrow(expect.objectContaining({ code }));
  });

  it('tells which element of an array matched', () => {
    const details: MatchDetails = {};
    compileFilter({ 'a.b': 2 })({ a: [{ b: 1 }, { b: 2 }] }, details);
    expect(details.arrayIndex).toBe(1);
    compileFilter({ a: { $elemMatch: { $gt: 5 } } })({ a: [1, 2, 9] }, details);
    expect(details.arrayIndex).toBe(2);
  });

  it('compares ObjectIds by their bytes', () => {
    const [low, high] = [new ObjectId('000000000000000000000001'), new ObjectId('000000000000000000000002')];
    expect(matches({ a: { $gt: low } }, { a: high })).toBe(true);
    expect(matches({ a: low }, { a: new ObjectId(low.toHexString()) })).toBe(true);
  });
});

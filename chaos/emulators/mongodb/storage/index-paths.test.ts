import { describe, expect, it } from 'vitest';
import { encodeDocument } from '../bson/encode.ts';
import { indexedValues, parsePath } from './index-paths.ts';
import { emptyArray } from './key-encoding.ts';

function values(document: object, ...paths: string[]): readonly (readonly unknown[])[] {
  return indexedValues(encodeDocument(document), paths.map(parsePath)).tuples;
}

describe('indexedValues', () => {
  it('takes scalars, embedded documents and missing fields as they are', () => {
    expect(values({ a: 1, b: { c: 'x', d: { e: null } } }, 'a', 'b.c', 'b.d', 'b.d.e', 'z', 'a.z')).toEqual([
      [1, 'x', { e: null }, null, undefined, undefined],
    ]);
  });

  it('gives one tuple for each element of an array', () => {
    expect(values({ a: [1, 2] }, 'a')).toEqual([[1], [2]]);
    expect(values({ a: [1, 2], b: 'x' }, 'b', 'a')).toEqual([
      ['x', 1],
      ['x', 2],
    ]);
  });

  it('follows a path through the documents of an array, all fields of one element together', () => {
    const document = { a: [{ b: 1, c: 10 }, { b: 2 }, 5] };
    expect(values(document, 'a.b', 'a.c')).toEqual([
      [1, 10],
      [2, undefined],
      [undefined, undefined],
    ]);
    expect(values({ a: [{ b: [1, 2] }, { b: 3 }] }, 'a.b')).toEqual([[1], [2], [3]]);
  });

  it('keeps an array inside of an array as one value', () => {
    expect(values({ a: [[1, 2], [3]] }, 'a')).toEqual([[[1, 2]], [[3]]]);
    expect(values({ a: [[{ b: 1 }]] }, 'a.b')).toEqual([[undefined]]);
  });

  it('gives an empty array a place of its own, and nothing below it', () => {
    expect(values({ a: [] }, 'a')).toEqual([[emptyArray]]);
    expect(values({ a: [] }, 'a.b')).toEqual([[undefined]]);
    expect(values({ a: [], b: 1 }, 'b', 'a')).toEqual([[1, emptyArray]]);
  });

  it('takes a number in a path for a position in an array', () => {
    expect(values({ a: [5, 6] }, 'a.1')).toEqual([[6]]);
    expect(values({ a: [{ b: 1 }, { b: 2 }] }, 'a.1.b')).toEqual([[2]]);
    expect(values({ a: [5] }, 'a.3')).toEqual([[undefined]]);
    expect(values({ a: { '1': 'x' } }, 'a.1')).toEqual([['x']]);
  });

  it('refuses arrays side by side', () => {
    expect(() => values({ a: [1], b: [2] }, 'a', 'b')).toThrow('cannot index parallel arrays [b] [a]');
    expect(() => values({ a: [{ b: [1], c: [2] }] }, 'a.b', 'a.c')).toThrow('cannot index parallel arrays');
  });

  it('says whether an array was on the way', () => {
    expect(indexedValues(encodeDocument({ a: 1 }), [parsePath('a')]).isMultikey).toBe(false);
    expect(indexedValues(encodeDocument({ a: [1] }), [parsePath('a')]).isMultikey).toBe(true);
  });
});

/** Projections and sorts of literal documents. */
import { describe, expect, it } from 'vitest';
import type { Document } from '../storage/contract.ts';
import { compileProjection } from './projection.ts';
import { compileSort, sortDocuments } from './sort.ts';

const projected = (specification: Document, document: Document, arrayIndex?: number) =>
  compileProjection(specification, {}).apply(document, arrayIndex);

describe('projections', () => {
  const document = {
    _id: 1,
    a: 1,
    b: { c: 2, d: 3 },
    l: [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ],
  };

  it.each<[Document, Document]>([
    [{ a: 1 }, { _id: 1, a: 1 }],
    [{ a: 1, _id: 0 }, { a: 1 }],
    [{ _id: 1 }, { _id: 1 }],
    [{ 'b.c': 1, _id: 0 }, { b: { c: 2 } }],
    [{ b: { d: 1 }, _id: 0 }, { b: { d: 3 } }],
    [{ 'l.x': 1, _id: 0 }, { l: [{ x: 1 }, { x: 2 }] }],
    [
      { b: 0, l: 0 },
      { _id: 1, a: 1 },
    ],
    [
      { 'b.c': 0, l: 0, _id: 0 },
      { a: 1, b: { d: 3 } },
    ],
    [
      { _id: 0 },
      {
        a: 1,
        b: { c: 2, d: 3 },
        l: [
          { x: 1, y: 1 },
          { x: 2, y: 2 },
        ],
      },
    ],
    [
      { l: { $slice: -1 }, a: 0, b: 0 },
      { _id: 1, l: [{ x: 2, y: 2 }] },
    ],
    [{ l: { $elemMatch: { x: 2 } } }, { _id: 1, l: [{ x: 2, y: 2 }] }],
    [{ _id: 0, sum: { $add: ['$a', '$b.c'] } }, { sum: 3 }],
    [{ missing: 1, _id: 0 }, {}],
  ])('%j', (specification, expected) => {
    expect(projected(specification, document)).toEqual(expected);
  });

  it('shows the element that matched', () => {
    expect(projected({ 'l.$': 1, _id: 0 }, document, 1)).toEqual({ l: [{ x: 2, y: 2 }] });
  });

  it.each<[Document, number]>([
    [{ a: 1, b: 0 }, 31254],
    [{ a: 0, b: 1 }, 31253],
    [{ a: 1, 'a.b': 1 }, 31249],
    [{ '': 1 }, 40352],
  ])('%j is refused with %i', (specification, code) => {
    expect(() => projected(specification, document)).toThrow(expect.objectContaining({ code }));
  });
});

describe('sorts', () => {
  const order = (specification: Document, values: readonly unknown[]) =>
    sortDocuments(values, compileSort(specification), (a) => ({ a }));

  it('orders types, and arrays by their least or greatest element', () => {
    const values = ['x', 5, null, [9, 1], { b: 1 }, true, []];
    expect(order({ a: 1 }, values)).toEqual([[], null, [9, 1], 5, 'x', { b: 1 }, true]);
    expect(order({ a: -1 }, values)).toEqual([true, { b: 1 }, 'x', [9, 1], 5, null, []]);
  });
});

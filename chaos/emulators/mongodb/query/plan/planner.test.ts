/** Which index a query takes, and which ranges of it. */
import { describe, expect, it } from 'vitest';
import type { CollectionInfo, Document, IndexSpec } from '../../storage/contract.ts';
import { compileSort } from '../sort.ts';
import { planQuery } from './planner.ts';
import type { Plan } from './planner.ts';

const plain = { unique: false, sparse: false };
const idIndex: IndexSpec = { name: '_id_', key: { _id: 1 }, unique: true, sparse: false };

function planned(
  filter: Document,
  indexes: readonly IndexSpec[],
  options: { sort?: Document; hint?: unknown; multikey?: string[] } = {},
): Plan {
  const collection: CollectionInfo = {
    namespace: 't.c',
    uuid: new Uint8Array(16),
    options: {},
    indexes: [idIndex, ...indexes],
    multikey: options.multikey ?? [],
  };
  const sort = options.sort === undefined ? undefined : compileSort(options.sort);
  return planQuery({
    filter,
    sort,
    hint: options.hint,
    collation: undefined,
    min: undefined,
    max: undefined,
    options: () => collection.options,
    collection: () => collection,
  });
}

const ab: IndexSpec = { name: 'a_b', key: { a: 1, b: -1 }, ...plain };

describe('the planner', () => {
  it('finds by _id without an index scan', () => {
    expect(planned({ _id: 5 }, [ab])).toEqual({ kind: 'id', id: 5 });
    expect(planned({ _id: { $in: [2, 1] } }, [])).toMatchObject({
      kind: 'index',
      ranges: [
        { lower: [1], upper: [1] },
        { lower: [2], upper: [2] },
      ],
    });
  });

  it('takes points of leading fields and a range of the next', () => {
    expect(planned({ a: 1, b: { $gt: 2, $lte: 9 } }, [ab])).toMatchObject({
      kind: 'index',
      ranges: [{ lower: [1, 2], lowerInclusive: false, upper: [1, 9], upperInclusive: true }],
    });
    expect(planned({ b: 1 }, [ab])).toMatchObject({ kind: 'collection' });
  });

  it('keeps one bound only where a document may have several entries', () => {
    const plan = planned({ a: { $gt: 1, $lt: 5 } }, [ab], { multikey: ['a_b'] });
    expect(plan).toMatchObject({
      kind: 'index',
      ranges: [{ lower: [1], upper: [Number.POSITIVE_INFINITY] }],
    });
  });

  it('gives the order where it can, in either direction', () => {
    expect(planned({ a: 1 }, [ab], { sort: { b: -1 } })).toMatchObject({
      providesSort: true,
      ranges: [{ reverse: false }],
    });
    expect(planned({ a: 1 }, [ab], { sort: { b: 1 } })).toMatchObject({
      providesSort: true,
      ranges: [{ reverse: true }],
    });
    expect(planned({}, [ab], { sort: { a: -1, b: 1 } })).toMatchObject({
      providesSort: true,
      ranges: [{ reverse: true }],
    });
    expect(planned({}, [ab], { sort: { a: 1, b: 1 } })).toMatchObject({ kind: 'collection' });
    expect(planned({ a: { $in: [1, 2] } }, [ab], { sort: { b: 1 } })).toMatchObject({
      kind: 'index',
      providesSort: false,
    });
  });

  it('leaves indexes alone that lack documents the filter may match', () => {
    const sparse: IndexSpec = { name: 's', key: { a: 1 }, unique: false, sparse: true };
    expect(planned({ a: null }, [sparse])).toMatchObject({ kind: 'collection' });
    expect(planned({ a: 1 }, [sparse])).toMatchObject({ kind: 'index' });
    const partial: IndexSpec = {
      name: 'p',
      key: { a: 1 },
      ...plain,
      partialFilterExpression: { b: { $gt: 5 } },
    };
    expect(planned({ a: 1 }, [partial])).toMatchObject({ kind: 'collection' });
    expect(planned({ a: 1, b: 3 }, [partial])).toMatchObject({ kind: 'collection' });
    expect(planned({ a: 1, b: { $gt: 7 } }, [partial])).toMatchObject({ kind: 'index' });
  });

  it('obeys hints, and refuses those that name nothing', () => {
    expect(planned({ _id: 5 }, [ab], { hint: 'a_b' })).toMatchObject({
      kind: 'index',
      index: { name: 'a_b' },
    });
    expect(planned({ a: 1 }, [ab], { hint: { $natural: -1 } })).toEqual({
      kind: 'collection',
      reverse: true,
      providesSort: true,
    });
    expect(() => planned({}, [ab], { hint: { a: 1 } })).toThrow(expect.objectContaining({ code: 2 }));
  });
});

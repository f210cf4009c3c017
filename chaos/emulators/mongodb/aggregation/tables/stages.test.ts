/** Stages, accumulators and window functions: types, order, null and missing. */
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../query/matcher.ts';
import type { Document } from '../../storage/contract.ts';
import { accumulators } from '../accumulators/registry.ts';
import { aggregate, date, decimal, double, shown, long } from './table.ts';

type StageRow = readonly [stage: unknown, input: readonly Document[], output: readonly unknown[]];

function itMakes(rows: readonly StageRow[]): void {
  it.each(rows.map((row) => [JSON.stringify(row[0]), row] as const))('%s', (_, [stage, input, output]) => {
    expect(shown(aggregate(Array.isArray(stage) ? stage : [stage], input))).toBe(shown(output));
  });
}

describe('$group', () => {
  itMakes([
    [
      { $group: { _id: '$k', n: { $sum: '$v' } } },
      [
        { k: 1, v: long(2) },
        { k: double(1), v: 3 },
      ],
      [{ _id: 1, n: long(5) }],
    ],
    [
      { $group: { _id: '$k', n: { $sum: '$v' } } },
      [{ v: decimal('0.1') }, { k: null, v: decimal('0.2') }],
      [{ _id: null, n: decimal('0.3') }],
    ],
    [{ $group: { _id: null, a: { $avg: '$v' } } }, [{ v: 1 }, { v: 2 }, {}], [{ _id: null, a: 1.5 }]],
    [
      { $group: { _id: null, a: { $push: '$v' } } },
      [{ v: 1 }, {}, { v: null }],
      [{ _id: null, a: [1, null] }],
    ],
    [
      { $group: { _id: null, a: { $addToSet: '$v' } } },
      [{ v: 1 }, {}, { v: double(1) }],
      [{ _id: null, a: [1] }],
    ],
    [
      { $group: { _id: null, a: { $first: '$v' }, b: { $last: '$v' } } },
      [{}, { v: 2 }],
      [{ _id: null, a: null, b: 2 }],
    ],
    [
      { $group: { _id: null, a: { $max: '$v' }, b: { $min: '$v' } } },
      [{ v: null }, {}],
      [{ _id: null, a: null, b: null }],
    ],
    [
      { $group: { _id: null, a: { $top: { sortBy: { v: -1 }, output: '$v' } } } },
      [{ v: 1 }, { v: 3 }],
      [{ _id: null, a: 3 }],
    ],
    [
      { $group: { _id: null, a: { $bottomN: { n: 2, sortBy: { v: 1 }, output: '$v' } } } },
      [{ v: 3 }, { v: 1 }, { v: 2 }],
      [{ _id: null, a: [2, 3] }],
    ],
    [{ $group: { _id: null, n: { $count: {} } } }, [{}, {}], [{ _id: null, n: 2 }]],
    [
      { $group: { _id: null, m: { $median: { input: '$v', method: 'approximate' } } } },
      [{ v: 5 }, { v: 1 }],
      [{ _id: null, m: double(1) }],
    ],
  ]);

  it('has a table row or a test for each accumulator that it takes', () => {
    expect(Object.keys(accumulators).length).toBe(24);
  });
});

describe('reshaping', () => {
  itMakes([
    [{ $set: { 'a.b': 1 } }, [{ a: [{ c: 1 }, 5] }], [{ a: [{ c: 1, b: 1 }, { b: 1 }] }]],
    [{ $set: { a: '$nothing' } }, [{ a: 1, b: double(2) }], [{ b: double(2) }]],
    [
      { $addFields: { c: { $ifNull: ['$a', 0] } } },
      [{ a: double(1), b: long(2) }],
      [{ a: double(1), b: long(2), c: double(1) }],
    ],
    [{ $project: { a: 1, c: '$b' } }, [{ _id: 1, b: 2, a: long(1) }], [{ _id: 1, a: long(1), c: 2 }]],
    [{ $project: { '_id.x': 1 } }, [{ _id: { x: 1, y: 2 } }], [{ _id: { x: 1 } }]],
    [{ $unset: ['a.b', 'c'] }, [{ a: [{ b: 1, d: 1 }], c: 1 }], [{ a: [{ d: 1 }] }]],
    [{ $replaceWith: '$a' }, [{ a: { b: 1 } }], [{ b: 1 }]],
    [
      { $unwind: { path: '$a', includeArrayIndex: 'i' } },
      [{ a: [7, 8] }],
      [
        { a: 7, i: long(0) },
        { a: 8, i: long(1) },
      ],
    ],
    [
      { $unwind: { path: '$a', preserveNullAndEmptyArrays: true } },
      [{ a: [] }, { a: null }, {}, { a: 5 }],
      [{}, { a: null }, {}, { a: 5 }],
    ],
    [
      { $redact: { $cond: ['$open', '$$DESCEND', '$$PRUNE'] } },
      [{ open: 1, a: { open: 0 }, b: [{ open: 1, c: 2 }] }],
      [{ open: 1, b: [{ open: 1, c: 2 }] }],
    ],
  ]);
});

describe('buckets', () => {
  itMakes([
    [
      { $bucket: { groupBy: '$v', boundaries: [0, 10, 20], default: 'other' } },
      [{ v: 5 }, { v: 10 }, { v: 99 }],
      [
        { _id: 0, count: 1 },
        { _id: 10, count: 1 },
        { _id: 'other', count: 1 },
      ],
    ],
    [
      { $bucketAuto: { groupBy: '$v', buckets: 2 } },
      [{ v: 1 }, { v: 2 }, { v: 3 }, { v: 4 }],
      [
        { _id: { min: 1, max: 3 }, count: 2 },
        { _id: { min: 3, max: 4 }, count: 2 },
      ],
    ],
    [
      { $sortByCount: '$v' },
      [{ v: 'a' }, { v: 'b' }, { v: 'b' }],
      [
        { _id: 'b', count: 2 },
        { _id: 'a', count: 1 },
      ],
    ],
  ]);
});

describe('windows', () => {
  const rows = [
    { k: 'a', t: 1, v: 10 },
    { k: 'a', t: 2, v: 20 },
    { k: 'b', t: 1, v: 5 },
  ];
  const over = (output: unknown, sortBy: unknown = { t: 1 }): unknown[] =>
    aggregate([{ $setWindowFields: { partitionBy: '$k', sortBy, output: { r: output } } }], rows).map(
      ({ r }) => r,
    );

  it.each<[unknown, readonly unknown[]]>([
    [{ $sum: '$v', window: { documents: ['unbounded', 'current'] } }, [10, 30, 5]],
    [{ $avg: '$v', window: { documents: [-1, 0] } }, [double(10), double(15), double(5)]],
    [{ $sum: '$v', window: { range: [-1, 0] } }, [10, 30, 5]],
    [{ $documentNumber: {} }, [1, 2, 1]],
    [{ $rank: {} }, [1, 2, 1]],
    [{ $shift: { output: '$v', by: -1, default: 'none' } }, ['none', 10, 'none']],
    [{ $derivative: { input: '$v' }, window: { documents: [-1, 0] } }, [null, double(10), null]],
    [{ $expMovingAvg: { input: '$v', N: 3 } }, [double(10), double(15), double(5)]],
    [{ $push: '$v' }, [[10, 20], [10, 20], [5]]],
  ])('%j', (output, expected) => {
    expect(shown(over(output))).toBe(shown(expected));
  });
});

describe('gaps', () => {
  itMakes([
    [
      { $densify: { field: 'v', partitionByFields: ['k'], range: { step: 1, bounds: 'partition' } } },
      [
        { k: 'a', v: 1 },
        { k: 'a', v: 3 },
        { k: 'b', v: 7 },
      ],
      [
        { k: 'a', v: 1 },
        { k: 'a', v: 2 },
        { k: 'a', v: 3 },
        { k: 'b', v: 7 },
      ],
    ],
    [
      {
        $densify: {
          field: 'd',
          range: {
            step: 1,
            unit: 'month',
            bounds: [date('2021-01-31T00:00:00Z'), date('2021-04-01T00:00:00Z')],
          },
        },
      },
      [],
      [
        { d: date('2021-01-31T00:00:00Z') },
        { d: date('2021-02-28T00:00:00Z') },
        { d: date('2021-03-31T00:00:00Z') },
      ],
    ],
    [
      { $fill: { sortBy: { t: 1 }, output: { v: { method: 'linear' } } } },
      [{ t: 0, v: 0 }, { t: 1 }, { t: 2, v: 10 }],
      [
        { t: 0, v: 0 },
        { t: 1, v: double(5) },
        { t: 2, v: 10 },
      ],
    ],
    [{ $fill: { output: { v: { value: long(0) } } } }, [{ v: null }, { v: 1 }], [{ v: long(0) }, { v: 1 }]],
    [
      { $fill: { sortBy: { t: 1 }, output: { v: { method: 'locf' } } } },
      [{ t: 0 }, { t: 1, v: 1 }, { t: 2 }],
      [
        { t: 0, v: null },
        { t: 1, v: 1 },
        { t: 2, v: 1 },
      ],
    ],
  ]);
});

describe('joins', () => {
  const others = [{ _id: 1, f: 1 }, { _id: 2 }, { _id: 3, f: 5, up: 1 }];
  const join = (stage: unknown, input: Document): Document[] =>
    aggregate([stage], [input], { others }, (filter) => compileFilter(filter));

  it.each<[unknown, Document, unknown]>([
    [
      { $lookup: { from: 'others', localField: 'l', foreignField: 'f', as: 'j' } },
      { l: double(1) },
      [{ _id: 1, f: 1 }],
    ],
    [{ $lookup: { from: 'others', localField: 'l', foreignField: 'f', as: 'j' } }, {}, [{ _id: 2 }]],
    [
      {
        $lookup: {
          from: 'others',
          let: { x: '$nothing' },
          pipeline: [{ $match: { _id: 2 } }, { $set: { t: { $type: '$$x' } } }],
          as: 'j',
        },
      },
      {},
      [{ _id: 2, t: 'missing' }],
    ],
    [
      {
        $graphLookup: {
          from: 'others',
          startWith: '$l',
          connectFromField: 'up',
          connectToField: 'f',
          as: 'j',
          depthField: 'd',
          restrictSearchWithMatch: { _id: { $gt: 0 } },
        },
      },
      { l: 5 },
      [
        { _id: 3, f: 5, up: 1, d: long(0) },
        { _id: 1, f: 1, d: long(1) },
      ],
    ],
  ])('%j of %j', (stage, input, expected) => {
    expect(shown(join(stage, input)[0]?.['j'])).toBe(shown(expected));
  });
});

describe('what is refused', () => {
  it.each<[unknown, number]>([
    [{ $nope: 1 }, 40_324],
    [{ $limit: 0 }, 15_958],
    [{ $skip: -1 }, 5_107_200],
    [{ $sort: { a: 2 } }, 15_975],
    [{ $group: { a: 1 } }, 15_955],
    [{ $group: { _id: 1, a: { $nope: 1 } } }, 15_952],
    [{ $group: { _id: { a: 1 } } }, 17_390],
    [{ $group: { _id: 1, a: { $accumulator: {} } } }, 115],
    [{ $project: { a: { $nope: 1 } } }, 31_325],
    [{ $project: { a: 1, b: 0 } }, 31_254],
    [{ $match: { $where: '1' } }, 2],
    [{ $facet: { a: [{ $out: 'x' }] } }, 40_600],
    [{ $lookup: { from: 'x', as: 'y', pipeline: [{ $merge: 'x' }] } }, 51_047],
    [{ $search: {} }, 115],
    [{ $unwind: 'a' }, 28_818],
    [{ $setWindowFields: { output: { a: { $nope: 1 } } } }, 9],
    [{ $replaceRoot: { newRoot: 1 } }, 40_228],
    [{ $out: 'x' }, 40_601],
    [{ $collStats: {} }, 40_602],
  ])('%j with %i', (stage, code) => {
    expect(() => aggregate([stage], [{ a: 1 }])).toThrow(expect.objectContaining({ code }));
  });
});

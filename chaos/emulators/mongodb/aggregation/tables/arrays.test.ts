/** Arrays, sets, objects and variables. */
import { describe } from 'vitest';
import { decimal, double, itGives, itRefuses, long, missing } from './table.ts';

describe('arrays', () => {
  itGives([
    [{ $arrayElemAt: ['$a', -1] }, 3, { a: [1, 2, 3] }],
    [{ $arrayElemAt: ['$a', 5] }, missing, { a: [1] }],
    [{ $arrayElemAt: [null, 0] }, null],
    [{ $first: '$a' }, missing, { a: [] }],
    [{ $size: '$a' }, 0, { a: [] }],
    [{ $slice: ['$a', -2] }, [2, 3], { a: [1, 2, 3] }],
    [{ $slice: ['$a', 1, 1] }, [2], { a: [1, 2, 3] }],
    [{ $concatArrays: ['$a', null] }, null, { a: [1] }],
    [{ $in: [double(1), '$a'] }, true, { a: [1, 2] }],
    [{ $in: [null, '$a'] }, false, { a: [1] }],
    [{ $indexOfArray: ['$a', 2, 1, 3] }, 1, { a: [1, 2, 2] }],
    [{ $indexOfArray: ['$nothing', 2] }, null],
    [{ $range: [0, 10, 3] }, [0, 3, 6, 9]],
    [{ $reverseArray: '$nothing' }, null],
    [{ $isArray: [[1]] }, true],
    [{ $isArray: '$nothing' }, false],
    [
      { $zip: { inputs: ['$a', '$b'], useLongestLength: true, defaults: [0, 9] } },
      [
        [1, 3],
        [2, 9],
      ],
      { a: [1, 2], b: [3] },
    ],
    [{ $sortArray: { input: '$a', sortBy: -1 } }, ['x', 2, 1, null], { a: [2, 'x', null, 1] }],
    [
      { $sortArray: { input: '$a', sortBy: { n: 1 } } },
      [{ n: null, m: 1 }, { m: 2 }, { n: 1 }],
      { a: [{ n: 1 }, { n: null, m: 1 }, { m: 2 }] },
    ],
    [
      { $sortArray: { input: '$a', sortBy: { n: 1 } } },
      [{ n: [2] }, { n: [3, 1] }],
      { a: [{ n: [3, 1] }, { n: [2] }] },
    ],
    [{ $firstN: { input: '$a', n: 2 } }, [1, 2], { a: [1, 2, 3] }],
    [{ $maxN: { input: '$a', n: 2 } }, [3, 2], { a: [1, 3, null, 2] }],
    [{ $filter: { input: '$a', cond: { $gt: ['$$this', 1] }, limit: 1 } }, [2], { a: [1, 2, 3] }],
    [{ $map: { input: '$a', as: 'x', in: { $add: ['$$x', '$n'] } } }, [11, 12], { a: [1, 2], n: 10 }],
    [{ $map: { input: '$a', in: '$$this.b' } }, [1, null], { a: [{ b: 1 }, {}] }],
    [{ $map: { input: '$nothing', in: 1 } }, null],
    [{ $reduce: { input: ['a', 'b'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } }, 'ab'],
    ['$a.b', [1, 2], { a: [{ b: 1 }, { c: 1 }, { b: 2 }, 7] }],
    ['$a.0', [], { a: [1, 2] }],
    [
      ['$nothing', 1],
      [null, 1],
    ],
  ]);
  itRefuses([
    [{ $size: '$nothing' }, 17_124],
    [{ $in: [1, '$nothing'] }, 40_081],
    [{ $arrayElemAt: ['x', 0] }, 28_689],
    [{ $arrayElemAt: [[1], 0.5] }, 28_691],
    [{ $range: [0, 5, 0] }, 34_449],
    [{ $slice: [[1], 1, 0] }, 28_729],
    [{ $firstN: { input: [1], n: 0 } }, 7_548_606],
    [{ $concatArrays: [[1], 1] }, 28_664],
  ]);
});

describe('sets', () => {
  itGives([
    [{ $setUnion: ['$a', '$b'] }, [1, 2, long(3)], { a: [1, 2], b: [double(2), long(3)] }],
    [{ $setIntersection: ['$a', '$b'] }, [double(1)], { a: [double(1), 2], b: [1, decimal('1.0')] }],
    [{ $setDifference: ['$a', '$b'] }, [2], { a: [1, 2, 2], b: [decimal('1')] }],
    [{ $setEquals: ['$a', '$b'] }, true, { a: [1, 1, 2], b: [2, 1] }],
    [{ $setIsSubset: ['$a', '$b'] }, true, { a: [], b: [1] }],
    [{ $setUnion: ['$a', null] }, null, { a: [1] }],
    [{ $allElementsTrue: [[1, 'x', true]] }, true],
    [{ $anyElementTrue: [[0, null]] }, false],
  ]);
});

describe('objects and variables', () => {
  itGives([
    [{ $mergeObjects: ['$a', null, '$b'] }, { x: 1, y: 3, z: 4 }, { a: { x: 1, y: 2 }, b: { y: 3, z: 4 } }],
    [{ $mergeObjects: '$nothing' }, {}],
    [
      { $objectToArray: '$a' },
      [
        { k: 'x', v: 1 },
        { k: 'y', v: null },
      ],
      { a: { x: 1, y: null } },
    ],
    [
      {
        $arrayToObject: [
          [
            ['b', 1],
            ['1', 2],
            ['a', 3],
          ],
        ],
      },
      orderedDocument(),
    ],
    [{ $getField: { field: 'a.b', input: { $literal: { 'a.b': 1 } } } }, 1],
    [{ $getField: { field: 'a', input: 5 } }, missing],
    [{ $setField: { field: 'a.b', input: {}, value: 1 } }, { 'a.b': 1 }],
    [{ $unsetField: { field: 'a', input: { $literal: { a: 1, b: 2 } } } }, { b: 2 }],
    [{ a: '$nothing', b: { c: '$x' } }, { b: { c: 1 } }, { x: 1 }],
    [{ $let: { vars: { a: 1, b: '$x' }, in: { $add: ['$$a', '$$b'] } } }, 3, { x: 2 }],
    [{ $let: { vars: { CURRENT: '$a' }, in: '$b' } }, 5, { a: { b: 5 } }],
    [{ $literal: { $add: [1, 2] } }, { $add: [1, 2] }],
    ['$$ROOT.a', 1, { a: 1 }],
    ['$$REMOVE', missing],
    ['$$NOW', new Date('2024-05-06T07:08:09.010Z')],
  ]);
  itRefuses([
    ['$$other', 17_276],
    ['$', 16_872],
    ['$a.', 40_353],
    ['$a..b', 15_998],
    [{ $nope: 1 }, 168],
    [{ $add: [1], $subtract: [1] }, 15_983],
    [{ $function: { body: 'x', args: [], lang: 'js' } }, 115],
    [{ $mergeObjects: [1] }, 40_400],
    [{ $switch: { branches: [] } }, 40_068],
    [{ $cond: [1, 2] }, 16_020],
    [{ 'a.b': 1 }, 16_412],
  ]);
});

/** Fields in the order they were put in, though an object would list the number first. */
function orderedDocument(): Map<string, number> {
  return new Map([
    ['b', 1],
    ['1', 2],
    ['a', 3],
  ]);
}

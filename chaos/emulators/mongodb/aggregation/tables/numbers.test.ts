/** Numbers: types, overflow, null and missing, NaN, infinities and zeros. */
import { describe } from 'vitest';
import { date, decimal, double, itGives, itRefuses, long, missing } from './table.ts';

const intMax = 2_147_483_647;
const longMax = long(9_223_372_036_854_775_807n);
const longMin = long(-9_223_372_036_854_775_808n);

describe('$add', () => {
  itGives([
    [{ $add: [] }, 0],
    [{ $add: [1, 2] }, 3],
    [{ $add: [intMax, 1] }, long(2_147_483_648)],
    [{ $add: [1, long(1)] }, long(2)],
    [{ $add: [longMax, 1] }, double(9_223_372_036_854_775_808)],
    [{ $add: [1, double(1)] }, double(2)],
    [{ $add: [0.1, 0.2] }, 0.1 + 0.2],
    [{ $add: [1e16, double(1), -1e16] }, double(1)],
    [{ $add: [decimal('0.1'), decimal('0.2')] }, decimal('0.3')],
    [{ $add: [decimal('1.5'), 2.5] }, decimal('4.00000000000000')],
    [{ $add: [decimal('1.0'), 1] }, decimal('2.0')],
    [{ $add: [1, null] }, null],
    [{ $add: [1, '$nothing'] }, null],
    [{ $add: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] }, Number.NaN],
    [{ $add: [date('2020-01-01T00:00:00Z'), 1.5] }, date('2020-01-01T00:00:00.002Z')],
  ]);
  itRefuses([
    [{ $add: [1, 'x'] }, 14],
    [{ $add: ['$d', '$d'] }, 16_612, { d: date('2020-01-01T00:00:00Z') }],
  ]);
});

describe('$subtract, $multiply, $divide, $mod', () => {
  itGives([
    [{ $subtract: [-2_147_483_648, 1] }, long(-2_147_483_649)],
    [{ $subtract: [longMin, 1] }, double(-9_223_372_036_854_775_808)],
    [
      { $subtract: ['$a', '$b'] },
      long(86_400_000),
      { a: date('2020-01-02T00:00:00Z'), b: date('2020-01-01T00:00:00Z') },
    ],
    [{ $subtract: ['$a', 1000] }, date('2019-12-31T23:59:59Z'), { a: date('2020-01-01T00:00:00Z') }],
    [{ $multiply: [65_536, 65_536] }, long(4_294_967_296)],
    [{ $multiply: [longMax, 2] }, double(2 ** 64)],
    [{ $multiply: [2, 0.5] }, double(1)],
    [{ $multiply: [decimal('1.20'), 2] }, decimal('2.40')],
    [{ $divide: [6, 3] }, double(2)],
    [{ $divide: [1, 3] }, 1 / 3],
    [{ $divide: [decimal('1'), 3] }, decimal('0.3333333333333333333333333333333333')],
    [{ $divide: [null, 0] }, null],
    [{ $mod: [7, 3] }, 1],
    [{ $mod: [-7, 3] }, -1],
    [{ $mod: [7, long(3)] }, long(1)],
    [{ $mod: [7, double(3)] }, double(1)],
    [{ $mod: [5.5, 2] }, 1.5],
    [{ $mod: [decimal('10.5'), 3] }, decimal('1.5')],
  ]);
  itRefuses([
    [{ $divide: [1, 0] }, 2],
    [{ $mod: [1, 0] }, 16_610],
    [{ $subtract: ['a', 1] }, 14],
    [{ $multiply: [1, true] }, 14],
    [{ $subtract: [1] }, 16_020],
  ]);
});

describe('functions of one number', () => {
  itGives([
    [{ $abs: -5 }, 5],
    [{ $abs: -2_147_483_648 }, long(2_147_483_648)],
    [{ $abs: null }, null],
    [{ $abs: '$nothing' }, null],
    [{ $ceil: 1.2 }, double(2)],
    [{ $ceil: -0.5 }, -0],
    [{ $floor: -1.2 }, double(-2)],
    [{ $floor: long(7) }, long(7)],
    [{ $round: 2.5 }, double(2)],
    [{ $round: 3.5 }, double(4)],
    [{ $round: [1.005, 2] }, double(1)],
    [{ $round: [19.25, 1] }, 19.2],
    [{ $round: [1250, -2] }, 1200],
    [{ $round: [intMax, -1] }, long(2_147_483_650)],
    [{ $round: [decimal('2.675'), 2] }, decimal('2.68')],
    [{ $trunc: [-19.25, 1] }, -19.2],
    [{ $trunc: Number.NaN }, Number.NaN],
    [{ $sqrt: 25 }, double(5)],
    [{ $sqrt: decimal('2') }, decimal('1.414213562373095048801688724209698')],
    [{ $pow: [2, 10] }, 1024],
    [{ $pow: [2, 31] }, long(2_147_483_648)],
    [{ $pow: [2, 64] }, double(2 ** 64)],
    [{ $pow: [2, -1] }, 0.5],
    [{ $exp: 0 }, double(1)],
    [{ $ln: 1 }, double(0)],
    [{ $log10: 1000 }, double(3)],
    [{ $log: [8, 2] }, double(3)],
    [{ $bitAnd: [6, 3] }, 2],
    [{ $bitOr: [6, long(1)] }, long(7)],
    [{ $bitNot: 0 }, -1],
    [{ $cos: 0 }, double(1)],
    [{ $atan2: [0, 1] }, double(0)],
  ]);
  itRefuses([
    [{ $abs: 'x' }, 28_765],
    [{ $abs: longMin }, 28_680],
    [{ $sqrt: -1 }, 28_714],
    [{ $ln: 0 }, 28_766],
    [{ $log: [1, 1] }, 28_759],
    [{ $pow: [0, -1] }, 28_764],
    [{ $round: [1.5, 1.5] }, 51_082],
    [{ $round: [1.5, 101] }, 51_083],
    [{ $acos: 2 }, 50_989],
    [{ $bitAnd: [1.5, 1] }, 14],
  ]);
});

describe('comparison and truth', () => {
  itGives([
    [{ $eq: [1, double(1)] }, true],
    [{ $eq: [decimal('1.0'), long(1)] }, true],
    [{ $eq: ['$nothing', null] }, false],
    [{ $lt: ['$nothing', null] }, true],
    [{ $eq: [Number.NaN, Number.NaN] }, true],
    [{ $lt: [Number.NaN, Number.NEGATIVE_INFINITY] }, true],
    [{ $eq: [-0, 0] }, true],
    [{ $cmp: ['a', 1] }, 1],
    [{ $gt: [long(9_007_199_254_740_993n), 9_007_199_254_740_992] }, true],
    [{ $and: [] }, true],
    [{ $or: [] }, false],
    [{ $and: [1, 'x', []] }, true],
    [{ $not: [[false]] }, false],
    [{ $not: '$nothing' }, true],
    [{ $not: Number.NaN }, false],
    [{ $and: [decimal('0.00')] }, false],
    [{ $cond: [{ $gt: [2, 1] }, double(1), long(2)] }, double(1)],
    [{ $ifNull: ['$nothing', null, double(3)] }, double(3)],
    [{ $ifNull: ['$nothing', '$nothing'] }, missing],
  ]);
});

describe('accumulators as expressions', () => {
  itGives([
    [{ $sum: [1, 'x', null, 2] }, 3],
    [{ $sum: '$a' }, long(3), { a: [1, long(2)] }],
    [{ $sum: [decimal('0.1'), decimal('0.2')] }, decimal('0.3')],
    [{ $sum: [long(9_007_199_254_740_993n), 1] }, long(9_007_199_254_740_994n)],
    [{ $avg: [1, 2] }, 1.5],
    [{ $avg: [decimal('1'), decimal('2')] }, decimal('1.5')],
    [{ $avg: ['x', null] }, null],
    [{ $max: [1, double(2), null] }, double(2)],
    [{ $min: ['$nothing', null] }, null],
    [{ $stdDevPop: [1, 3] }, double(1)],
    [{ $stdDevSamp: [1] }, null],
    [{ $median: { input: [3, 1, 2], method: 'approximate' } }, double(2)],
    [{ $percentile: { input: [1, 2, 3, 4], p: [0.5, 0.95], method: 'approximate' } }, [double(2), double(4)]],
  ]);
});

/** Well-formed commands to start from: one of each kind that a client sends, with the values mutations like to hurt. */
import { Binary, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Random } from '../../../random.ts';
import type { Document } from '../storage/contract.ts';

const lsid = { id: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID) };

export const corpus: readonly Document[] = [
  { hello: 1, helloOk: true, client: { application: { name: 'fuzz' }, driver: { name: 'x', version: '1' } } },
  { ping: 1 },
  { insert: 'c', documents: [{ _id: 1, a: [1, { b: 2 }] }, { a: 'x' }], ordered: false },
  { insert: 'c', documents: [{ a: 1 }], lsid, txnNumber: Long.fromNumber(1) },
  {
    insert: 'c',
    documents: [{ a: 1 }],
    lsid,
    txnNumber: Long.fromNumber(2),
    autocommit: false,
    startTransaction: true,
  },
  { commitTransaction: 1, lsid, txnNumber: Long.fromNumber(2), autocommit: false },
  { abortTransaction: 1, lsid, txnNumber: Long.fromNumber(2), autocommit: false },
  {
    find: 'c',
    filter: { a: { $gt: 1, $elemMatch: { b: 2 } } },
    sort: { a: -1 },
    projection: { 'a.b': 1 },
    limit: 3,
    batchSize: 1,
  },
  { find: 'c', filter: { $or: [{ a: /x/i }, { a: { $in: [1, null, 'x'] } }], 'b.c': { $exists: false } } },
  { find: 'c', filter: { $expr: { $eq: ['$a', { $add: [1, '$b'] }] } }, skip: 1, singleBatch: true },
  { getMore: Long.fromNumber(1), collection: 'c', batchSize: 10 },
  { killCursors: 'c', cursors: [Long.fromNumber(1)] },
  {
    update: 'c',
    updates: [
      {
        q: { _id: 1 },
        u: { $set: { 'a.0': 1 }, $inc: { n: 1 }, $push: { l: { $each: [1], $slice: -5 } } },
        upsert: true,
      },
    ],
  },
  { update: 'c', updates: [{ q: {}, u: [{ $set: { z: { $concat: ['a', 'b'] } } }], multi: true }] },
  { update: 'c', updates: [{ q: { a: 1 }, u: { $set: { 'a.$[e].b': 1 } }, arrayFilters: [{ 'e.b': 2 }] }] },
  {
    delete: 'c',
    deletes: [
      { q: { a: 'x' }, limit: 1 },
      { q: { b: 1 }, limit: 0 },
    ],
  },
  {
    findAndModify: 'c',
    query: { _id: 1 },
    update: { $mul: { n: 2 } },
    new: true,
    upsert: true,
    fields: { n: 1 },
  },
  { count: 'c', query: { a: 1 }, limit: 5 },
  { distinct: 'c', key: 'a.b', query: {} },
  {
    aggregate: 'c',
    pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }, { $sort: { n: -1 } }],
    cursor: {},
  },
  {
    aggregate: 'c',
    pipeline: [
      { $unwind: '$a' },
      { $lookup: { from: 'd', localField: 'a', foreignField: '_id', as: 'j' } },
      { $limit: 2 },
    ],
    cursor: { batchSize: 1 },
  },
  {
    aggregate: 1,
    pipeline: [{ $documents: [{ a: 1 }] }, { $project: { b: { $toString: '$a' } } }],
    cursor: {},
  },
  { create: 'd', validator: { a: { $type: 'int' } } },
  { createIndexes: 'c', indexes: [{ key: { a: 1, b: -1 }, name: 'a_b', unique: false, sparse: true }] },
  { listIndexes: 'c', cursor: {} },
  { dropIndexes: 'c', index: 'a_b' },
  { listCollections: 1, filter: { name: 'c' }, nameOnly: true },
  { drop: 'd' },
  { explain: { find: 'c', filter: { a: 1 } }, verbosity: 'executionStats' },
  { serverStatus: 1 },
  { currentOp: 1 },
  { endSessions: [lsid] },
  { killSessions: [lsid] },
  { collStats: 'c', scale: 1024 },
  { getParameter: 1, transactionLifetimeLimitSeconds: 1 },
];

/** A value of any BSON type, with a liking for those at the edges. */
export function strangeValue(random: Random, depth = 0): unknown {
  const leaves: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    2_147_483_647,
    1e308,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    new Double(0),
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Decimal128.fromString('1E+6144'),
    Decimal128.fromString('NaN'),
    '',
    '$',
    '$$ROOT',
    'a.b.c',
    '.',
    'x\u0000y',
    '\u{1F525}',
    new ObjectId(),
    new Date(8.64e15),
    new Binary(Buffer.alloc(3), 0),
    new Timestamp({ t: 1, i: 2 }),
    new MinKey(),
    new MaxKey(),
    /(a+)+b/,
  ];
  if (depth > 3 || random.next() < 0.7) return random.pick(leaves);
  const length = random.integer(0, 3);
  if (random.next() < 0.5) return Array.from({ length }, () => strangeValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length }, () => [strangeName(random), strangeValue(random, depth + 1)]),
  );
}

export function strangeName(random: Random): string {
  return random.pick([
    'a',
    'b',
    '_id',
    '$set',
    '$gt',
    '$in',
    '$elemMatch',
    '$expr',
    '$and',
    '$',
    'a.b',
    'a.0',
    '__proto__',
    'constructor',
    '0',
    '-1',
    'a..b',
    '$[]',
    '$[e]',
    'toString',
  ]);
}

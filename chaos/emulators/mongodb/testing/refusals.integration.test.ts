/** Requests that MongoDB refuses are refused here, with its codes. */
import { Long } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../storage/contract.ts';
import { lsidOf, RawClient } from './raw-client.ts';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

const numbered = { lsid: lsidOf(77), txnNumber: Long.fromNumber(1) };
const index = (given: Document) => ({ createIndexes: 'c', indexes: [{ name: 'i', ...given }] });

describe('requests that the embedded MongoDB refuses', () => {
  let started: TestServer;
  let raw: RawClient;

  beforeAll(async () => {
    started = await startTestServer();
    raw = await RawClient.connect(started.server.port);
    await raw.command('test', { insert: 'c', documents: [{ _id: 1, a: 1 }] });
  });

  afterAll(async () => {
    await raw[Symbol.asyncDispose]();
    await started[Symbol.asyncDispose]();
  });

  it.each<[Document, number]>([
    [{ find: 'c', awaitData: true }, 9],
    [{ find: 'c', tailable: true }, 2],
    [{ find: 'c', tailable: true, sort: { a: 1 } }, 2],
    [{ find: 'c', limit: -1 }, 51024],
    [{ find: 'c', skip: -1 }, 51024],
    [{ find: 'c', batchSize: -1 }, 51024],
    [{ find: 'c', sort: { a: 0 } }, 15975],
    [{ find: 'c', sort: { a: 'up' } }, 15974],
    [{ find: 'c', max: { a: 1 } }, 51173],
    [{ find: 'c', maxTimeMS: -1 }, 2],
    [{ find: 'c', maxTimeMS: 2 ** 40 }, 2],
    [{ find: 'c', nonsense: 1 }, 40415],
    [{ find: 'c', readConcern: { level: 'certain' } }, 2],
    [{ find: 'c', readConcern: 7 }, 14],
    [{ find: 'c', writeConcern: { w: 1 } }, 72],
    [{ find: 'c', collation: { locale: 'nowhere' } }, 2],
    [{ find: 'c', collation: 'en' }, 14],
    [{ ping: 1, writeConcern: 'all' }, 14],
    [{ ping: 1, apiStrict: true }, 4_886_600],
    [{ ping: 1, apiVersion: '2' }, 322],
    [{ find: 'c', apiVersion: '1', apiStrict: true, showRecordId: true }, 323],
    [{ create: 'capped', capped: true, size: 1000, apiVersion: '1', apiStrict: true }, 323],
    [{ collStats: 'c', apiVersion: '1', apiStrict: true }, 323],
    [{ aggregate: 'c', pipeline: [{ $indexStats: {} }], cursor: {}, apiVersion: '1', apiStrict: true }, 323],
    [{ explain: { find: 'c', writeConcern: { w: 1 } } }, 72],
    [{ explain: { find: 'c' }, writeConcern: { w: 1 } }, 72],
    [{ explain: { find: 'c' }, verbosity: 'all' }, 9],
    [{ aggregate: 'c', pipeline: [], explain: true, writeConcern: { w: 1 } }, 9],
    [{ aggregate: 'c', pipeline: [] }, 9],
    [{ aggregate: 'c', pipeline: [{ $out: 'd' }, { $match: {} }], cursor: {} }, 40601],
    [{ aggregate: 'c', pipeline: [{ $match: {} }, { $collStats: {} }], cursor: {} }, 40602],
    [{ aggregate: 'c', pipeline: [{ $match: {} }, { $geoNear: {} }], cursor: {} }, 40603],
    [{ aggregate: 'c', pipeline: [{ $facet: { a: [{ $out: 'd' }] } }], cursor: {} }, 40600],
    [
      {
        aggregate: 'c',
        pipeline: [{ $lookup: { from: 'd', as: 'x', pipeline: [{ $out: 'd' }] } }],
        cursor: {},
      },
      51047,
    ],
    [
      { aggregate: 'c', pipeline: [{ $unionWith: { coll: 'd', pipeline: [{ $out: 'd' }] } }], cursor: {} },
      31441,
    ],
    [{ aggregate: 'c', pipeline: [{ $geoNear: { near: [0, 0], distanceField: 'd' } }], cursor: {} }, 27],
    [{ aggregate: 'c', pipeline: [{ $search: {} }], cursor: {} }, 31082],
    [{ getMore: 1, collection: 'c' }, 14],
    [{ getMore: Long.fromNumber(5), collection: 'c' }, 43],
    [{ insert: 'c', documents: [{}], autocommit: false }, 72],
    [{ insert: 'c', documents: [{}], ...numbered, autocommit: 0 }, 14],
    [{ insert: 'c', documents: [{}], lsid: lsidOf(78), txnNumber: 1 }, 14],
    [{ ping: 1, lsid: { id: 'text' } }, 14],
    [{ ping: 1, lsid: {} }, 40414],
    [{ ping: 1, lsid: { ...lsidOf(1), more: 1 } }, 40415],
    [{ insert: 'c', documents: [] }, 16],
    [{ update: 'c', updates: [{ q: {}, u: { $set: { b: 1 } }, sort: { a: 1 } }] }, 40415],
    [{ delete: 'c', deletes: [{ q: {}, limit: 2 }] }, 9],
    [{ killSessions: [{}] }, 40414],
    [{ killAllSessions: [{ user: 'a' }] }, 40414],
    [index({ key: { a: 1 }, partialFilterExpression: { a: { $exists: false } } }), 67],
    [index({ key: { a: 1 }, partialFilterExpression: { a: { $ne: 1 } } }), 67],
    [index({ key: { a: 1 }, partialFilterExpression: { a: /x/ } }), 67],
    [index({ key: { a: 1 }, partialFilterExpression: { $expr: true } }), 224],
    [index({ key: { a: 1 }, sparse: true, partialFilterExpression: { a: 1 } }), 67],
    [index({ key: {} }), 67],
    [index({ key: { a: 0 } }), 67],
    [index({ key: { a: 'spiral' } }), 67],
    [index({ key: { a: 'text' }, collation: { locale: 'en' } }), 67],
    [index({ key: { a: 'text' }, default_language: 'klingon' }), 67],
    [index({ key: { a: 1 }, nonsense: 1 }), 197],
    [index({ key: { _id: 1 }, unique: true }), 197],
    [{ dropIndexes: 'c' }, 40414],
    [{ dropIndexes: 'c', index: 7 }, 14],
    [{ dropIndexes: 'c', index: '_id_' }, 72],
    [{ dropIndexes: 'c', index: 'nothing' }, 27],
    [{ collStats: 'c', scale: 0 }, 2],
  ])('%j with %i', async (command, code) => {
    expect(await raw.command('test', command)).toMatchObject({ code });
  });

  it('says after a drop why a cursor has no more', async () => {
    await raw.command('test', {
      insert: 'many',
      documents: Array.from({ length: 9 }, (_, _id) => ({ _id })),
    });
    const { cursor } = await raw.command('test', { find: 'many', batchSize: 2 });
    if (typeof cursor !== 'object' || cursor === null || !('id' in cursor)) throw new TypeError('no cursor');
    await raw.command('test', { drop: 'many' });
    expect(await raw.command('test', { getMore: cursor.id, collection: 'many' })).toMatchObject({
      code: 175,
    });
    expect(await raw.command('test', { getMore: cursor.id, collection: 'many' })).toMatchObject({ code: 43 });
  });
});

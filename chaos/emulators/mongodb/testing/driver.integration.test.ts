/** The official driver against the embedded server: transactions, retries, step-downs, cursors, limits. */
import { Double, Long, MongoServerError } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

describe('the driver on the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  function items() {
    return started.client.db('test').collection<Document & { _id: number }>('items');
  }

  function admin(command: Document): Promise<Document> {
    return started.client.db('admin').command(command);
  }

  beforeEach(async () => {
    await items().drop();
  });

  it('connects with a replica set and directly', async () => {
    const { host, port } = started.server;
    const direct = await started.connect({ directConnection: true });
    expect(await direct.db('admin').command({ hello: 1 })).toMatchObject({
      isWritablePrimary: true,
      setName: 'rs0',
      me: `${host}:${port}`,
      maxWireVersion: 21,
      logicalSessionTimeoutMinutes: 30,
    });
  });

  it('takes more values at once than a function takes arguments', async () => {
    const list = Array.from({ length: 200_000 }, (_, index) => index % 3);
    await items().insertOne({ _id: 1, list });
    expect(await items().distinct('list')).toEqual([0, 1, 2]);
    const lookup = { from: 'items', localField: 'list', foreignField: '_id', as: 'found' };
    const joined = items().aggregate([{ $lookup: lookup }, { $project: { found: { $size: '$found' } } }]);
    expect(await joined.toArray()).toEqual([{ _id: 1, found: 1 }]);
    const densify = { field: 'n', range: { step: 1, bounds: [0, list.length] } };
    const dense = items().aggregate([{ $densify: densify }, { $count: 'n' }]);
    expect(await dense.toArray()).toEqual([{ n: list.length + 1 }]);
  });

  it('reads the snapshot of a transaction and its own writes', async () => {
    await items().insertOne({ _id: 1, value: 'old' });
    await started.client.withSession(async (session) => {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      expect(await items().findOne({ _id: 1 }, { session })).toMatchObject({ value: 'old' });
      await items().updateOne({ _id: 1 }, { $set: { value: 'new' } });
      expect(await items().findOne({ _id: 1 }, { session })).toMatchObject({ value: 'old' });
      await items().insertOne({ _id: 2 }, { session });
      expect(await items().countDocuments({}, { session })).toBe(2);
      expect(await items().countDocuments()).toBe(1);
      await session.commitTransaction();
    });
    expect(await items().countDocuments()).toBe(2);
  });

  it('refuses the second writer of a document at once', async () => {
    await items().insertOne({ _id: 1, n: 0 });
    const [first, second] = [started.client.startSession(), started.client.startSession()];
    first.startTransaction();
    second.startTransaction();
    await items().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
    const refused = await items()
      .updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second })
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 112, codeName: 'WriteConflict' });
    expect(refused instanceof MongoServerError && refused.hasErrorLabel('TransientTransactionError')).toBe(
      true,
    );
    await first.commitTransaction();
    await second.endSession();
    await first.endSession();
  });

  it('lets a plain write wait for the transaction in its way, no longer than its time limit', async () => {
    await items().insertOne({ _id: 1, n: 0 });
    const session = started.client.startSession();
    session.startTransaction();
    await items().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    await expect(items().updateOne({ _id: 1 }, { $inc: { n: 10 } }, { maxTimeMS: 50 })).rejects.toMatchObject(
      { code: 50 },
    );
    const waiting = items().updateOne({ _id: 1 }, { $inc: { n: 10 } });
    await session.commitTransaction();
    await waiting;
    await session.endSession();
    expect(await items().findOne({ _id: 1 })).toMatchObject({ n: 11 });
  });

  it('steps down, interrupts writes, and is primary again in a new term', async () => {
    await items().insertOne({ _id: 1 });
    const session = started.client.startSession();
    session.startTransaction();
    await items().updateOne({ _id: 1 }, { $set: { a: 1 } }, { session });
    const plain = await started.connect({ retryWrites: false });
    const waiting = plain
      .db('test')
      .collection<Document & { _id: number }>('items')
      .updateOne({ _id: 1 }, { $set: { b: 1 } })
      .catch((thrown: unknown) => thrown);
    await expect.poll(() => started.server.state.operations.size).toBeGreaterThan(0);
    const { term } = started.server.state.member;
    await admin({ replSetStepDown: 0.3, secondaryCatchUpPeriodSecs: 0, force: true });
    expect(await waiting).toMatchObject({ code: 11602 });
    await expect(items().findOne({ _id: 1 }, { session })).rejects.toMatchObject({
      errorLabels: expect.arrayContaining(['TransientTransactionError']),
    });
    await items().updateOne({ _id: 1 }, { $set: { c: 1 } });
    expect(started.server.state.member.term).toBe(term + 1);
    expect(await items().findOne({ _id: 1 })).toEqual({ _id: 1, c: 1 });
    await session.endSession();
  });

  it('finds by an index without reading the rest', async () => {
    await items().insertMany(
      Array.from({ length: 500 }, (_, index) => ({ _id: index, a: index % 10, b: index })),
    );
    await items().createIndex({ a: 1, b: -1 });
    const explained = await items()
      .find({ a: 3, b: { $gte: 400 } })
      .sort({ b: -1 })
      .explain('executionStats');
    expect(explained['queryPlanner']).toMatchObject({
      winningPlan: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'a_1_b_-1' } },
    });
    expect(explained['executionStats']).toMatchObject({ nReturned: 10, totalDocsExamined: 10 });
    const unindexed = await items().find({ c: 1 }).explain('executionStats');
    expect(unindexed['queryPlanner']).toMatchObject({ winningPlan: { stage: 'COLLSCAN' } });
  });

  it('reads in batches, and forgets a killed cursor', async () => {
    await items().insertMany(Array.from({ length: 10 }, (_, index) => ({ _id: index })));
    const cursor = items().find().sort({ _id: -1 }).batchSize(3);
    expect((await cursor.toArray()).map(({ _id }) => _id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const { cursor: opened } = await started.client.db('test').command({ find: 'items', batchSize: 1 });
    const id = Long.fromBigInt(BigInt(opened.id));
    expect(await started.client.db('test').command({ killCursors: 'items', cursors: [id] })).toMatchObject({
      cursorsNotFound: [],
    });
    await expect(
      started.client.db('test').command({ getMore: id, collection: 'items' }),
    ).rejects.toMatchObject({ code: 43 });
  });

  it('keeps number types and refuses what it cannot do by name', async () => {
    await items().insertOne({ _id: 1, long: Long.fromNumber(5), double: new Double(5) });
    await items().updateOne({ _id: 1 }, { $inc: { long: 1, double: 1 } });
    expect(await items().findOne({ long: { $type: 'long' }, double: { $type: 'double' } })).toMatchObject({
      long: 6,
      double: 6,
    });
    await expect(
      items()
        .find({}, { collation: { locale: 'no_such_place' } })
        .toArray(),
    ).rejects.toMatchObject({ codeName: 'BadValue' });
    await expect(
      items()
        .find({ a: { $foo: 1 } })
        .toArray(),
    ).rejects.toMatchObject({ code: 2 });
    await expect(admin({ noSuchCommand: 1 })).rejects.toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
    });
    await expect(
      items()
        .aggregate([{ $noSuchStage: 1 }])
        .toArray(),
    ).rejects.toMatchObject({ code: 40324 });
    await expect(items().insertOne({ _id: 2, text: 'x'.repeat(16.5 * 1024 * 1024) })).rejects.toMatchObject({
      code: 10334,
    });
  });
});

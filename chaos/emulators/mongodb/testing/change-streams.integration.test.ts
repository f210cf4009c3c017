/** Change streams tell what was committed, in order, and go on where a client left off. */
import { Long } from 'bson';
import type { ChangeStream, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

describe('change streams of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  function collectionOf(name: string) {
    return started.client.db('changes').collection<Document & { _id: number }>(name);
  }

  /** The driver sends the aggregate with the first look for an event. */
  async function opened<T extends Document>(stream: ChangeStream<T>): Promise<ChangeStream<T>> {
    await stream.tryNext();
    return stream;
  }

  it('tells inserts, updates, replacements and removals of one collection', async () => {
    const collection = collectionOf('all');
    const stream = await opened(collection.watch([], { fullDocument: 'updateLookup' }));
    await collection.insertOne({ _id: 1, a: 1, list: [1, 2, 3] });
    await collectionOf('other').insertOne({ _id: 7 });
    await collection.updateOne({ _id: 1 }, { $set: { a: 2, b: { c: 1 } }, $pop: { list: 1 } });
    await collection.replaceOne({ _id: 1 }, { z: 1 });
    await collection.deleteOne({ _id: 1 });
    expect(await stream.next()).toMatchObject({
      operationType: 'insert',
      documentKey: { _id: 1 },
      fullDocument: { _id: 1, a: 1 },
    });
    expect(await stream.next()).toMatchObject({
      operationType: 'update',
      updateDescription: {
        updatedFields: { a: 2, b: { c: 1 } },
        removedFields: [],
        truncatedArrays: [{ field: 'list', newSize: 2 }],
      },
    });
    expect(await stream.next()).toMatchObject({ operationType: 'replace', fullDocument: { _id: 1, z: 1 } });
    expect(await stream.next()).toMatchObject({ operationType: 'delete', documentKey: { _id: 1 } });
    await stream.close();
  });

  it('ends a getMore that waits when its cursor is killed', async () => {
    const database = started.client.db('changes');
    await collectionOf('killed').insertOne({ _id: 1 });
    const { cursor } = await database.command({
      aggregate: 'killed',
      pipeline: [{ $changeStream: {} }],
      cursor: {},
    });
    const id = Long.fromBigInt(BigInt(cursor.id));
    // Far longer than a test may take.
    const waiting = database.command({ getMore: id, collection: 'killed', maxTimeMS: 600_000 });
    const ended = waiting.catch((error: unknown) => error);
    await expect.poll(() => started.server.state.operations.size).toBeGreaterThan(0);
    await database.command({ killCursors: 'killed', cursors: [id] });
    expect(await ended).toMatchObject({ code: 237, codeName: 'CursorKilled' });
  });

  it('tells the writes of a transaction with its commit, and none of an aborted one', async () => {
    const collection = collectionOf('transactions');
    await collection.insertOne({ _id: 0 });
    const stream = await opened(collection.watch());
    await started.client.withSession(async (session) => {
      session.startTransaction();
      await collection.insertOne({ _id: 1 }, { session });
      await session.abortTransaction();
      session.startTransaction();
      await collection.insertOne({ _id: 2 }, { session });
      expect(await stream.tryNext()).toBeNull();
      await session.commitTransaction();
    });
    expect(await stream.next()).toMatchObject({
      operationType: 'insert',
      documentKey: { _id: 2 },
      txnNumber: expect.anything(),
    });
    await stream.close();
  });

  it('resumes after a token, filters, and ends when the collection is dropped', async () => {
    const collection = collectionOf('resumed');
    await collection.insertOne({ _id: 0, keep: true });
    const first = await opened(collection.watch());
    await collection.insertMany([
      { _id: 1, keep: true },
      { _id: 2, keep: false },
      { _id: 3, keep: true },
    ]);
    const { _id: token } = await first.next();
    await first.close();
    const second = collection.watch(
      [{ $match: { $or: [{ 'fullDocument.keep': true }, { operationType: { $ne: 'insert' } }] } }],
      { resumeAfter: token },
    );
    expect(await second.next()).toMatchObject({ documentKey: { _id: 3 } });
    await collection.drop();
    expect(await second.next()).toMatchObject({ operationType: 'drop' });
    expect(await second.next()).toMatchObject({ operationType: 'invalidate' });
    await second.close();
  });

  it('watches a database and the whole server', async () => {
    const ofDatabase = await opened(started.client.db('changes').watch());
    const ofServer = await opened(started.client.watch());
    await started.client.db('elsewhere').collection<{ _id: number }>('c').insertOne({ _id: 1 });
    await collectionOf('watched').insertOne({ _id: 1 });
    expect(await ofServer.next()).toMatchObject({ ns: { db: 'elsewhere', coll: 'c' } });
    expect(await ofServer.next()).toMatchObject({ ns: { db: 'changes', coll: 'watched' } });
    expect(await ofDatabase.next()).toMatchObject({ ns: { db: 'changes', coll: 'watched' } });
    await ofDatabase.close();
    await ofServer.close();
  });

  it('refuses a token that is none', async () => {
    await expect(
      collectionOf('all')
        .watch([], { resumeAfter: { _data: 'nothing' } })
        .tryNext(),
    ).rejects.toMatchObject({ code: 260 });
  });
});

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

  it('begins with the write at whose operationTime it is started', async () => {
    const collection = collectionOf('times');
    const session = started.client.startSession({ causalConsistency: true });
    await collection.insertOne({ _id: 1 }, { session });
    const { operationTime } = session;
    await session.endSession();
    await collection.insertMany([{ _id: 2 }, { _id: 3 }]);
    if (operationTime === undefined) throw new TypeError('the session has seen no write');
    const stream = collection.watch([], { startAtOperationTime: operationTime });
    const ids = [await stream.next(), await stream.next(), await stream.next()].map((event) =>
      event.operationType === 'insert' ? event.documentKey._id : event.operationType,
    );
    expect(ids).toEqual([1, 2, 3]);
    await stream.close();
  });

  it.each(['drop', 'rename'] as const)(
    'tells a %s to a stream that waits, then invalidates it',
    async (kind) => {
      const collection = collectionOf(`gone by ${kind}`);
      await collection.insertOne({ _id: 1 });
      const stream = await opened(collection.watch());
      const event = stream.next();
      await (kind === 'drop' ? collection.drop() : collection.rename(`came by ${kind}`));
      expect(await event).toMatchObject({ operationType: kind });
      const invalidation = await stream.next();
      expect(invalidation.operationType).toBe('invalidate');
      expect(started.server.state.cursors.open).toBe(0);
      await stream.close();
      await expect(collection.watch([], { resumeAfter: invalidation._id }).tryNext()).rejects.toMatchObject({
        code: 260,
      });
      const after = await opened(collection.watch([], { startAfter: invalidation._id }));
      await collection.insertOne({ _id: 2 });
      expect(await after.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } });
      await after.close();
    },
  );

  it('invalidates the stream of a database that is dropped', async () => {
    const database = started.client.db('dropped');
    await database.collection('c').insertOne({ a: 1 });
    const stream = await opened(database.watch());
    await database.dropDatabase();
    expect(await stream.next()).toMatchObject({ operationType: 'drop', ns: { db: 'dropped', coll: 'c' } });
    expect(await stream.next()).toMatchObject({ operationType: 'dropDatabase', ns: { db: 'dropped' } });
    expect(await stream.next()).toMatchObject({ operationType: 'invalidate' });
    await stream.close();
  });

  it('tells changes of the catalogue when asked for expanded events', async () => {
    const database = started.client.db('changes');
    const collection = collectionOf('expanded');
    const stream = await opened(collection.watch([], { showExpandedEvents: true }));
    await database.createCollection('expanded');
    await collection.createIndex({ a: 1 });
    await collection.insertOne({ _id: 1, a: { 0: 'x' } });
    await collection.updateOne({ _id: 1 }, { $set: { 'a.0': 'y' } });
    await database.command({ collMod: 'expanded', index: { name: 'a_1', hidden: true } });
    await collection.dropIndex('a_1');
    const events: Document[] = [];
    for (let count = 0; count < 6; count += 1) events.push(await stream.next());
    expect(events).toMatchObject([
      { operationType: 'create', operationDescription: { idIndex: { name: '_id_' } } },
      { operationType: 'createIndexes', operationDescription: { indexes: [{ key: { a: 1 }, name: 'a_1' }] } },
      { operationType: 'insert', collectionUUID: expect.anything() },
      { operationType: 'update', updateDescription: { disambiguatedPaths: { 'a.0': ['a', '0'] } } },
      { operationType: 'modify', operationDescription: { index: { name: 'a_1', hidden: true } } },
      { operationType: 'dropIndexes', operationDescription: { indexes: [{ name: 'a_1' }] } },
    ]);
    await stream.close();
  });

  it('brings documents as they were and as they became, where the collection keeps them', async () => {
    const database = started.client.db('changes');
    await database.createCollection('images', { changeStreamPreAndPostImages: { enabled: true } });
    const collection = collectionOf('images');
    await collection.insertOne({ _id: 1, a: 1 });
    const stream = await opened(
      collection.watch([], { fullDocument: 'required', fullDocumentBeforeChange: 'required' }),
    );
    await collection.updateOne({ _id: 1 }, { $set: { a: 2 } });
    await collection.updateOne({ _id: 1 }, { $set: { a: 3 } });
    await collection.deleteOne({ _id: 1 });
    expect(await stream.next()).toMatchObject({ fullDocumentBeforeChange: { a: 1 }, fullDocument: { a: 2 } });
    expect(await stream.next()).toMatchObject({ fullDocumentBeforeChange: { a: 2 }, fullDocument: { a: 3 } });
    expect(await stream.next()).toMatchObject({
      operationType: 'delete',
      fullDocumentBeforeChange: { a: 3 },
    });
    await database.command({ collMod: 'images', changeStreamPreAndPostImages: { enabled: false } });
    await collection.insertOne({ _id: 2 });
    await stream.next();
    await collection.deleteOne({ _id: 2 });
    await expect(stream.next()).rejects.toMatchObject({ code: 47 });
  });

  it('cuts a large event into parts that together are the event', async () => {
    const database = started.client.db('changes');
    await database.createCollection('large', { changeStreamPreAndPostImages: { enabled: true } });
    const collection = collectionOf('large');
    await collection.insertOne({ _id: 1, text: 'a'.repeat(9_000_000) });
    const stream = await opened(
      collection.watch([{ $changeStreamSplitLargeEvent: {} }], { fullDocumentBeforeChange: 'required' }),
    );
    await collection.replaceOne({ _id: 1 }, { text: 'b'.repeat(9_000_000) });
    const parts: Document[] = [await stream.next(), await stream.next()];
    expect(parts.map(({ splitEvent }) => splitEvent)).toEqual([
      { fragment: 1, of: 2 },
      { fragment: 2, of: 2 },
    ]);
    expect(Object.assign({}, ...parts)).toMatchObject({
      operationType: 'replace',
      fullDocument: { _id: 1 },
      fullDocumentBeforeChange: { _id: 1 },
    });
    await stream.close();
  });

  it.each([
    [{ $changeStream: { nonsense: 1 } }, 40415],
    [{ $changeStream: 7 }, 50808],
    [{ $changeStream: { fullDocument: 'sometimes' } }, 2],
    [{ $changeStream: { resumeAfter: 'here' } }, 14],
    [{ $changeStream: { startAtOperationTime: 7 } }, 14],
    [{ $changeStream: { allChangesForCluster: true } }, 72],
    [{ $changeStream: { resumeAfter: { _data: '00' } } }, 260],
  ])('refuses %j with %i', async (stage, code) => {
    await expect(collectionOf('refused').aggregate([stage]).toArray()).rejects.toMatchObject({ code });
  });

  it.each([
    [[{ $group: { _id: 1 } }], 20],
    [[{ $nonsense: 1 }], 40324],
    [[{ $project: { _id: 0 } }], 280],
  ])('refuses %j behind the stream with %i', async (stages, code) => {
    const stream = collectionOf('behind').watch(stages);
    const failure = stream.tryNext().then(async () => {
      await collectionOf('behind').insertOne({ _id: 1 });
      return stream.next();
    });
    await expect(failure).rejects.toMatchObject({ code });
  });

  it('refuses a token that is none', async () => {
    await expect(
      collectionOf('all')
        .watch([], { resumeAfter: { _data: 'nothing' } })
        .tryNext(),
    ).rejects.toMatchObject({ code: 260 });
  });
});

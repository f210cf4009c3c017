/** The client's bulkWrite: operations on several collections in one command. */
import type { Document } from 'mongodb';
import { MongoClientBulkWriteError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

describe('bulkWrite of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  const documents = (name: string) =>
    started.client
      .db('bulk')
      .collection<Document & { _id: number }>(name)
      .find({}, { sort: { _id: 1 } })
      .toArray();

  it('inserts, updates and deletes in several collections', async () => {
    const result = await started.client.bulkWrite<Record<string, Document & { _id: number }>>(
      [
        { name: 'insertOne', namespace: 'bulk.a', document: { _id: 1, n: 1 } },
        { name: 'insertOne', namespace: 'bulk.b', document: { _id: 1 } },
        { name: 'updateOne', namespace: 'bulk.a', filter: { _id: 1 }, update: { $inc: { n: 1 } } },
        {
          name: 'updateMany',
          namespace: 'bulk.a',
          filter: { _id: 7 },
          update: { $set: { n: 7 } },
          upsert: true,
        },
        { name: 'replaceOne', namespace: 'bulk.a', filter: { _id: 7 }, replacement: { r: 1 } },
        { name: 'deleteOne', namespace: 'bulk.b', filter: { _id: 1 } },
      ],
      { verboseResults: true },
    );
    expect(result).toMatchObject({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(await documents('a')).toEqual([
      { _id: 1, n: 2 },
      { _id: 7, r: 1 },
    ]);
    expect(await documents('b')).toEqual([]);
  });

  it.each([
    [true, [1]],
    [false, [1, 2]],
  ])('ordered %s, goes on after an error or not', async (ordered, ids) => {
    const namespace = `bulk.errors${ordered}`;
    const failure = started.client.bulkWrite<Record<string, Document & { _id: number }>>(
      [1, 1, 2].map((_id) => ({ name: 'insertOne' as const, namespace, document: { _id } })),
      { ordered },
    );
    await expect(failure).rejects.toBeInstanceOf(MongoClientBulkWriteError);
    expect((await documents(`errors${ordered}`)).map(({ _id }) => _id)).toEqual(ids);
  });

  it('is part of a transaction', async () => {
    await started.client.withSession(async (session) => {
      session.startTransaction();
      await started.client.bulkWrite<Record<string, Document & { _id: number }>>(
        [{ name: 'insertOne', namespace: 'bulk.t', document: { _id: 1 } }],
        {
          session,
        },
      );
      expect(await documents('t')).toEqual([]);
      await session.abortTransaction();
    });
    expect(await documents('t')).toEqual([]);
  });

  it.each([
    [{ ops: [], nsInfo: [{ ns: 'a.b' }] }, 16],
    [{ ops: [{ insert: 1, document: {} }], nsInfo: [{ ns: 'a.b' }] }, 2],
    [{ ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'nodot' }] }, 73],
    [{ ops: [{ insert: 0 }], nsInfo: [{ ns: 'a.b' }] }, 40414],
    [{ ops: [{ insert: 0, document: {}, more: 1 }], nsInfo: [{ ns: 'a.b' }] }, 40415],
    [{ nsInfo: [{ ns: 'a.b' }] }, 40414],
  ])('refuses %j with %i', async (command, code) => {
    await expect(started.client.db('admin').command({ bulkWrite: 1, ...command })).rejects.toMatchObject({
      code,
    });
  });
});

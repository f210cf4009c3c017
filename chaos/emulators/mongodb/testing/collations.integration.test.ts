/** Collations in queries, sorts, groups, updates and indexes, and as the default of a collection. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

const caseless = { locale: 'en', strength: 2 };

describe('collations of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  const database = () => started.client.db('collations');
  const names = () => database().collection<Document & { _id: number }>('names');

  beforeEach(async () => {
    await names().drop();
    await names().insertMany(['Bob', 'alice', 'bob', 'Alice', 'carol'].map((name, _id) => ({ _id, name })));
  });

  it('finds, sorts, counts and tells apart by it', async () => {
    const found = names().find({ name: 'ALICE' }, { collation: caseless });
    expect((await found.toArray()).map(({ _id }) => _id)).toEqual([1, 3]);
    const sorted = names().find({}, { collation: { locale: 'en' }, sort: { name: 1 } });
    expect((await sorted.toArray()).map(({ name }) => name)).toEqual([
      'alice',
      'Alice',
      'bob',
      'Bob',
      'carol',
    ]);
    expect(await names().countDocuments({ name: { $in: ['BOB', 'CAROL'] } }, { collation: caseless })).toBe(
      3,
    );
    expect(await names().distinct('name', {}, { collation: caseless })).toHaveLength(3);
    expect(await names().countDocuments({ name: { $gte: 'Carol' } }, { collation: caseless })).toBe(1);
    expect(await names().countDocuments({ name: 'ALICE' })).toBe(0);
  });

  it('finds in further batches all identifiers that it compares as equal', async () => {
    const texts = database().collection<{ _id: string }>('texts');
    await texts.insertMany([{ _id: 'a' }, { _id: 'A' }, { _id: 'b' }]);
    const found = texts.find({ _id: 'a' }, { batchSize: 1, collation: caseless });
    expect((await found.toArray()).map(({ _id }) => _id)).toEqual(['a', 'A']);
    expect(await texts.find({ _id: 'a' }, { batchSize: 1 }).toArray()).toEqual([{ _id: 'a' }]);
  });

  it('groups and sorts in a pipeline by it', async () => {
    const groups = await names()
      .aggregate([{ $group: { _id: '$name', n: { $sum: 1 } } }, { $sort: { _id: 1 } }], {
        collation: caseless,
      })
      .toArray();
    expect(groups.map(({ n }) => n)).toEqual([2, 2, 1]);
  });

  it('updates and deletes by it', async () => {
    const updated = await names().updateMany({ name: 'BOB' }, { $set: { seen: 1 } }, { collation: caseless });
    expect(updated.modifiedCount).toBe(2);
    const deleted = await names().deleteMany({ name: 'CAROL' }, { collation: caseless });
    expect(deleted.deletedCount).toBe(1);
    const changed = await names().findOneAndUpdate(
      { name: 'ALICE' },
      { $set: { x: 1 } },
      { collation: caseless },
    );
    expect(changed).toMatchObject({ _id: 1 });
  });

  it('makes an index unique without regard to case, and uses it where the query agrees', async () => {
    await names().deleteMany({ _id: { $gt: 1 } });
    await names().createIndex({ name: 1 }, { unique: true, collation: caseless });
    await expect(names().insertOne({ _id: 9, name: 'BOB' })).rejects.toMatchObject({ code: 11000 });
    await names().insertOne({ _id: 8, name: 'Bøb' });
    const stageOf = async (collation: typeof caseless | undefined): Promise<unknown> => {
      const plan = await names()
        .find({ name: 'bob' }, collation === undefined ? {} : { collation })
        .explain();
      return plan['queryPlanner'].winningPlan.stage;
    };
    expect(await stageOf(caseless)).toBe('FETCH');
    expect(await stageOf(undefined)).toBe('COLLSCAN');
    expect(await names().findOne({ name: 'bob' }, { collation: caseless })).toMatchObject({ _id: 0 });
    const [, index] = await names().listIndexes().toArray();
    expect(index).toMatchObject({ collation: { locale: 'en', strength: 2, version: '57.1' } });
  });

  it('reads an index in the order of its collation', async () => {
    const collation = { locale: 'en', numericOrdering: true };
    const versions = database().collection<Document & { _id: number }>('versions');
    await versions.insertMany(['v10', 'v9', 'v100', 'v1'].map((name, _id) => ({ _id, name })));
    await versions.createIndex({ name: 1 }, { collation });
    const cursor = versions.find({ name: { $gt: 'v5' } }, { collation, sort: { name: 1 } });
    expect((await cursor.explain())['queryPlanner'].winningPlan.stage).toBe('FETCH');
    const found = await versions.find({ name: { $gt: 'v5' } }, { collation, sort: { name: 1 } }).toArray();
    expect(found.map(({ name }) => name)).toEqual(['v9', 'v10', 'v100']);
  });

  it('is the default of a collection for its queries, its indexes and its ids', async () => {
    await database().createCollection('caseless', { collation: caseless });
    const collection = database().collection<{ _id: string; name?: string }>('caseless');
    await collection.insertOne({ _id: 'One', name: 'X' });
    await expect(collection.insertOne({ _id: 'ONE' })).rejects.toMatchObject({ code: 11000 });
    expect(await collection.findOne({ _id: 'one' })).toMatchObject({ _id: 'One' });
    expect(await collection.findOne({ _id: 'one' }, { collation: { locale: 'simple' } })).toBeNull();
    await collection.createIndex({ name: 1 });
    const indexes = await collection.listIndexes().toArray();
    expect(indexes.every(({ collation }) => collation?.strength === 2)).toBe(true);
  });

  it('outlives a restart with its indexes', async () => {
    await using folders = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'redcliff-collations-'));
    folders.defer(() => rm(folder, { recursive: true, force: true }));
    {
      await using first = await startTestServer(folder);
      const collection = first.client.db('kept').collection<{ _id: string }>('c');
      await first.client.db('kept').createCollection('c', { collation: caseless });
      await collection.insertOne({ _id: 'One' });
    }
    await using second = await startTestServer(folder);
    const collection = second.client.db('kept').collection<{ _id: string }>('c');
    expect(await collection.findOne({ _id: 'ONE' })).toEqual({ _id: 'One' });
    await expect(collection.insertOne({ _id: 'one' })).rejects.toMatchObject({ code: 11000 });
  });
});

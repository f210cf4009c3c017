/** Validators, views, and what collMod changes about a collection and its indexes. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

describe('validators, views and collMod of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  const database = () => started.client.db('options');
  const collectionOf = (name: string) => database().collection<Document & { _id: number }>(name);

  it('refuses what a schema does not allow, and says why', async () => {
    await database().createCollection('schema', {
      validator: { $jsonSchema: { required: ['name'], properties: { age: { bsonType: 'int' } } } },
    });
    const collection = collectionOf('schema');
    await collection.insertOne({ _id: 1, name: 'a', age: 1 });
    await expect(collection.insertOne({ _id: 2, age: 'old' })).rejects.toMatchObject({
      code: 121,
      errInfo: {
        failingDocumentId: 2,
        details: {
          operatorName: '$jsonSchema',
          schemaRulesNotSatisfied: [
            { operatorName: 'required', missingProperties: ['name'] },
            { operatorName: 'properties', propertiesNotSatisfied: [{ propertyName: 'age' }] },
          ].toReversed(),
        },
      },
    });
    await expect(collection.updateOne({ _id: 1 }, { $set: { age: 'x' } })).rejects.toMatchObject({
      code: 121,
    });
    await collection.insertOne({ _id: 3 }, { bypassDocumentValidation: true });
    expect(await collection.find({ $jsonSchema: { required: ['name'] } }).toArray()).toHaveLength(1);
  });

  it('checks with the level and action that collMod sets', async () => {
    const collection = collectionOf('levels');
    await collection.insertMany([
      { _id: 1, a: 'old' },
      { _id: 2, a: 1 },
    ]);
    const change = (options: Document) => database().command({ collMod: 'levels', ...options });
    await change({ validator: { a: { $type: 'int' } } });
    await expect(collection.updateOne({ _id: 1 }, { $set: { b: 1 } })).rejects.toMatchObject({ code: 121 });
    await change({ validationLevel: 'moderate' });
    await collection.updateOne({ _id: 1 }, { $set: { b: 1 } });
    await expect(collection.updateOne({ _id: 2 }, { $set: { a: 'x' } })).rejects.toMatchObject({ code: 121 });
    await change({ validationAction: 'warn' });
    await collection.insertOne({ _id: 3, a: 'x' });
    await change({ validator: {}, validationLevel: 'strict', validationAction: 'error' });
    await collection.insertOne({ _id: 4, a: 'y' });
    const [listed] = await database().listCollections({ name: 'levels' }).toArray();
    expect(listed).toMatchObject({ options: { validationLevel: 'strict', validationAction: 'error' } });
  });

  it('hides an index, changes its expiry and makes it unique', async () => {
    const collection = collectionOf('indexes');
    await collection.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    await collection.createIndex({ a: 1 });
    const change = (index: Document) => database().command({ collMod: 'indexes', index });
    const stage = async () => (await collection.find({ a: 1 }).explain())['queryPlanner'].winningPlan.stage;
    expect(await stage()).toBe('FETCH');
    expect(await change({ name: 'a_1', hidden: true })).toMatchObject({
      hidden_old: false,
      hidden_new: true,
    });
    expect(await stage()).toBe('COLLSCAN');
    await change({ keyPattern: { a: 1 }, hidden: false });
    expect(await change({ name: 'a_1', expireAfterSeconds: 9 })).toMatchObject({ expireAfterSeconds_new: 9 });
    await expect(change({ name: 'a_1', unique: true })).rejects.toMatchObject({ code: 72 });
    await change({ name: 'a_1', prepareUnique: true });
    await expect(collection.insertOne({ _id: 3, a: 1 })).rejects.toMatchObject({ code: 11000 });
    await expect(change({ name: 'a_1', unique: true })).rejects.toMatchObject({
      code: 359,
      errorResponse: { violations: [{ ids: [1, 2] }] },
    });
    await collection.deleteOne({ _id: 2 });
    await change({ name: 'a_1', unique: true });
    expect((await collection.listIndexes().toArray())[1]).toMatchObject({
      unique: true,
      expireAfterSeconds: 9,
    });
  });

  it('reads a view as a collection and writes none', async () => {
    const base = collectionOf('base');
    await base.insertMany([1, 2, 3, 4].map((_id) => ({ _id, even: _id % 2 === 0, text: `n${_id}` })));
    await database().createCollection('even', { viewOn: 'base', pipeline: [{ $match: { even: true } }] });
    await database().createCollection('named', { viewOn: 'even', pipeline: [{ $project: { text: 1 } }] });
    const view = collectionOf('named');
    expect(await view.find({}, { sort: { _id: -1 } }).toArray()).toEqual([
      { _id: 4, text: 'n4' },
      { _id: 2, text: 'n2' },
    ]);
    expect(await view.find({ even: true }).toArray()).toEqual([]);
    expect(await view.countDocuments()).toBe(2);
    expect(await view.estimatedDocumentCount()).toBe(2);
    expect(await view.distinct('text')).toEqual(['n2', 'n4']);
    expect(await view.find({}, { projection: { _id: 0 }, skip: 1, limit: 1 }).toArray()).toEqual([
      { text: 'n4' },
    ]);
    const joined = collectionOf('base').aggregate([
      { $match: { _id: 2 } },
      { $lookup: { from: 'named', localField: '_id', foreignField: '_id', as: 'seen' } },
    ]);
    expect(await joined.next()).toMatchObject({ seen: [{ text: 'n2' }] });
    for (const write of [
      view.insertOne({ _id: 9 }),
      view.updateOne({}, { $set: { a: 1 } }),
      view.deleteMany({}),
    ]) {
      await expect(write).rejects.toMatchObject({ code: 166 });
    }
    await expect(view.createIndex({ a: 1 })).rejects.toMatchObject({ code: 166 });
    const listed = await database().listCollections({ type: 'view' }).toArray();
    expect(listed.map(({ name }) => name).toSorted()).toEqual(['even', 'named']);
    await database().command({ collMod: 'even', viewOn: 'base', pipeline: [{ $match: { even: false } }] });
    expect((await view.find().toArray()).map(({ _id }) => _id)).toEqual([1, 3]);
    await view.drop();
    expect(await base.countDocuments()).toBe(4);
  });

  it.each([
    [{ create: 'x', viewOn: 'y', pipeline: [{ $out: 'z' }] }, 167],
    [{ create: 'x', viewOn: 'x' }, 5],
    [{ create: 'x', pipeline: [] }, 72],
    [{ create: 'x', viewOn: 'y', capped: true, size: 1 }, 72],
    [{ create: 'x', capped: true }, 72],
    [{ create: 'x', size: 5 }, 72],
    [{ create: 'x', validationAction: 'shout' }, 2],
    [{ create: 'x', validator: { $where: '1' } }, 2],
    [{ create: 'x', validator: { a: { $near: [0, 0] } } }, 5626500],
    [{ create: 'x', expireAfterSeconds: 5 }, 72],
    [{ create: 'x', timeseries: {} }, 40414],
    [{ create: 'x', timeseries: { timeField: 'a.b' } }, 72],
    [{ create: 'x', timeseries: { timeField: 't', granularity: 'years' } }, 2],
    [{ create: 'x', collation: { locale: 'nowhere' } }, 2],
    [{ create: 'x', clusteredIndex: { key: { a: 1 }, unique: true } }, 197],
    [{ create: 'x', nonsense: 1 }, 40415],
    [{ collMod: 'nothing here' }, 26],
  ])('refuses %j with %i', async (command, code) => {
    await expect(database().command(command)).rejects.toMatchObject({ code });
  });
});

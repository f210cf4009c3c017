/** Text and geo indexes through the driver, and keys of indexes: min, max, returnKey, hint. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

describe('searches of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  const collectionOf = (name: string) =>
    started.client.db('search').collection<Document & { _id: number }>(name);

  it('finds text, best first', async () => {
    const articles = collectionOf('articles');
    await articles.insertMany([
      { _id: 1, title: 'tea', body: 'nothing of coffee' },
      { _id: 2, title: 'coffee', body: 'all of it' },
      { _id: 3, title: 'water', body: 'clear' },
    ]);
    await expect(articles.find({ $text: { $search: 'coffee' } }).toArray()).rejects.toMatchObject({
      code: 27,
    });
    await articles.createIndex({ title: 'text', body: 'text' }, { weights: { title: 5 } });
    const score = { $meta: 'textScore' } as const;
    const found = articles.find(
      { $text: { $search: 'coffees' } },
      { projection: { score }, sort: { score } },
    );
    expect((await found.toArray()).map(({ _id }) => _id)).toEqual([2, 1]);
    const piped = articles.aggregate([
      { $match: { $text: { $search: 'coffee' } } },
      { $sort: { score } },
      { $project: { score } },
    ]);
    expect((await piped.toArray()).map(({ _id }) => _id)).toEqual([2, 1]);
    expect((await articles.listIndexes().toArray())[1]).toMatchObject({
      key: { _fts: 'text', _ftsx: 1 },
      weights: { body: 1, title: 5 },
      default_language: 'english',
      textIndexVersion: 3,
    });
    await expect(articles.createIndex({ other: 'text' })).rejects.toMatchObject({ code: 85 });
  });

  it('finds what is near, nearest first', async () => {
    const places = collectionOf('places');
    await places.insertMany([3, 1, 2].map((_id) => ({ _id, at: { type: 'Point', coordinates: [_id, 0] } })));
    const $geometry = { type: 'Point' as const, coordinates: [0, 0] };
    await expect(places.find({ at: { $near: { $geometry } } }).toArray()).rejects.toMatchObject({
      code: 291,
    });
    await places.createIndex({ at: '2dsphere' });
    const ids = async (filter: Document) => (await places.find(filter).toArray()).map(({ _id }) => _id);
    expect(await ids({ at: { $near: { $geometry } } })).toEqual([1, 2, 3]);
    expect(await ids({ at: { $near: { $geometry, $maxDistance: 230_000 } } })).toEqual([1, 2]);
    expect(await ids({ at: { $nearSphere: [3, 0] } })).toEqual([3, 2, 1]);
    expect(await ids({ at: { $geoWithin: { $centerSphere: [[1, 0], 0.001] } } })).toEqual([1]);
    const near = await places
      .aggregate([{ $geoNear: { near: $geometry, distanceField: 'd', includeLocs: 'where' } }])
      .toArray();
    expect(near.map(({ _id, d }) => [_id, Math.round(d)])).toEqual([
      [1, 111_319],
      [2, 222_638],
      [3, 333_957],
    ]);
    await expect(
      places.insertOne({ _id: 9, at: { type: 'Point', coordinates: [500, 0] } }),
    ).rejects.toMatchObject({
      code: 16755,
    });
    await places.insertOne({ _id: 4 });
  });

  it('measures on a plane with a 2d index', async () => {
    const plane = collectionOf('plane');
    await plane.insertMany([
      { _id: 1, at: [1, 1] },
      { _id: 2, at: [5, 5] },
    ]);
    await plane.createIndex({ at: '2d' });
    const found = await plane.find({ at: { $near: [6, 6], $maxDistance: 3 } }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual([2]);
    await expect(plane.insertOne({ _id: 3, at: [500, 0] })).rejects.toMatchObject({ code: 13027 });
  });

  it('reads between keys of an index, and the keys alone', async () => {
    const keys = collectionOf('keys');
    await keys.insertMany([1, 2, 3, 4].map((_id) => ({ _id, a: _id * 10 })));
    await keys.createIndex({ a: 1 });
    const between = keys.find({}, { min: { a: 20 }, max: { a: 40 }, hint: { a: 1 } });
    expect((await between.toArray()).map(({ _id }) => _id)).toEqual([2, 3]);
    await expect(keys.find({}, { min: { a: 20 } }).toArray()).rejects.toMatchObject({ code: 51173 });
    expect(await keys.find({ a: { $gt: 30 } }, { returnKey: true }).toArray()).toEqual([{ a: 40 }]);
    expect(await keys.findOne({ a: 10 }, { showRecordId: true })).toMatchObject({ $recordId: 1 });
    await expect(keys.find({}, { hint: 'nothing' }).toArray()).rejects.toMatchObject({ code: 2 });
  });

  it('keeps hashed and wildcard indexes', async () => {
    const others = collectionOf('others');
    await others.createIndexes([{ key: { h: 'hashed' } }, { key: { 'sub.$**': 1 } }]);
    await others.insertOne({ _id: 1, h: 5, sub: { x: 1 } });
    expect(await others.findOne({ h: 5 })).toMatchObject({ _id: 1 });
    expect(await others.findOne({ 'sub.x': 1 })).toMatchObject({ _id: 1 });
    await expect(others.insertOne({ _id: 2, h: [1] })).rejects.toMatchObject({ code: 16766 });
    await expect(others.createIndex({ u: 'hashed' }, { unique: true })).rejects.toMatchObject({
      code: 16764,
    });
  });
});

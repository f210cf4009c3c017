/** Time series and documents that expire, on a clock that is moved by hand. */
import type { Document } from 'mongodb';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import type { MongoServer } from '../server.ts';
import { expireDocuments } from '../upkeep.ts';

const minuteMs = 60_000;

describe('expiry and time series of the embedded MongoDB', () => {
  let server: MongoServer;
  let client: MongoClient;
  let aheadMs = 0;

  beforeAll(async () => {
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
    server = await startMongoServer({
      host: '127.0.0.1',
      port: 0,
      folder: undefined,
      clock,
      random: seededRandom('expiry'),
    });
    client = await new MongoClient(server.uri).connect();
  });

  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });

  const collectionOf = (name: string) => client.db('expiry').collection<Document & { _id: number }>(name);
  const ids = async (name: string) => (await collectionOf(name).find().toArray()).map(({ _id }) => _id);
  const inMinutes = (minutes: number): Date => new Date(server.state.clock.nowMs() + minutes * minuteMs);

  it('removes documents some time after their date', async () => {
    const collection = collectionOf('ttl');
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await collection.insertMany([
      { _id: 1, at: inMinutes(0) },
      { _id: 2, at: inMinutes(5) },
      { _id: 3, at: 'never' },
      { _id: 4 },
      { _id: 5, at: [inMinutes(9), inMinutes(-9)] },
    ]);
    expireDocuments(server.state);
    expect(await ids('ttl')).toEqual([1, 2, 3, 4]);
    aheadMs += 2 * minuteMs;
    expireDocuments(server.state);
    expect(await ids('ttl')).toEqual([2, 3, 4]);
    await client.db('expiry').command({ collMod: 'ttl', index: { name: 'at_1', expireAfterSeconds: 3600 } });
    aheadMs += 10 * minuteMs;
    expireDocuments(server.state);
    expect(await ids('ttl')).toEqual([2, 3, 4]);
  });

  it('removes only what a partial index has', async () => {
    const collection = collectionOf('partial');
    const partialFilterExpression = { done: true };
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression });
    await collection.insertMany([
      { _id: 1, at: inMinutes(-1), done: true },
      { _id: 2, at: inMinutes(-1) },
    ]);
    expireDocuments(server.state);
    expect(await ids('partial')).toEqual([2]);
  });

  it('keeps what a condition of a partial index on the date itself leaves out', async () => {
    const collection = collectionOf('partial-by-date');
    const partialFilterExpression = { at: { $gte: inMinutes(-5) } };
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression });
    await collection.insertMany([
      { _id: 1, at: inMinutes(-9) },
      { _id: 2, at: inMinutes(-1) },
      { _id: 3, at: inMinutes(9) },
    ]);
    expireDocuments(server.state);
    expect(await ids('partial-by-date')).toEqual([1, 3]);
  });

  it.each([
    [{ a: 1 }, { expireAfterSeconds: -1 }],
    [{ a: 1 }, { expireAfterSeconds: 2 ** 31 }],
    [{ a: 1, b: 1 }, { expireAfterSeconds: 1 }],
  ] as const)('refuses an index %j with %j', async (key, options) => {
    await expect(collectionOf('refused').createIndex(key, options)).rejects.toMatchObject({ code: 67 });
  });

  it('keeps a time series, whose documents have a time and need no id of their own', async () => {
    await client.db('expiry').createCollection('series', {
      timeseries: { timeField: 't', metaField: 'm' },
      expireAfterSeconds: 60,
    });
    const series = collectionOf('series');
    const t = inMinutes(0);
    await series.insertMany([
      { _id: 1, t, m: 'a', v: 1 },
      { _id: 1, t, m: 'a', v: 2 },
      { _id: 2, t: inMinutes(30), m: 'b', v: 3 },
    ]);
    expect(await series.find({ _id: 1 }).toArray()).toHaveLength(2);
    await expect(series.insertOne({ _id: 3, t: 'now' })).rejects.toMatchObject({ code: 2 });
    const listed = await client.db('expiry').listCollections({ name: 'series' }).toArray();
    expect(listed).toMatchObject([
      { type: 'timeseries', options: { timeseries: { granularity: 'seconds', bucketMaxSpanSeconds: 3600 } } },
    ]);
    expect((await series.listIndexes().toArray()).map(({ name }) => name)).toEqual(['m_1_t_1']);
    await expect(series.updateOne({ m: 'a' }, { $set: { m: 'c' } })).rejects.toMatchObject({ code: 72 });
    await expect(series.updateMany({ v: 1 }, { $set: { m: 'c' } })).rejects.toMatchObject({ code: 72 });
    expect((await series.updateMany({ m: 'a' }, { $set: { m: 'c' } })).modifiedCount).toBe(2);
    await expect(series.createIndex({ v: 1 }, { unique: true })).rejects.toMatchObject({ code: 72 });
    aheadMs += 2 * minuteMs;
    expireDocuments(server.state);
    expect(await series.find().toArray()).toMatchObject([{ v: 3 }]);
  });

  it('bounds a capped collection by number and size, and keeps at least the newest', async () => {
    await client.db('expiry').createCollection('capped', { capped: true, size: 4096, max: 2 });
    const capped = collectionOf('capped');
    await capped.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    expect(await ids('capped')).toEqual([2, 3]);
    await capped.insertOne({ _id: 4, text: 'x'.repeat(5000) });
    expect(await ids('capped')).toEqual([4]);
    expect(await capped.isCapped()).toBe(true);
  });
});

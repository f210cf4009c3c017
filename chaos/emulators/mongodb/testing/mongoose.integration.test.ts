/** Mongoose's everyday use against the embedded server: what the system under test does with it, and a little more. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

const citySchema = new mongoose.Schema({
  name: { type: String, unique: true, required: true },
  population: { type: Number, default: 0 },
});
const generalSchema = new mongoose.Schema(
  {
    name: String,
    city: { type: mongoose.Schema.Types.ObjectId, ref: 'City' },
    troops: [{ kind: String, count: Number }],
    orders: { type: Map, of: String },
    tags: [String],
  },
  { timestamps: true, optimisticConcurrency: true },
);

describe('Mongoose on the embedded MongoDB', () => {
  let started: TestServer;
  let connection: mongoose.Connection;

  function models() {
    return {
      City: connection.model('City', citySchema),
      General: connection.model('General', generalSchema),
    };
  }

  beforeAll(async () => {
    started = await startTestServer();
    connection = await mongoose
      .createConnection(started.server.uri, { dbName: 'mongoose', serverSelectionTimeoutMS: 10_000 })
      .asPromise();
    const { City, General } = models();
    await City.init();
    await General.init();
  });

  afterAll(async () => {
    await connection.close();
    await started[Symbol.asyncDispose]();
  });

  it('populates references', async () => {
    const { City, General } = models();
    const city = await City.create({ name: 'Jianye', population: 7 });
    await General.create({ name: 'Zhou Yu', city: city._id });
    const found = await General.findOne({ name: 'Zhou Yu' })
      .populate<{ city: { name: string } }>('city')
      .orFail();
    expect(found.city.name).toBe('Jianye');
  });

  it('changes nested arrays and maps in place', async () => {
    const { General } = models();
    const general = await General.create({
      name: 'Lu Su',
      troops: [{ kind: 'foot', count: 1 }],
      orders: { '0': 'march' },
    });
    general.troops.push({ kind: 'ships', count: 9 });
    const first = general.troops[0];
    if (first) first.count = 5;
    general.orders?.set('1', 'rest');
    await general.save();
    const plain = await General.findById(general._id).lean().orFail();
    expect(plain.troops.map(({ kind, count }) => [kind, count])).toEqual([
      ['foot', 5],
      ['ships', 9],
    ]);
    expect(plain.orders).toEqual({ '0': 'march', '1': 'rest' });
    expect(plain.updatedAt.getTime()).toBeGreaterThanOrEqual(plain.createdAt.getTime());
  });

  it('refuses to save over a change made meanwhile', async () => {
    const { General } = models();
    const { _id } = await General.create({ name: 'Gan Ning', tags: ['bells'] });
    const [mine, theirs] = await Promise.all([
      General.findById(_id).orFail(),
      General.findById(_id).orFail(),
    ]);
    theirs.tags.push('raid');
    await theirs.save();
    mine.tags.push('wine');
    await expect(mine.save()).rejects.toMatchObject({ name: 'VersionError' });
    expect((await General.findById(_id).orFail()).tags).toEqual(['bells', 'raid']);
  });

  it('keeps unique indexes and tells the key', async () => {
    const { City } = models();
    await City.create({ name: 'Chaisang' });
    await expect(City.create({ name: 'Chaisang' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { name: 1 },
      keyValue: { name: 'Chaisang' },
    });
  });

  it('commits a transaction, and undoes one that throws', async () => {
    const { City } = models();
    await connection.transaction(async (session) => {
      await City.create([{ name: 'Xiakou', population: 1 }], { session });
      await City.updateOne({ name: 'Xiakou' }, { $inc: { population: 2 } }, { session });
    });
    expect(await City.findOne({ name: 'Xiakou' }).lean()).toMatchObject({ population: 3 });
    const failing = connection.transaction(async (session) => {
      await City.updateOne({ name: 'Xiakou' }, { $set: { population: 0 } }, { session });
      throw new Error('change of mind');
    });
    await expect(failing).rejects.toThrow('change of mind');
    expect(await City.findOne({ name: 'Xiakou' }).lean()).toMatchObject({ population: 3 });
  });

  it('writes in bulk and reads by cursor', async () => {
    const { General } = models();
    const names = Array.from({ length: 250 }, (_, index) => `soldier ${index}`);
    const written = await General.bulkWrite([
      ...names.map((name) => ({ insertOne: { document: { name, tags: ['bulk'] } } })),
      { updateMany: { filter: { tags: 'bulk' }, update: { $addToSet: { tags: 'drilled' } } } },
      { deleteOne: { filter: { name: 'soldier 0' } } },
      { updateOne: { filter: { name: 'captain' }, update: { $set: { tags: ['bulk'] } }, upsert: true } },
    ]);
    expect(written).toMatchObject({
      insertedCount: 250,
      modifiedCount: 250,
      deletedCount: 1,
      upsertedCount: 1,
    });
    const seen: string[] = [];
    for await (const general of General.find({ tags: 'bulk' }).sort({ _id: 1 }).cursor({ batchSize: 20 }))
      seen.push(general.name ?? '');
    expect(seen.toSorted()).toEqual([...names.slice(1), 'captain'].toSorted());
  });

  it('aggregates and counts', async () => {
    const { General } = models();
    await General.create([1, 2, 3].map((count) => ({ name: 'guard', troops: [{ kind: 'foot', count }] })));
    const sums = await General.aggregate<{ _id: string; total: number }>([
      { $match: { name: 'guard' } },
      { $unwind: '$troops' },
      { $group: { _id: '$troops.kind', total: { $sum: '$troops.count' } } },
    ]);
    expect(sums).toEqual([{ _id: 'foot', total: 6 }]);
    expect(await General.countDocuments({ 'troops.count': { $gte: 2 }, name: 'guard' })).toBe(2);
    expect((await General.distinct('troops.count', { name: 'guard' })).toSorted()).toEqual([1, 2, 3]);
  });
});

/** Sessions on the wire: repeated writes, repeated commits, numbers too old, what outlives a restart. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Long } from 'bson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';
import { RawClient, inTransaction, lsidOf } from './raw-client.ts';

const number = (value: number) => Long.fromNumber(value);

describe('sessions of the embedded MongoDB', () => {
  let folder: string;
  let started: TestServer;
  let raw: RawClient;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redcliff-sessions-'));
    started = await startTestServer(folder);
    raw = await RawClient.connect(started.server.port);
  });

  afterEach(async () => {
    await raw[Symbol.asyncDispose]();
    await started[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function restart(): Promise<void> {
    await raw[Symbol.asyncDispose]();
    await started[Symbol.asyncDispose]();
    started = await startTestServer(folder);
    raw = await RawClient.connect(started.server.port);
  }

  it('answers the repetition of a write with the reply it had, also after a restart', async () => {
    const insert = {
      insert: 'c',
      documents: [{ _id: 1, n: 0 }, { _id: 2 }],
      lsid: lsidOf(1),
      txnNumber: number(1),
    };
    const increment = {
      findAndModify: 'c',
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      new: true,
      lsid: lsidOf(2),
      txnNumber: number(1),
    };
    const update = {
      update: 'c',
      updates: [{ q: { _id: 9 }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid: lsidOf(3),
      txnNumber: number(1),
    };
    const remove = {
      delete: 'c',
      deletes: [{ q: { _id: 2 }, limit: 1 }],
      lsid: lsidOf(4),
      txnNumber: number(1),
    };
    for (let round = 0; round < 3; round += 1) {
      expect(await raw.command('t', insert)).toMatchObject({ ok: { value: 1 }, n: 2 });
      expect(await raw.command('t', increment)).toMatchObject({
        value: { _id: 1, n: 1 },
        lastErrorObject: { n: 1 },
      });
      expect(await raw.command('t', update)).toMatchObject({ n: 1, upserted: [{ index: 0, _id: 9 }] });
      expect(await raw.command('t', remove)).toMatchObject({ n: 1 });
      if (round === 1) await restart();
    }
    const { cursor } = await raw.command('t', { find: 'c', sort: { _id: 1 } });
    expect(cursor).toMatchObject({
      firstBatch: [
        { _id: 1, n: 1 },
        { _id: 9, n: 1 },
      ],
    });
  });

  it('refuses a transaction number older than the newest', async () => {
    const insert = { insert: 'c', documents: [{ a: 1 }], lsid: lsidOf(1) };
    await raw.command('t', { ...insert, txnNumber: number(5) });
    expect(await raw.command('t', { ...insert, txnNumber: number(4) })).toMatchObject({
      code: 225,
      codeName: 'TransactionTooOld',
    });
  });

  it('commits again what was committed, also after a restart, and knows no other', async () => {
    const transaction = inTransaction(1, number(1));
    const commit = { commitTransaction: 1, ...transaction };
    await raw.command('t', { insert: 'c', documents: [{ _id: 1 }], ...inTransaction(1, number(1), true) });
    expect(await raw.command('admin', commit)).toMatchObject({ ok: { value: 1 } });
    expect(await raw.command('admin', commit)).toMatchObject({ ok: { value: 1 } });
    expect(await raw.command('admin', { abortTransaction: 1, ...transaction })).toMatchObject({
      code: 256,
      codeName: 'TransactionCommitted',
    });
    expect(await raw.command('t', { find: 'c', ...transaction })).toMatchObject({ code: 256 });
    await restart();
    expect(await raw.command('admin', commit)).toMatchObject({ ok: { value: 1 } });
    expect(
      await raw.command('admin', { commitTransaction: 1, ...inTransaction(1, number(2)) }),
    ).toMatchObject({
      code: 251,
      codeName: 'NoSuchTransaction',
      errorLabels: ['TransientTransactionError'],
    });
  });

  it('aborts a transaction on any error in it', async () => {
    await raw.command('t', { insert: 'c', documents: [{ _id: 1 }], ...inTransaction(1, number(1), true) });
    expect(
      await raw.command('t', { insert: 'c', documents: [{ _id: 1 }], ...inTransaction(1, number(1)) }),
    ).toMatchObject({ writeErrors: [{ code: 11000 }] });
    expect(await raw.command('t', { find: 'c', ...inTransaction(1, number(1)) })).toMatchObject({
      code: 251,
    });
    expect(
      await raw.command('admin', { commitTransaction: 1, ...inTransaction(1, number(1)) }),
    ).toMatchObject({ code: 251 });
    expect(await raw.command('t', { count: 'c' })).toMatchObject({ n: 0 });
  });

  it('aborts a transaction that lives too long', async () => {
    await started.client.db('admin').command({ setParameter: 1, transactionLifetimeLimitSeconds: 0.05 });
    await raw.command('t', { insert: 'c', documents: [{ _id: 1 }], ...inTransaction(1, number(1), true) });
    await expect.poll(() => started.server.state.counters.transactions.aborted, { timeout: 10_000 }).toBe(1);
    expect(
      await raw.command('admin', { commitTransaction: 1, ...inTransaction(1, number(1)) }),
    ).toMatchObject({ code: 251 });
  });

  it('refuses what may not be in a transaction, and what needs one', async () => {
    const starting = inTransaction(1, number(1), true);
    expect(await raw.command('t', { count: 'c', ...starting })).toMatchObject({ code: 263 });
    expect(
      await raw.command('t', {
        insert: 'c',
        documents: [{}],
        writeConcern: { w: 1 },
        ...inTransaction(2, number(1), true),
      }),
    ).toMatchObject({ code: 72 });
    expect(await raw.command('t', { find: 'c', txnNumber: number(1) })).toMatchObject({ code: 72 });
    expect(await raw.command('t', { find: 'c', ...inTransaction(3, number(1)) })).toMatchObject({
      code: 251,
    });
    expect(await raw.command('t', { find: 'c', lsid: lsidOf(4), txnNumber: number(1) })).toMatchObject({
      code: 50768,
    });
  });

  it('creates a collection and its index in a transaction, and not when it aborts', async () => {
    await raw.command('t', { create: 'made', ...inTransaction(1, number(1), true) });
    await raw.command('t', {
      createIndexes: 'made',
      indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }],
      ...inTransaction(1, number(1)),
    });
    await raw.command('t', { insert: 'made', documents: [{ _id: 1, a: 1 }], ...inTransaction(1, number(1)) });
    expect(await raw.command('t', { listCollections: 1 })).toMatchObject({ cursor: { firstBatch: [] } });
    await raw.command('admin', { commitTransaction: 1, ...inTransaction(1, number(1)) });
    expect(await raw.command('t', { insert: 'made', documents: [{ a: 1 }] })).toMatchObject({
      writeErrors: [{ code: 11000, keyPattern: { a: 1 } }],
    });
    await raw.command('t', { create: 'unmade', ...inTransaction(1, number(2), true) });
    await raw.command('admin', { abortTransaction: 1, ...inTransaction(1, number(2)) });
    expect(await raw.command('t', { listCollections: 1, nameOnly: true })).toMatchObject({
      cursor: { firstBatch: [{ name: 'made' }] },
    });
  });

  it('kills transactions with their sessions', async () => {
    await raw.command('t', { insert: 'c', documents: [{ _id: 1 }], ...inTransaction(1, number(1), true) });
    await raw.command('admin', { killSessions: [lsidOf(1)] });
    expect(
      await raw.command('admin', { commitTransaction: 1, ...inTransaction(1, number(1)) }),
    ).toMatchObject({ code: 251 });
  });
});

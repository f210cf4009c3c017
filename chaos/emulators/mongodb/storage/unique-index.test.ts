import { describe, expect, it } from 'vitest';
import { MongoError } from '../errors.ts';
import type { StorageTransaction } from './contract.ts';
import { WriteConflictError } from './errors.ts';
import {
  engineWith,
  indexSpec,
  inTransaction,
  namespace,
  put,
  readAll,
  remove,
} from './testing/engine-fixture.ts';

const unique = [{ key: { a: 1 } as const, unique: true }];

function failure(write: () => void): unknown {
  try {
    write();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What a write of `a: 1` by a second transaction meets after `first` has done something. */
async function meets(
  first: (transaction: StorageTransaction) => void,
  end: 'open' | 'commit' | 'abort',
  snapshot: 'before' | 'after',
): Promise<'duplicate' | 'conflict' | 'written'> {
  await using engine = await engineWith([{ _id: 0, a: 0 }], unique);
  const early = engine.begin();
  const other = engine.begin();
  first(other);
  if (end === 'commit') other.commit();
  if (end === 'abort') other.abort();
  const writer = snapshot === 'before' ? early : engine.begin();
  const error = failure(() => put(writer, { _id: 'second', a: 1 }));
  if (error === undefined) return 'written';
  if (error instanceof WriteConflictError) return 'conflict';
  return error instanceof MongoError && error.code === 11000 ? 'duplicate' : 'written';
}

describe('a unique index', () => {
  const insert = (transaction: StorageTransaction) => put(transaction, { _id: 'first', a: 1 });
  const change = (transaction: StorageTransaction) => put(transaction, { _id: 0, a: 1 });

  it.each([
    { name: 'an uncommitted insert', first: insert, end: 'open', snapshot: 'after', result: 'conflict' },
    {
      name: 'an insert committed before the snapshot',
      first: insert,
      end: 'commit',
      snapshot: 'after',
      result: 'duplicate',
    },
    {
      name: 'an insert committed after the snapshot',
      first: insert,
      end: 'commit',
      snapshot: 'before',
      result: 'conflict',
    },
    { name: 'an aborted insert', first: insert, end: 'abort', snapshot: 'before', result: 'written' },
    { name: 'an uncommitted update', first: change, end: 'open', snapshot: 'after', result: 'conflict' },
    {
      name: 'an update committed before the snapshot',
      first: change,
      end: 'commit',
      snapshot: 'after',
      result: 'duplicate',
    },
    {
      name: 'an update committed after the snapshot',
      first: change,
      end: 'commit',
      snapshot: 'before',
      result: 'conflict',
    },
  ] as const)('answers $name of the key with: $result', async ({ first, end, snapshot, result }) => {
    expect(await meets(first, end, snapshot)).toBe(result);
  });

  it('holds a key that another transaction gives up until that is committed', async () => {
    await using engine = await engineWith([{ _id: 1, a: 1 }], unique);
    const before = engine.begin();
    const remover = engine.begin();
    remove(remover, 1);
    expect(failure(() => put(engine.begin(), { _id: 2, a: 1 }))).toBeInstanceOf(WriteConflictError);
    remover.commit();
    expect(failure(() => put(before, { _id: 2, a: 1 }))).toBeInstanceOf(WriteConflictError);
    inTransaction(engine, (writer) => put(writer, { _id: 2, a: 1 }));
    expect(readAll(engine.begin())).toEqual([{ _id: 2, a: 1 }]);
  });

  it('lets a transaction give a key up and take it again', async () => {
    await using engine = await engineWith(
      [
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
      ],
      unique,
    );
    inTransaction(engine, (writer) => {
      remove(writer, 1);
      put(writer, { _id: 1, a: 1 });
      put(writer, { _id: 2, a: 3 });
      put(writer, { _id: 3, a: 2 });
    });
    expect(engine.statistics(namespace).indexes).toEqual({ _id_: 3, a_1: 3 });
  });

  it('changes nothing by a write that it refuses', async () => {
    await using engine = await engineWith([{ _id: 1, a: 1, b: 1 }], [...unique, { key: { b: 1 } }]);
    const writer = engine.begin();
    put(writer, { _id: 2, a: 2, b: 2 });
    expect(failure(() => put(writer, { _id: 2, a: 1, b: 3 }))).toBeInstanceOf(MongoError);
    expect(failure(() => put(writer, { _id: 3, a: 1, b: 4 }))).toBeInstanceOf(MongoError);
    expect(readAll(writer)).toEqual([
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 2, b: 2 },
    ]);
    writer.commit();
    expect(engine.statistics(namespace).indexes).toEqual({ _id_: 2, a_1: 2, b_1: 2 });
  });

  it('takes missing for null, unless it is sparse', async () => {
    await using engine = await engineWith([{ _id: 1 }], unique);
    expect(failure(() => put(engine.begin(), { _id: 2, a: null }))).toMatchObject({
      code: 11000,
      message: 'E11000 duplicate key error collection: test.documents index: a_1 dup key: { a: null }',
      fields: { keyPattern: { a: 1 }, keyValue: { a: null } },
    });
    await using sparse = await engineWith([{ _id: 1 }, { _id: 2 }], [{ ...unique[0], sparse: true }]);
    expect(sparse.statistics(namespace).indexes['a_1']).toBe(0);
  });

  it('counts only the documents of its filter', async () => {
    const filter = { active: true };
    const index = { key: { a: 1 } as const, unique: true, partialFilterExpression: filter };
    const documents = [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 1, active: true },
    ];
    await using engine = await engineWith(documents, [index], {
      compileFilter: (given) => (document) => document['active'] === given['active'],
    });
    expect(engine.statistics(namespace).indexes['a_1']).toBe(1);
    expect(failure(() => put(engine.begin(), { _id: 1, a: 1, active: true }))).toMatchObject({ code: 11000 });
  });

  it('lets one document hold an array with equal elements, and no two share one', async () => {
    await using engine = await engineWith([{ _id: 1, a: [1, 1, 2] }], unique);
    expect(failure(() => put(engine.begin(), { _id: 2, a: [2, 3] }))).toMatchObject({
      code: 11000,
      fields: { keyValue: { a: 2 } },
    });
  });

  it('is not built over duplicates, but over what is current only', async () => {
    await using engine = await engineWith([
      { _id: 1, a: 1 },
      { _id: 2, a: 1, b: 1 },
    ]);
    expect(
      failure(() =>
        inTransaction(engine, (writer) => writer.createIndex(namespace, indexSpec({ unique: true }))),
      ),
    ).toMatchObject({ code: 11000, fields: { keyValue: { a: 1 } } });
    const reader = engine.begin();
    inTransaction(engine, (writer) => put(writer, { _id: 2, a: 2 }));
    inTransaction(engine, (writer) => writer.createIndex(namespace, indexSpec({ unique: true })));
    expect(readAll(reader)).toHaveLength(2);
    expect(engine.collection(namespace)?.indexes.map((index) => index.name)).toEqual(['_id_', 'a_1']);
  });
});

import { describe, expect, it } from 'vitest';
import { encodeDocument } from '../bson/encode.ts';
import { WriteConflictError } from './errors.ts';
import {
  engineWith,
  indexRange,
  indexSpec,
  inTransaction,
  namespace,
  put,
  read,
  readAll,
  readIndex,
  remove,
} from './testing/engine-fixture.ts';

function conflictOf(write: () => void): WriteConflictError {
  try {
    write();
  } catch (error) {
    if (error instanceof WriteConflictError) return error;
    throw error;
  }
  throw new Error('the write met no conflict');
}

async function isSettled(conflict: WriteConflictError): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([conflict.settled, Promise.resolve(pending)])) !== pending;
}

describe('a storage transaction', () => {
  it('reads its snapshot, whatever is committed meanwhile', async () => {
    await using engine = await engineWith(
      [
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
      ],
      [{ key: { a: 1 } }],
    );
    const reader = engine.begin();
    inTransaction(engine, (writer) => {
      put(writer, { _id: 1, a: 9 });
      put(writer, { _id: 3, a: 3 });
      remove(writer, 2);
    });
    const before = [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ];
    expect(readAll(reader)).toEqual(before);
    expect(readIndex(reader, 'a_1')).toEqual(before);
    expect(read(reader, 3)).toBeUndefined();
    reader.abort();
    expect(readIndex(engine.begin(), 'a_1')).toEqual([
      { _id: 3, a: 3 },
      { _id: 1, a: 9 },
    ]);
  });

  it('reads its own writes, which nobody else sees before it commits', async () => {
    await using engine = await engineWith(
      [
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
      ],
      [{ key: { a: 1 } }],
    );
    const writer = engine.begin();
    const other = engine.begin();
    put(writer, { _id: 1, a: 5 });
    put(writer, { _id: 3, a: 0 });
    remove(writer, 2);
    expect(readAll(writer)).toEqual([
      { _id: 1, a: 5 },
      { _id: 3, a: 0 },
    ]);
    expect(readIndex(writer, 'a_1')).toEqual([
      { _id: 3, a: 0 },
      { _id: 1, a: 5 },
    ]);
    expect(readAll(other)).toEqual([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    expect(readIndex(other, 'a_1')).toEqual([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    writer.commit();
    expect(readAll(other)).toEqual([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    expect(readAll(engine.begin())).toEqual([
      { _id: 1, a: 5 },
      { _id: 3, a: 0 },
    ]);
  });

  it('leaves nothing behind when it aborts', async () => {
    await using engine = await engineWith([{ _id: 1, a: 1 }], [{ key: { a: 1 } }]);
    const before = engine.statistics(namespace);
    const writer = engine.begin();
    put(writer, { _id: 1, a: 2 });
    put(writer, { _id: 1, a: 3 });
    put(writer, { _id: 2, a: 4 });
    writer.createIndex(namespace, indexSpec({ key: { b: 1 } }));
    writer.createCollection('test.other', {});
    writer.abort();
    expect(engine.statistics(namespace)).toEqual(before);
    expect(engine.collection('test.other')).toBeUndefined();
    expect(engine.collection(namespace)?.indexes.map((index) => index.name)).toEqual(['_id_', 'a_1']);
    expect(readAll(engine.begin())).toEqual([{ _id: 1, a: 1 }]);
  });

  it('gives no document twice to a scan whose transaction moves it forward in the index', async () => {
    const documents = Array.from({ length: 300 }, (_, index) => ({ _id: index, a: index }));
    await using engine = await engineWith(documents, [{ key: { a: 1 } }]);
    const writer = engine.begin();
    const visited: unknown[] = [];
    for (const found of writer.scanIndex(namespace, 'a_1', [indexRange({ lower: [0] })])) {
      const { _id, a } = found.document();
      visited.push(_id);
      put(writer, { _id, a: Number(a) + 1000 });
    }
    expect(visited).toEqual(documents.map((document) => document._id));
  });

  it('does not read after its end', async () => {
    await using engine = await engineWith([{ _id: 1 }, { _id: 2 }]);
    const reader = engine.begin();
    const scan = reader.scan(namespace);
    scan.next();
    reader.abort();
    expect(() => scan.next()).toThrow('aborted already');
    expect(() => read(reader, 1)).toThrow('aborted already');
  });

  it('refuses to write what another has written and not ended', async () => {
    await using engine = await engineWith([{ _id: 1, a: 1 }]);
    const [first, second] = [engine.begin(), engine.begin()];
    put(first, { _id: 1, a: 2 });
    const onUpdate = conflictOf(() => put(second, { _id: 1, a: 3 }));
    const onRemoval = conflictOf(() => remove(second, 1));
    expect(await isSettled(onUpdate)).toBe(false);
    first.abort();
    await Promise.all([onUpdate.settled, onRemoval.settled]);
    put(second, { _id: 1, a: 3 });
    second.commit();
    expect(readAll(engine.begin())).toEqual([{ _id: 1, a: 3 }]);
  });

  it('refuses to write what was changed or removed since its snapshot', async () => {
    await using engine = await engineWith([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    const late = engine.begin();
    inTransaction(engine, (writer) => {
      put(writer, { _id: 1, a: 2 });
      remove(writer, 2);
    });
    expect(await isSettled(conflictOf(() => put(late, { _id: 1, a: 3 })))).toBe(true);
    expect(await isSettled(conflictOf(() => remove(late, 2)))).toBe(true);
    expect(read(late, 2)).toEqual({ _id: 2, a: 1 });
  });

  it('lets two transactions each write what the other has read (write skew)', async () => {
    await using engine = await engineWith([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    const [first, second] = [engine.begin(), engine.begin()];
    expect(read(first, 2)).toEqual({ _id: 2, a: 1 });
    expect(read(second, 1)).toEqual({ _id: 1, a: 1 });
    put(first, { _id: 1, a: 0 });
    put(second, { _id: 2, a: 0 });
    first.commit();
    second.commit();
    expect(readAll(engine.begin()).map((document) => document['a'])).toEqual([0, 0]);
  });

  it('sees a dropped or renamed collection as long as its snapshot is older', async () => {
    await using engine = await engineWith([{ _id: 1 }]);
    const reader = engine.begin();
    engine.renameCollection(namespace, 'test.renamed', false);
    expect(readAll(reader)).toEqual([{ _id: 1 }]);
    expect(conflictOf(() => put(reader, { _id: 2 }))).toBeInstanceOf(WriteConflictError);
    engine.dropCollection('test.renamed');
    expect(readAll(reader)).toEqual([{ _id: 1 }]);
    reader.abort();
    expect(readAll(engine.begin())).toEqual([]);
    expect(engine.databases()).toEqual([]);
  });

  it('makes a drop, a rename and an index wait for writers', async () => {
    await using engine = await engineWith([{ _id: 1 }], [{ key: { a: 1 } }]);
    const writer = engine.begin();
    put(writer, { _id: 1, a: 1 });
    expect(conflictOf(() => engine.dropCollection(namespace)).namespace).toBe(namespace);
    expect(conflictOf(() => engine.dropIndex(namespace, 'a_1')).namespace).toBe(namespace);
    expect(conflictOf(() => engine.renameCollection(namespace, 'test.x', false)).namespace).toBe(namespace);
    const builder = engine.begin();
    const conflict = conflictOf(() => builder.createIndex(namespace, indexSpec({ key: { b: 1 } })));
    expect(await isSettled(conflict)).toBe(false);
    writer.commit();
    await conflict.settled;
    expect(engine.dropCollection(namespace).existed).toBe(true);
  });

  it('lets one of two transactions create a collection', async () => {
    await using engine = await engineWith([]);
    const [first, second] = [engine.begin(), engine.begin()];
    first.createCollection('test.new', {});
    first.insert('test.new', encodeDocument({ _id: 1 }));
    const conflict = conflictOf(() => second.createCollection('test.new', {}));
    expect(second.collection('test.new')).toBeUndefined();
    first.commit();
    await conflict.settled;
    expect(() => engine.begin().createCollection('test.new', {})).toThrow('already exists');
    expect(engine.statistics('test.new').documents).toBe(1);
  });
});

describe('version garbage', () => {
  it('goes when the last snapshot that sees it has ended', async () => {
    await using engine = await engineWith(
      [
        { _id: 1, a: 0 },
        { _id: 2, a: 0 },
      ],
      [{ key: { a: 1 } }],
    );
    const reader = engine.begin();
    for (let a = 1; a <= 100; a += 1) inTransaction(engine, (writer) => put(writer, { _id: 1, a }));
    inTransaction(engine, (writer) => remove(writer, 2));
    expect(engine.statistics(namespace).indexes).toEqual({ _id_: 2, a_1: 3 });
    expect(readAll(reader)).toEqual([
      { _id: 1, a: 0 },
      { _id: 2, a: 0 },
    ]);
    reader.abort();
    expect(engine.statistics(namespace).indexes).toEqual({ _id_: 1, a_1: 1 });
  });

  it('is dropped a part at a time when there is much', async () => {
    const documents = Array.from({ length: 5000 }, (_, index) => ({ _id: index, a: 0 }));
    await using engine = await engineWith(documents, [{ key: { a: 1 } }]);
    const reader = engine.begin();
    inTransaction(engine, (writer) => {
      for (const { _id } of documents) put(writer, { _id, a: 1 });
    });
    expect(engine.statistics(namespace).indexes['a_1']).toBe(10_000);
    reader.abort();
    while ((engine.statistics(namespace).indexes['a_1'] ?? 0) > 5000) await new Promise(setImmediate);
    expect(readAll(engine.begin())).toHaveLength(5000);
  });
});

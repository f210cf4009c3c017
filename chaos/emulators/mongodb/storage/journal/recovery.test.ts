import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../random.ts';
import type { StorageEngine } from '../contract.ts';
import { DamagedFileError } from '../errors.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import {
  indexSpec,
  inTransaction,
  namespace,
  openTestEngine,
  put,
  readAll,
  readIndex,
  remove,
} from '../testing/engine-fixture.ts';

const folder = '/data';
const journal = '/data/journal-0000000001';
const noSnapshots = Number.MAX_SAFE_INTEGER;

function open(
  disk: MemoryDisk,
  notices: string[] = [],
  snapshotAfterBytes = noSnapshots,
): Promise<StorageEngine> {
  return openTestEngine({ folder, disk, snapshotAfterBytes, notify: (message) => notices.push(message) });
}

/** Commit number `n`: two documents that belong together, one of them removed again by a later commit. */
function commitPair(engine: StorageEngine, n: number): Promise<void> {
  const transaction = engine.begin();
  if (transaction.collection(namespace) === undefined) {
    transaction.createCollection(namespace, { validator: { n: 1 } });
    transaction.createIndex(namespace, indexSpec({ unique: true }));
  }
  put(transaction, { _id: `pair-${n}`, a: n });
  put(transaction, { _id: 'counter', a: -1, count: n });
  remove(transaction, `pair-${n - 3}`);
  const sessionId = `session-${n % 2}`;
  transaction.attachSessionRecord({ sessionId, transactionNumber: BigInt(n), statementId: 0, reply: { n } });
  return transaction.commit().durable;
}

/** Everything that a reopened engine shows, and what it must show after `commits` commits. */
function content(engine: StorageEngine): unknown {
  const reader = engine.begin();
  const documents = readAll(reader).toSorted((a, b) => Number(a['a']) - Number(b['a']));
  const indexed = reader.collection(namespace) === undefined ? [] : readIndex(reader, 'a_1');
  reader.abort();
  return {
    documents,
    indexed,
    sessions: [...engine.sessionRecords()]
      .map((record) => Number(record.reply['n']))
      .toSorted((a, b) => a - b),
  };
}

function contentAfter(commits: number): unknown {
  if (commits === 0) return { documents: [], indexed: [], sessions: [] };
  const pairs = [commits - 2, commits - 1, commits]
    .filter((n) => n > 0)
    .map((n) => ({ _id: `pair-${n}`, a: n }));
  const documents = [{ _id: 'counter', a: -1, count: commits }, ...pairs];
  return { documents, indexed: documents, sessions: [commits - 1, commits].filter((n) => n > 0) };
}

function placeOf(error: unknown): { file: string; offset: number } {
  if (!(error instanceof DamagedFileError)) throw error;
  return { file: error.file, offset: error.offset };
}

/** A journal of `commits` frames, and where each of them ends. */
async function journalOf(commits: number): Promise<{ disk: MemoryDisk; bytes: Buffer; ends: number[] }> {
  const disk = new MemoryDisk();
  await using engine = await open(disk);
  const ends = [journalBytes(disk).length];
  for (let n = 1; n <= commits; n += 1) {
    await commitPair(engine, n);
    ends.push(journalBytes(disk).length);
  }
  return { disk, bytes: journalBytes(disk), ends };
}

function journalBytes(disk: MemoryDisk): Buffer {
  return disk.files.get(journal)?.bytes ?? Buffer.alloc(0);
}

describe('opening a data folder', () => {
  it('gives back what was committed, also twice', async () => {
    const { disk } = await journalOf(5);
    for (let round = 0; round < 2; round += 1) {
      await using engine = await open(disk);
      expect(content(engine)).toEqual(contentAfter(5));
      expect(engine.collection(namespace)).toMatchObject({ options: { validator: { n: 1 } } });
    }
  });

  it('keeps the UUID of a collection and lets timestamps only grow', async () => {
    const disk = new MemoryDisk();
    const before = await open(disk);
    await commitPair(before, 1);
    const uuid = Buffer.from(before.collection(namespace)?.uuid ?? []);
    const last = before.lastTimestamp;
    await before[Symbol.asyncDispose]();
    await using after = await open(disk);
    expect(Buffer.from(after.collection(namespace)?.uuid ?? []).equals(uuid)).toBe(true);
    expect(uuid).toHaveLength(16);
    expect(after.lastTimestamp).toBeGreaterThanOrEqual(last);
    expect(inTransaction(after, (writer) => writer.snapshotTimestamp)).toBeGreaterThanOrEqual(last);
  });

  it('replays drops, renames and forgotten sessions', async () => {
    const disk = new MemoryDisk();
    const before = await open(disk);
    await commitPair(before, 1);
    await commitPair(before, 2);
    before.forgetSession('session-0');
    await before.dropIndex(namespace, 'a_1').durable;
    inTransaction(before, (writer) => writer.createCollection('test.target', {}));
    await before.renameCollection(namespace, 'test.target', true).durable;
    inTransaction(before, (writer) => writer.createCollection('other.dropped', {}));
    await before.dropCollection('other.dropped').durable;
    await before[Symbol.asyncDispose]();
    await using after = await open(disk);
    expect(after.databases()).toEqual(['test']);
    expect(after.statistics('test.target')).toMatchObject({ documents: 3, indexes: { _id_: 3 } });
    expect([...after.sessionRecords()].map((record) => record.sessionId)).toEqual(['session-1']);
  });

  it('cuts a torn tail at every byte of the journal, says so, and goes on behind it', async () => {
    const { disk, bytes, ends } = await journalOf(6);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const notices: string[] = [];
      const torn = disk.copyWith(journal, bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length - 1;
      const engine = await open(torn, notices);
      expect(content(engine)).toEqual(contentAfter(Math.max(whole, 0)));
      expect(notices).toHaveLength(cut === 0 || ends.includes(cut) ? 0 : 1);
      await commitPair(engine, Math.max(whole, 0) + 1);
      await engine[Symbol.asyncDispose]();
      await using again = await open(torn, notices);
      expect(content(again)).toEqual(contentAfter(Math.max(whole, 0) + 1));
    }
  });

  it('refuses a journal damaged before its last frame, naming file and offset', async () => {
    const { disk, bytes, ends } = await journalOf(6);
    const lastFrameAt = ends.at(-2) ?? 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const outcome = await open(disk.copyWith(journal, damaged)).then(content, placeOf);
      const offset = ends.findLast((end) => end <= at) ?? 0;
      expect(outcome).toEqual(at >= lastFrameAt ? contentAfter(5) : { file: journal, offset });
    }
  });

  it('refuses a journal of which a part in the middle is missing', async () => {
    const { disk, bytes, ends } = await journalOf(6);
    for (const [index, end] of ends.slice(0, -2).entries()) {
      const gap = Buffer.concat([bytes.subarray(0, end), bytes.subarray(ends[index + 1])]);
      await expect(open(disk.copyWith(journal, gap))).rejects.toThrow(DamagedFileError);
    }
  });

  it('does not take a journal stored in a document for its own frames', async () => {
    const { bytes } = await journalOf(3);
    const disk = new MemoryDisk();
    await using engine = await openTestEngine({ folder, disk, random: seededRandom('another salt') });
    await commitPair(engine, 1);
    const before = journalBytes(disk).length;
    inTransaction(engine, (writer) => put(writer, { _id: 'copy', a: 99, bytes }));
    await engine.flush();
    const torn = disk.copyWith(journal, journalBytes(disk).subarray(0, -1));
    await using reopened = await open(torn);
    expect(content(reopened)).toEqual(contentAfter(1));
    expect(journalBytes(torn)).toHaveLength(before);
  });
});

describe('a snapshot', () => {
  it('replaces the journal, which stays bounded', async () => {
    const disk = new MemoryDisk();
    const engine = await open(disk, [], 4096);
    let largest = 0;
    for (let n = 1; n <= 400; n += 1) {
      await commitPair(engine, n);
      const sizes = [...disk.files].map(([, file]) => file.bytes.length);
      largest = Math.max(
        largest,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    }
    await engine[Symbol.asyncDispose]();
    expect(largest).toBeLessThan(4 * 4096);
    expect([...disk.files.keys()].some((name) => name.includes('snapshot'))).toBe(true);
    await using reopened = await open(disk);
    expect(content(reopened)).toEqual(contentAfter(400));
  });

  it('is refused when any of its bytes is damaged or missing', async () => {
    const disk = new MemoryDisk();
    const engine = await open(disk, [], 512);
    for (let n = 1; n <= 20; n += 1) await commitPair(engine, n);
    await engine[Symbol.asyncDispose]();
    const [path, { bytes }] = [...disk.files].find(([name]) => name.includes('snapshot')) ?? [
      '',
      { bytes: Buffer.alloc(0) },
    ];
    expect(bytes.length).toBeGreaterThan(0);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      for (const damaged of [changed, bytes.subarray(0, at)]) {
        const outcome = await open(disk.copyWith(path, Buffer.from(damaged))).catch(
          (error: unknown) => error,
        );
        expect(outcome).toMatchObject({ name: 'DamagedFileError', file: path });
      }
    }
  });

  it('is refused without the journal that goes on from it', async () => {
    const disk = new MemoryDisk();
    const engine = await open(disk, [], 512);
    for (let n = 1; n <= 20; n += 1) await commitPair(engine, n);
    await engine[Symbol.asyncDispose]();
    for (const name of disk.files.keys()) if (name.includes('journal')) disk.files.delete(name);
    await expect(open(disk)).rejects.toThrow('the file is missing');
  });
});

describe('a disk that fails', () => {
  it.each(['ENOSPC: no space left on device', 'EIO: i/o error'])(
    'makes commits fail loudly: %s',
    async (reason) => {
      const disk = new MemoryDisk();
      const engine = await open(disk);
      await commitPair(engine, 1);
      disk.failure = { from: disk.operations, error: new Error(reason) };
      await expect(commitPair(engine, 2)).rejects.toThrow(reason);
      disk.failure = undefined;
      expect(() => commitPair(engine, 3)).toThrow('read-only');
      await expect(engine.flush()).rejects.toThrow('read-only');
      expect(readAll(engine.begin()).length).toBeGreaterThan(0);
      await engine[Symbol.asyncDispose]();
      await using reopened = await open(disk.afterCrash(seededRandom(1)));
      expect(content(reopened)).toEqual(contentAfter(1));
    },
  );

  it('does not stop commits when only a snapshot cannot be written', async () => {
    const disk = new MemoryDisk();
    const notices: string[] = [];
    await using engine = await open(disk, notices, 2048);
    const create = disk.create.bind(disk);
    disk.create = (path) => (path.includes('snapshot') ? Promise.reject(new Error('ENOSPC')) : create(path));
    for (let n = 1; n <= 60; n += 1) await commitPair(engine, n);
    expect(notices[0]).toContain('ENOSPC');
    expect(content(engine)).toEqual(contentAfter(60));
  });
});

describe('a crash', () => {
  it('at any operation of the disk loses nothing acknowledged and shows no half transaction', async () => {
    const commits = 24;
    const whole = new MemoryDisk();
    await runUntilFailure(whole, commits);
    expect(whole.operations).toBeGreaterThan(60);
    for (let crashAt = 0; crashAt < whole.operations; crashAt += 1) {
      const disk = new MemoryDisk();
      disk.failure = { from: crashAt, error: new Error('power failure') };
      const acknowledged = await runUntilFailure(disk, commits);
      for (let variant = 0; variant < 6; variant += 1) {
        await using engine = await open(disk.afterCrash(seededRandom(`${crashAt}/${variant}`)), [], 1024);
        const count = Number(
          readAll(engine.begin()).find((document) => document['_id'] === 'counter')?.['count'] ?? 0,
        );
        expect(count).toBeGreaterThanOrEqual(acknowledged);
        expect(content(engine)).toEqual(contentAfter(count));
      }
    }
  });
});

/** Commits without waiting for each; returns how many in a row were acknowledged. */
async function runUntilFailure(disk: MemoryDisk, commits: number): Promise<number> {
  let acknowledged = 0;
  try {
    await using engine = await open(disk, [], 1024);
    const pending: Promise<void>[] = [];
    for (let n = 1; n <= commits; n += 1) {
      const acknowledge = () => {
        acknowledged = Math.max(acknowledged, n);
      };
      pending.push(commitPair(engine, n).then(acknowledge, () => undefined));
      if (n % 2 === 0) await new Promise(setImmediate);
    }
    await Promise.all(pending);
  } catch (error) {
    if (!String(error).includes('power failure')) throw error;
  }
  return acknowledged;
}

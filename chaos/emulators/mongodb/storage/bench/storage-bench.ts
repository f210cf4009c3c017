/**
 * Figures of the storage engine alone, printed as one JSON object with machine and Node version. Rates without
 * clients are per second of processor time, all others by the clock.
 * `node storage-bench.ts [documents]`; 1,000,000 documents unless told. Needs `--expose-gc` for the memory figure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDocument } from '../../bson/encode.ts';
import type { StorageEngine } from '../contract.ts';
import { WriteConflictError } from '../errors.ts';
import { indexRange, indexSpec, inTransaction, openTestEngine } from '../testing/engine-fixture.ts';

const documents = Number(process.argv[2] ?? 1_000_000);
const namespace = 'bench.documents';

/** About 100 bytes of BSON. */
function item(id: number): Uint8Array {
  return encodeDocument({
    _id: id,
    name: `item number ${id}`,
    shelf: id % 1000,
    gold: (id * 7919) % 1_000_003,
    updated_at: new Date(1_700_000_000_000 + id),
  });
}

function fill(engine: StorageEngine, name: string, count: number): void {
  inTransaction(engine, (transaction) => {
    transaction.createCollection(name, {});
    transaction.createIndex(name, indexSpec({ key: { gold: 1 } }));
  });
  for (let from = 0; from < count; from += 1000) {
    inTransaction(engine, (transaction) => {
      for (let id = from; id < Math.min(from + 1000, count); id += 1) transaction.insert(name, item(id));
    });
  }
}

/**
 * Operations per second of processor time, which other load on the machine disturbs less than the clock's;
 * `operation` is run `count` times, after a tenth of that as warm-up.
 */
function rate(count: number, operation: (index: number) => void): number {
  for (let index = 0; index < count / 10; index += 1) operation(index);
  const start = process.cpuUsage();
  for (let index = 0; index < count; index += 1) operation(index);
  const { user, system } = process.cpuUsage(start);
  return Math.round((count / (user + system)) * 1e6);
}

function findById(engine: StorageEngine, name: string, count: number): number {
  return rate(200_000, (index) => {
    const transaction = engine.begin();
    if (transaction.find(name, (index * 7919) % count)?.document()['name'] === undefined)
      throw new Error('not found');
    transaction.commit();
  });
}

/** Ranges of about 20 documents, read and decoded. */
function indexedRange(engine: StorageEngine, name: string, count: number): number {
  const golds = Array.from({ length: count }, (_, id) => (id * 7919) % 1_000_003).toSorted((a, b) => a - b);
  return rate(20_000, (index) => {
    const from = (index * 104_729) % (count - 20);
    const range = indexRange({ lower: [golds[from]], upper: [golds[from + 19]] });
    const transaction = engine.begin();
    let found = 0;
    for (const each of transaction.scanIndex(name, 'gold_1', [range])) {
      if (each.document()['_id'] !== undefined) found += 1;
    }
    if (found < 20) throw new Error(`${found} documents found`);
    transaction.commit();
  });
}

function update(engine: StorageEngine, name: string, id: number, gold: number): Promise<void> {
  const transaction = engine.begin();
  const current = transaction.find(name, id);
  if (current === undefined) throw new Error('not found');
  transaction.update(name, current, encodeDocument({ ...current.document(), gold }));
  return transaction.commit().durable;
}

/** Commits a second by 64 clients, each of which waits until its commit is durable. */
async function durableRate(
  seconds: number,
  work: (client: number, turn: number) => Promise<void>,
): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: 64 }, async (_, client) => {
      for (let turn = 0; performance.now() < end; turn += 1) {
        await work(client, turn);
        done += 1;
      }
    }),
  );
  return Math.round((done / (performance.now() - start)) * 1000);
}

/** Two reads and two writes, with the other clients in between, tried again after a conflict. */
async function fourOperations(engine: StorageEngine, client: number, turn: number): Promise<void> {
  const [first, second] = [(client * 31 + turn * 17) % 10_000, (client * 57 + turn * 13 + 1) % 10_000];
  for (;;) {
    const transaction = engine.begin();
    try {
      for (const id of first === second ? [first] : [first, second]) {
        const current = transaction.find(namespace, id);
        if (current === undefined) throw new Error('not found');
        await new Promise(setImmediate);
        transaction.update(namespace, current, encodeDocument({ ...current.document(), turn }));
      }
      await transaction.commit().durable;
      return;
    } catch (error) {
      transaction.abort();
      if (!(error instanceof WriteConflictError)) throw error;
      await error.settled;
    }
  }
}

async function durableFigures(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-bench-'));
  try {
    const engine = await openTestEngine({ folder });
    const start = performance.now();
    fill(engine, namespace, 100_000);
    await engine.flush();
    const insert100kMs = Math.round(performance.now() - start);
    const updates = await durableRate(3, (client, turn) =>
      update(engine, namespace, (client * 1009 + turn * 64) % 100_000, turn),
    );
    const transactions = await durableRate(3, (client, turn) => fourOperations(engine, client, turn));
    await engine[Symbol.asyncDispose]();
    const opening = performance.now();
    await using reopened = await openTestEngine({ folder });
    const reopenMs = Math.round(performance.now() - opening);
    if (reopened.statistics(namespace).documents !== 100_000) throw new Error('documents are missing');
    return {
      'insert of 100,000 documents with 2 indexes, durable, ms': insert100kMs,
      'durable updates/s by 64 clients': updates,
      'durable transactions of 4 operations/s by 64 clients': transactions,
      'opening 100,000 documents again, ms': reopenMs,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes in use after garbage collection. */
function memoryBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function memoryFigures(): Promise<Record<string, number>> {
  await using engine = await openTestEngine();
  const before = memoryBytes();
  fill(engine, 'bench.large', documents);
  const used = memoryBytes() - before;
  const { bytes } = engine.statistics('bench.large');
  fill(engine, 'bench.small', 1000);
  const large = indexedRange(engine, 'bench.large', documents);
  const small = indexedRange(engine, 'bench.small', 1000);
  const updates = rate(
    200_000,
    (index) => void update(engine, 'bench.large', (index * 7919) % documents, index),
  );
  const afterUpdates = memoryBytes() - before;
  return {
    documents,
    'BSON bytes per document': Math.round(bytes / documents),
    'memory bytes per document, 2 indexes': Math.round(used / documents),
    'memory over BSON': Number((used / bytes).toFixed(2)),
    'memory over BSON after 220,000 updates': Number(
      (afterUpdates / engine.statistics('bench.large').bytes).toFixed(2),
    ),
    'find by _id/s': findById(engine, 'bench.large', documents),
    'find by _id/s in 1,000 documents': findById(engine, 'bench.small', 1000),
    'indexed ranges of 20/s': large,
    'indexed ranges of 20/s in 1,000 documents': small,
    'updates/s in memory': updates,
  };
}

const figures = { ...(await durableFigures()), ...(await memoryFigures()) };
console.log(
  JSON.stringify(
    { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length, ...figures },
    undefined,
    2,
  ),
);

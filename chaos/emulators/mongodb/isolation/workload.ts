/**
 * The list-append workload: many clients run small transactions through the official driver, appending unique values
 * to lists and reading them, while faults strike; each transaction is recorded as its client saw it.
 */
import { MongoServerError } from 'mongodb';
import type { ClientSession, Collection, MongoClient } from 'mongodb';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { Operation, TransactionRecord } from './history.ts';

export interface WorkloadOptions {
  readonly client: MongoClient;
  readonly clients: number;
  readonly transactions: number;
  readonly random: Random;
  readonly clock: Clock;
}

interface List {
  readonly _id: number;
  readonly values: readonly number[];
}

/** Keys in use at a time, and appends after which a key is replaced by a new one, so that lists stay short. */
const activeKeys = 24;
const appendsPerKey = 64;
const commitAttemptsMax = 20;

export interface WorkloadResult {
  readonly history: TransactionRecord[];
  /** Reads every list, as one more transaction; to be called when the faults are over. */
  readAll(): Promise<TransactionRecord>;
}

export async function runWorkload(options: WorkloadOptions): Promise<WorkloadResult> {
  const { client, clients, clock, random, transactions } = options;
  const lists = client.db('isolation').collection<List>('lists', { readConcern: { level: 'majority' } });
  const keys = new KeyPool();
  const history: TransactionRecord[] = [];
  let started = 0;
  const work = async (worker: number): Promise<void> => {
    const own = random.fork(`client ${worker}`);
    while (started < transactions) {
      const id = started;
      started += 1;
      const startedAt = clock.monotonicMs();
      const { operations, outcome } = await runTransaction(client, lists, planTransaction(own, keys));
      history.push({ id, outcome, operations, startedAt, endedAt: clock.monotonicMs() });
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, worker) => work(worker)));
  return { history, readAll: () => finalRead(lists, keys, transactions, clock) };
}

class KeyPool {
  readonly #counts = Array.from({ length: activeKeys }, () => 0);
  readonly #keys = Array.from({ length: activeKeys }, (_, index) => index);
  #nextKey = activeKeys;
  #nextValue = 1;

  get all(): number[] {
    return Array.from({ length: this.#nextKey }, (_, key) => key);
  }

  pick(random: Random): number {
    return this.#keys[random.integer(0, activeKeys - 1)] ?? 0;
  }

  append(random: Random): Operation {
    const slot = random.integer(0, activeKeys - 1);
    const count = (this.#counts[slot] ?? 0) + 1;
    this.#counts[slot] = count;
    if (count > appendsPerKey) {
      this.#keys[slot] = this.#nextKey;
      this.#nextKey += 1;
      this.#counts[slot] = 1;
    }
    const value = this.#nextValue;
    this.#nextValue += 1;
    return { kind: 'append', key: this.#keys[slot] ?? 0, value };
  }
}

function planTransaction(random: Random, keys: KeyPool): Operation[] {
  return Array.from({ length: random.integer(1, 4) }, () =>
    random.next() < 0.5 ? keys.append(random) : { kind: 'read', key: keys.pick(random), values: [] },
  );
}

interface Result {
  readonly operations: Operation[];
  readonly outcome: TransactionRecord['outcome'];
}

async function runTransaction(
  client: MongoClient,
  lists: Collection<List>,
  plan: readonly Operation[],
): Promise<Result> {
  const session = client.startSession();
  const operations: Operation[] = [];
  try {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    for (const operation of plan) operations.push(await runOperation(lists, session, operation));
  } catch {
    await session.abortTransaction().catch(() => undefined);
    await session.endSession().catch(() => undefined);
    return { operations: [...plan], outcome: 'fail' };
  }
  const outcome = await commit(session);
  await session.endSession().catch(() => undefined);
  return { operations, outcome };
}

async function runOperation(
  lists: Collection<List>,
  session: ClientSession,
  operation: Operation,
): Promise<Operation> {
  const { key } = operation;
  if (operation.kind === 'read') {
    const found = await lists.findOne({ _id: key }, { session });
    return { kind: 'read', key, values: found?.values ?? [] };
  }
  await lists.updateOne({ _id: key }, { $push: { values: operation.value } }, { session, upsert: true });
  return operation;
}

/** Repeats a commit of unknown result, as drivers ask of applications; what stays unknown is `info`. */
async function commit(session: ClientSession): Promise<TransactionRecord['outcome']> {
  for (let attempt = 0; attempt < commitAttemptsMax; attempt += 1) {
    try {
      await session.commitTransaction();
      return 'ok';
    } catch (thrown) {
      const isUnknown =
        thrown instanceof Error &&
        'hasErrorLabel' in thrown &&
        typeof thrown.hasErrorLabel === 'function' &&
        thrown.hasErrorLabel('UnknownTransactionCommitResult') === true;
      if (isUnknown) continue;
      return thrown instanceof MongoServerError ? 'fail' : 'info';
    }
  }
  return 'info';
}

async function finalRead(
  lists: Collection<List>,
  keys: KeyPool,
  id: number,
  clock: Clock,
): Promise<TransactionRecord> {
  const startedAt = clock.monotonicMs();
  const found = await lists.find().toArray();
  const byKey = new Map(found.map(({ _id, values }) => [_id, values]));
  const operations = keys.all.map((key): Operation => ({ kind: 'read', key, values: byKey.get(key) ?? [] }));
  return { id, outcome: 'ok', operations, startedAt, endedAt: clock.monotonicMs() };
}

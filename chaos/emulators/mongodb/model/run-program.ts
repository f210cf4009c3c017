/** Runs one program against the server, through the driver, and against the model, and compares every answer. */
import { Double, Long, MongoServerError } from 'mongodb';
import type { ClientSession, Collection, Document, MongoClient } from 'mongodb';
import type { Change, Command, Filter, Item, SessionNumber } from './commands.ts';
import { ReferenceModel, changed } from './reference-model.ts';
import type { Outcome } from './reference-model.ts';
import type { Value } from './values.ts';

/** How often writes in and outside of transactions came out one way or another: a campaign without conflicts looked at nothing. */
export type OutcomeCounts = Map<`${'plain' | 'transaction'} ${Outcome}`, number>;

/** @throws ProgramMismatch at the first answer that the model does not allow. */
export async function runProgram(
  client: MongoClient,
  collectionName: string,
  program: readonly Command[],
  counts: OutcomeCounts,
): Promise<void> {
  const collection = client.db('model').collection<Item>(collectionName);
  await collection.createIndexes([
    { key: { u: 1 }, unique: true },
    { key: { a: 1 } },
    { key: { n: -1, a: 1 } },
  ]);
  await using run = new ProgramRun(client, collection, counts);
  for (const [index, command] of program.entries()) {
    try {
      await run.step(command);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new ProgramMismatch(`step ${index} ${JSON.stringify(command)}: ${reason}`);
    }
  }
  await run.finish();
}

export class ProgramMismatch extends Error {}

type Writes = Map<number, Item | undefined>;

class ProgramRun implements AsyncDisposable {
  readonly #client: MongoClient;
  readonly #collection: Collection<Item>;
  readonly #model = new ReferenceModel();
  readonly #sessions = new Map<number, ClientSession>();

  readonly #counts: OutcomeCounts;

  constructor(client: MongoClient, collection: Collection<Item>, counts: OutcomeCounts) {
    this.#counts = counts;
    this.#client = client;
    this.#collection = collection;
  }

  async step(command: Command): Promise<void> {
    const model = this.#model;
    switch (command.kind) {
      case 'begin':
        if (!model.hasTransaction(command.session)) await this.#begin(command.session);
        return;
      case 'commit':
        if (!model.hasTransaction(command.session)) return;
        await this.#sessions.get(command.session)?.commitTransaction();
        model.commit(command.session);
        return;
      case 'abort':
        if (model.hasTransaction(command.session)) await this.#abort(command.session);
        return;
      case 'find': {
        const found = this.#collection.find(toFilter(command.filter), this.#options(command.session));
        const actual = await found
          .sort({ a: command.direction, _id: 1 })
          .skip(command.skip)
          .limit(command.limit)
          .toArray();
        const end = command.limit === 0 ? undefined : command.skip + command.limit;
        expectSame(
          actual,
          model.find(command.session, command.filter, command.direction).slice(command.skip, end),
        );
        return;
      }
      case 'count':
        expectSame(
          await this.#collection.countDocuments(toFilter(command.filter), this.#options(command.session)),
          model.find(command.session, command.filter, 1).length,
        );
        return;
      case 'distinct':
        expectSame(
          await this.#collection.distinct('a', toFilter(command.filter), this.#options(command.session)),
          model.distinct(command.session, command.filter),
        );
        return;
      default:
        await this.#write(command);
    }
  }

  async finish(): Promise<void> {
    for (const session of this.#model.openSessions) await this.#abort(session);
    expectSame(
      await this.#collection.find().sort({ a: 1, _id: 1 }).toArray(),
      this.#model.find(undefined, { kind: 'all' }, 1),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await session.endSession().catch(() => undefined);
    await this.#collection.drop();
  }

  /** A snapshot is taken by the first read, so one is made at once. */
  async #begin(number: number): Promise<void> {
    const session = this.#sessions.get(number) ?? this.#client.startSession();
    this.#sessions.set(number, session);
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    this.#model.begin(number);
    await this.#collection.findOne({ _id: -1 }, { session });
  }

  async #abort(number: number): Promise<void> {
    this.#model.abort(number);
    await this.#sessions.get(number)?.abortTransaction();
  }

  #options(session: SessionNumber): { session?: ClientSession } {
    const driverSession =
      session === undefined || !this.#model.hasTransaction(session) ? undefined : this.#sessions.get(session);
    return driverSession === undefined ? {} : { session: driverSession };
  }

  async #write(command: WriteCommand): Promise<void> {
    const session = this.#model.hasTransaction(command.session) ? command.session : undefined;
    const { writes, isInsert, isRefused } = plan(this.#model, session, command);
    const allowed = isRefused
      ? new Set<Outcome>(['refused'])
      : this.#model.allowed(session, writes, isInsert);
    if (this.#model.mustConflict(session, writes.keys())) {
      allowed.delete('done');
      allowed.add('conflict');
    }
    // Outside of a transaction the server would wait for the other one to end.
    if (session === undefined && (allowed.size > 1 || allowed.has('conflict'))) return;
    const outcome = await this.#send(command, session);
    const name = `${session === undefined ? 'plain' : 'transaction'} ${outcome}` as const;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (!allowed.has(outcome))
      throw new ProgramMismatch(`was ${outcome}, allowed is ${[...allowed].join(' or ')}`);
    if (outcome === 'done') this.#model.apply(session, writes);
    else if (session !== undefined) await this.#abort(session);
  }

  async #send(command: WriteCommand, session: SessionNumber): Promise<Outcome> {
    try {
      await sendWrite(this.#collection, command, this.#options(session), this.#model);
      return 'done';
    } catch (thrown) {
      if (!(thrown instanceof MongoServerError)) throw thrown;
      if (thrown.code === 11000) return 'duplicate';
      if (thrown.code === 112) return 'conflict';
      if (thrown.code === 2) return 'refused';
      throw thrown;
    }
  }
}

type WriteCommand = Extract<
  Command,
  { kind: 'insert' | 'update' | 'updateMany' | 'replace' | 'findAndUpdate' | 'delete' }
>;

function plan(
  model: ReferenceModel,
  session: SessionNumber,
  command: WriteCommand,
): { writes: Writes; isInsert: boolean; isRefused: boolean } {
  const writes: Writes = new Map();
  let isInsert = false;
  let isRefused = false;
  const change = (item: Item, how: Change): void => {
    const after = changed(item, how);
    if (after === undefined) isRefused = true;
    else if (JSON.stringify(after) !== JSON.stringify(item)) writes.set(item._id, after);
  };
  switch (command.kind) {
    case 'insert':
      isInsert = true;
      writes.set(command.item._id, command.item);
      break;
    case 'replace':
      if (model.get(session, command.item._id) !== undefined) writes.set(command.item._id, command.item);
      break;
    case 'update': {
      const item = model.get(session, command.id);
      if (item !== undefined) change(item, command.change);
      else if (command.upsertU !== undefined) {
        isInsert = true;
        writes.set(command.id, changed({ _id: command.id, u: command.upsertU, n: 0 }, command.change));
      }
      break;
    }
    case 'updateMany':
      for (const item of model.find(session, command.filter, 1)) change(item, command.change);
      break;
    case 'findAndUpdate': {
      const [item] = model.find(session, command.filter, command.direction);
      if (item !== undefined) change(item, { kind: 'increment', by: command.by });
      break;
    }
    case 'delete':
      for (const { _id } of deleted(model, session, command)) writes.set(_id, undefined);
  }
  return { writes, isInsert, isRefused };
}

function deleted(
  model: ReferenceModel,
  session: SessionNumber,
  command: Extract<Command, { kind: 'delete' }>,
): Item[] {
  if (command.many) return model.find(session, command.filter, 1);
  const item = model.get(session, command.id);
  return item === undefined ? [] : [item];
}

async function sendWrite(
  collection: Collection<Item>,
  command: WriteCommand,
  options: { session?: ClientSession },
  model: ReferenceModel,
): Promise<void> {
  const before = model.hasTransaction(command.session) ? command.session : undefined;
  switch (command.kind) {
    case 'insert':
      await collection.insertOne(toItem(command.item), options);
      return;
    case 'replace':
      await collection.replaceOne({ _id: command.item._id }, withoutId(toItem(command.item)), options);
      return;
    case 'update': {
      const { upsertU } = command;
      const update = toUpdate(command.change);
      const onInsert =
        upsertU === undefined
          ? {}
          : { $setOnInsert: { u: upsertU, ...(command.change.kind === 'increment' ? {} : { n: 0 }) } };
      await collection.updateOne(
        { _id: command.id },
        { ...update, ...onInsert },
        { ...options, upsert: upsertU !== undefined },
      );
      return;
    }
    case 'updateMany':
      await collection.updateMany(toFilter(command.filter), toUpdate(command.change), options);
      return;
    case 'findAndUpdate': {
      const [expected] = model.find(before, command.filter, command.direction);
      const found = await collection.findOneAndUpdate(
        toFilter(command.filter),
        { $inc: { n: command.by } },
        { ...options, sort: { a: command.direction, _id: 1 } },
      );
      expectSame(found, expected ?? null);
      return;
    }
    case 'delete': {
      const expected = deleted(model, before, command).length;
      const result = command.many
        ? await collection.deleteMany(toFilter(command.filter), options)
        : await collection.deleteOne({ _id: command.id }, options);
      expectSame(result.deletedCount, expected);
    }
  }
}

function toFilter(filter: Filter): Document {
  switch (filter.kind) {
    case 'all':
      return {};
    case 'id':
      return { _id: filter.id };
    case 'equal':
      return { a: { $eq: toBson(filter.value) } };
    case 'notEqual':
      return { a: { $ne: toBson(filter.value) } };
    case 'order':
      return { a: { [filter.operator]: toBson(filter.value) } };
    case 'in':
      return { a: { $in: filter.values.map(toBson) } };
    case 'exists':
      return { a: { $exists: filter.wanted } };
    case 'between':
      return { a: { $gt: toBson(filter.low), $lt: toBson(filter.high) } };
    case 'range':
      return { n: { $gte: filter.from, $lt: filter.to } };
    case 'and':
    case 'or':
      return { [`$${filter.kind}`]: [toFilter(filter.left), toFilter(filter.right)] };
  }
}

function toUpdate(change: Change): Document {
  switch (change.kind) {
    case 'set':
      return { $set: { a: toBson(change.value) } };
    case 'unset':
      return { $unset: { a: '' } };
    case 'push':
      return { $push: { a: toBson(change.value) } };
    case 'increment':
      return { $inc: { n: change.by } };
    case 'setUnique':
      return { $set: { u: change.u } };
  }
}

/** The same numbers in different types of BSON, which must make no difference. */
function toBson(value: Value): unknown {
  if (typeof value === 'number') {
    if (value === 2) return new Double(2);
    return value === 3 || Math.abs(value) === 1e12 ? Long.fromNumber(value) : value;
  }
  return Array.isArray(value) ? value.map((item: Value) => toBson(item)) : value;
}

function toItem(item: Item): Item {
  return item.a === undefined ? item : Object.assign({}, item, { a: toBson(item.a) });
}

function withoutId({ _id, ...rest }: Item): Omit<Item, '_id'> {
  return rest;
}

function expectSame(actual: unknown, expected: unknown): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new ProgramMismatch(`answered ${got}, the model says ${wanted}`);
}

/** Fields in the order of their names: their order is not the model's business. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

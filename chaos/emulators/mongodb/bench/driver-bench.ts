/**
 * How fast the server is through the official driver: `node chaos/emulators/mongodb/bench/driver-bench.ts [name…]`.
 * Prints one line a figure. Server and client share the machine, as they do in use.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { MongoClient } from 'mongodb';
import type { Collection, Document } from 'mongodb';
import { startServerProcess } from './server-process.ts';

const seconds = 4;
const clients = 64;

interface Bench {
  readonly name: string;
  readonly target: string;
  run(client: MongoClient): Promise<string>;
}

function collectionOf(client: MongoClient, name: string): Collection<Document & { _id: number }> {
  return client.db('bench').collection<Document & { _id: number }>(name);
}

/** Processor time used so far: by this process, and by the server's. A busy machine changes these less than it does the rates. */
interface ProcessorTime {
  readonly clientMs: number;
  readonly serverMs: number;
}

const clockTicksPerSecond = 100;
let serverPid = 0;

function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync(`/proc/${serverPid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { clientMs: (user + system) / 1000, serverMs: (ticks * 1000) / clockTicksPerSecond };
}

let lastCost = '';
let lastServerUs = 0;

/** Runs `operation` in `workers` loops for some seconds and tells how many a second were done. */
async function rate(workers: number, operation: (turn: number) => Promise<unknown>): Promise<number> {
  const warmUpEndMs = performance.now() + 1000;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let turn = worker; performance.now() < warmUpEndMs; turn += workers) await operation(turn);
    }),
  );
  const before = processorTime();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let turn = worker; performance.now() < endMs; turn += workers) {
        await operation(turn);
        done += 1;
      }
    }),
  );
  const after = processorTime();
  const clientUs = Math.round(((after.clientMs - before.clientMs) * 1000) / done);
  const serverUs = Math.round(((after.serverMs - before.serverMs) * 1000) / done);
  lastServerUs = serverUs;
  lastCost = ` [processor time each: client ${clientUs} µs, server ${serverUs} µs]`;
  return (done * 1000) / (performance.now() - startMs);
}

async function fill(collection: Collection<Document & { _id: number }>, count: number): Promise<void> {
  await collection.drop();
  for (let from = 0; from < count; from += 10_000) {
    const length = Math.min(10_000, count - from);
    await collection.insertMany(
      Array.from({ length }, (_, index) => ({
        _id: from + index,
        name: `item ${from + index}`,
        shelf: (from + index) % 97,
        gold: 1000,
        orders: { a: 'march', b: 'rest' },
      })),
    );
  }
}

const benches: readonly Bench[] = [
  {
    name: 'findOne',
    target: '≥ 8,000/s',
    run: async (client) => {
      const collection = collectionOf(client, 'find');
      await fill(collection, 10_000);
      return `${Math.round(await rate(clients, (turn) => collection.findOne({ _id: (turn * 7919) % 10_000 })))}/s`;
    },
  },
  {
    name: 'update',
    target: '≥ 4,000/s',
    run: async (client) => {
      const collection = collectionOf(client, 'update');
      await fill(collection, 10_000);
      const done = await rate(clients, (turn) =>
        collection.updateOne(
          { _id: (turn * 7919) % 10_000 },
          { $inc: { gold: 1 } },
          { writeConcern: { w: 'majority' } },
        ),
      );
      return `${Math.round(done)}/s`;
    },
  },
  {
    name: 'updatePipeline',
    target: '≥ 3,000/s',
    run: async (client) => {
      const collection = collectionOf(client, 'updatePipeline');
      await fill(collection, 10_000);
      const done = await rate(clients, (turn) =>
        collection.updateOne({ _id: (turn * 7919) % 10_000 }, [
          { $set: { gold: { $add: ['$gold', 1] }, rich: { $gt: ['$gold', 1500] } } },
        ]),
      );
      return `${Math.round(done)}/s`;
    },
  },
  {
    name: 'group',
    target: '≥ 8/s',
    run: async (client) => {
      const collection = collectionOf(client, 'group');
      await fill(collection, 10_000);
      const done = await rate(4, () =>
        collection
          .aggregate([
            { $match: { shelf: { $lt: 50 } } },
            {
              $group: {
                _id: '$shelf',
                gold: { $sum: '$gold' },
                most: { $max: '$name' },
                all: { $avg: '$gold' },
              },
            },
            { $sort: { _id: 1 } },
          ])
          .toArray(),
      );
      return `${Math.round(done)}/s of 10,000 documents`;
    },
  },
  {
    name: 'project',
    target: '≥ 8/s',
    run: async (client) => {
      const collection = collectionOf(client, 'project');
      await fill(collection, 10_000);
      const done = await rate(4, () =>
        collection
          .aggregate([
            { $addFields: { title: { $concat: ['$name', ' of ', { $toString: '$shelf' }] } } },
            { $project: { title: 1, order: '$orders.a', share: { $divide: ['$gold', 3] } } },
            { $match: { share: { $lt: 0 } } },
          ])
          .toArray(),
      );
      return `${Math.round(done)}/s of 10,000 documents`;
    },
  },
  {
    name: 'transaction',
    target: '≥ 1,200/s',
    run: async (client) => {
      const collection = collectionOf(client, 'transaction');
      await fill(collection, 100_000);
      const done = await rate(clients, async (turn) => {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            const from = (turn * 7919) % 50_000;
            const to = 50_000 + ((turn * 7907) % 50_000);
            await collection.findOne({ _id: from }, { session });
            await collection.updateOne({ _id: from }, { $inc: { gold: -1 } }, { session });
            await collection.findOne({ _id: to }, { session });
            await collection.updateOne({ _id: to }, { $inc: { gold: 1 } }, { session });
          }),
        );
      });
      return `${Math.round(done)}/s`;
    },
  },
  {
    name: 'insertMany',
    target: '≤ 3 s',
    run: async (client) => {
      const collection = collectionOf(client, 'insert');
      await collection.drop();
      const documents = Array.from({ length: 100_000 }, (_, index) => ({
        _id: index,
        name: `item ${index}`,
        gold: 1000,
        shelf: index % 97,
      }));
      const startMs = performance.now();
      await collection.insertMany(documents);
      return `${((performance.now() - startMs) / 1000).toFixed(2)} s`;
    },
  },
  {
    name: 'indexedFind',
    target: '≤ 2 ×',
    run: async (client) => {
      const rates: number[] = [];
      const costsUs: number[] = [];
      for (const count of [1000, 1_000_000]) {
        const collection = collectionOf(client, `indexed${count}`);
        await fill(collection, count);
        await collection.createIndex({ name: 1 });
        rates.push(
          await rate(clients, (turn) => collection.findOne({ name: `item ${(turn * 7919) % count}` })),
        );
        costsUs.push(lastServerUs);
      }
      const [small = 0, large = 1] = rates;
      return `${(small / large).toFixed(2)} × (${Math.round(small)}/s in 1,000, ${Math.round(large)}/s in 1,000,000; server's processor time ${costsUs.join(' and ')} µs each)`;
    },
  },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  await using server = await startServerProcess();
  const client = new MongoClient(server.uri, { maxPoolSize: clients });
  try {
    await client.connect();
    serverPid = server.pid;
    const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`;
    process.stdout.write(`${machine}\n`);
    for (const { name, target, run } of benches) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      lastCost = '';
      const figure = await run(client);
      process.stdout.write(`${name}: ${figure} (wanted ${target})${lastCost}\n`);
    }
  } finally {
    await client.close();
  }
}

await main();

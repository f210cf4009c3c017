/** A fuzz campaign against a server in this process, with what it left behind. */
import { MongoClient } from 'mongodb';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import { runFuzz } from './campaign.ts';
import type { FuzzReport } from './campaign.ts';

export interface FuzzResult extends FuzzReport {
  readonly defects: readonly string[];
  /** The server answers a driver afterwards, with the right document. */
  readonly stillServes: boolean;
  readonly openConnections: number;
  readonly openCursors: number;
  readonly heapGrowthBytes: number;
}

export async function fuzzServer(messages: number, seed: string): Promise<FuzzResult> {
  const random = seededRandom(seed);
  const defects: string[] = [];
  await using server = await startMongoServer({
    host: '127.0.0.1',
    port: 0,
    folder: undefined,
    clock: systemClock,
    random: random.fork('server'),
    onDefect: (thrown) =>
      defects.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)),
  });
  const heapBefore = process.memoryUsage().heapUsed;
  const report = await runFuzz({
    port: server.port,
    messages,
    random: random.fork('messages'),
    clock: systemClock,
    connections: 8,
  });
  const stillServes = await serves(server.uri);
  const { connections, cursors } = server.state;
  return {
    ...report,
    defects,
    stillServes,
    openConnections: connections.size,
    openCursors: cursors.open,
    heapGrowthBytes: process.memoryUsage().heapUsed - heapBefore,
  };
}

async function serves(uri: string): Promise<boolean> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const collection = client.db('after').collection<{ _id: number; value: string }>('c');
    await collection.insertOne({ _id: 1, value: 'here' });
    return (await collection.findOne({ _id: 1 }))?.value === 'here';
  } finally {
    await client.close();
  }
}

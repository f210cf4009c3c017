/**
 * The connection to MongoDB and the reasons for its options: an operation on a database that is away or hangs ends with an
 * error, well before the request that needs it does.
 */
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { type PoolMetrics, watchPool } from './watch-pool.ts';

export interface DatabaseOptions {
  readonly uri: string;
  readonly database: string;
  readonly name: string;
  readonly poolSize: number;
  readonly selectionTimeoutMs: number;
  readonly networkTimeoutMs: number;
  readonly metrics: PoolMetrics;
}

/** Does not wait for the server: operations fail until one is there, and succeed from then on. */
export function openDatabase(options: DatabaseOptions): Connection {
  const connection = mongoose.createConnection(options.uri, connectOptions(options));
  watchPool(connection.getClient(), options.metrics);
  return connection;
}

/** Tries again to reach a server that was away when the connection was opened; rejects when it still is. */
export async function reopenDatabase(connection: Connection, options: DatabaseOptions): Promise<void> {
  const before = connection.getClient();
  const opening = connection.openUri(options.uri, connectOptions(options));
  // Mongoose makes another client for each attempt, and none when it is connected after all.
  const client = connection.getClient();
  if (client !== before) watchPool(client, options.metrics);
  await opening;
}

function connectOptions(options: DatabaseOptions): ConnectOptions {
  return {
    // Mongoose would otherwise buffer operations while it has no server, instead of failing.
    dbName: options.database,
    appName: options.name,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    // No server that can be used for this long is an error of the operation.
    serverSelectionTimeoutMS: options.selectionTimeoutMs,
    // Silence on a connection in the middle of an operation.
    socketTimeoutMS: options.networkTimeoutMs,
    connectTimeoutMS: options.networkTimeoutMs,
    // A pool with no connection free for this long means overload.
    waitQueueTimeoutMS: options.selectionTimeoutMs,
    maxPoolSize: options.poolSize,
    minPoolSize: 0,
    // Polling notices a server that came back as fast as it is asked for, and does not need streaming answers.
    serverMonitoringMode: 'poll',
    heartbeatFrequencyMS: 2_000,
    // The driver repeats a write once after a network error; the server recognises the repetition by its number.
    retryWrites: true,
    retryReads: true,
    readPreference: 'primary',
    readConcernLevel: 'local',
    // Acknowledged means: on the disks of a majority.
    writeConcern: { w: 'majority', journal: true },
  };
}

/** What MongoDB reports of its clients other than the observer: the observer's own share is counted at the driver and subtracted. */
import type { MongoClient } from 'mongodb';
import { z } from 'zod';

export interface MongoState {
  /** Connections other than the observer's own. */
  readonly clients: number;
  /** Requests since the server started, without the observer's own. */
  readonly requests: number;
  /** Connections accepted since the server started, without the observer's own. */
  readonly connectionsAccepted: number;
  /** Writes that met another's uncommitted one since the server started. */
  readonly writeConflicts: number;
  /** Changes with every start of the server. */
  readonly serverProcess: string;
}

const statusSchema = z.object({
  connections: z.object({ current: z.coerce.number(), totalCreated: z.coerce.number() }),
  network: z.object({ numRequests: z.coerce.number() }),
  metrics: z.object({ operation: z.object({ writeConflicts: z.coerce.number().default(0) }).optional() }),
});

/** Not the number of the process: in a container that is 1 after every start. */
const helloSchema = z.object({ topologyVersion: z.object({ processId: z.coerce.string() }) });

/** The connection by which the driver watches the server; with polling it is one. */
const monitorConnections = 1;

export interface MongoEye {
  readState(): Promise<MongoState>;
}

/** `client` polls, has `monitorCommands` on, and is watched before it connects, so that all of its own traffic is known. */
export function watchMongo(client: MongoClient): MongoEye {
  const own = { open: monitorConnections, created: monitorConnections, requests: 0 };
  client.on('connectionCreated', () => {
    own.open += 1;
    own.created += 1;
    // Each connection begins with a hello, which the driver does not report as a command.
    own.requests += 1;
  });
  client.on('connectionClosed', () => (own.open -= 1));
  client.on('serverHeartbeatStarted', () => (own.requests += 1));
  client.on('commandStarted', () => (own.requests += 1));
  const readState = async (): Promise<MongoState> => {
    const hello = helloSchema.parse(await client.db('admin').command({ hello: 1 }));
    const status = statusSchema.parse(await client.db('admin').command({ serverStatus: 1 }));
    return {
      clients: Math.max(0, status.connections.current - own.open),
      requests: Math.max(0, status.network.numRequests - own.requests),
      connectionsAccepted: Math.max(0, status.connections.totalCreated - own.created),
      writeConflicts: status.metrics.operation?.writeConflicts ?? 0,
      serverProcess: hello.topologyVersion.processId,
    };
  };
  return {
    // After a restart the first command finds that its connection is gone, and the next one makes another.
    readState: () => readState().catch(readState),
  };
}

/**
 * The connections to Redis and the reasons for their options. The rule behind all of them: an outage of Redis is an
 * error within a bounded time, and a command is sent once. The caller decides whether a lost command may be repeated.
 */
import { Redis } from 'ioredis';
import { gatherWrites } from './gather-writes.ts';

interface RedisClientOptions {
  readonly url: string;
  readonly name: string;
  readonly commandTimeoutMs: number;
  /** Silence after which the connection is given up while an answer is due; longer than any blocking command. */
  readonly silenceTimeoutMs: number;
  readonly onError: (error: Error) => void;
}

const reconnectDelayMsMax = 1_000;

export function createRedisClient(options: RedisClientOptions): Redis {
  const client = new Redis(options.url, {
    connectionName: options.name,
    // Answers in their RESP2 shapes, also from servers with RESP3.
    protocol: 2,
    // A client that gives up reconnecting would write past the cache for ever while others go on reading it.
    retryStrategy: (attempt) => Math.min(20 * 2 ** Math.min(attempt, 6), reconnectDelayMsMax),
    // A command whose reply was lost may have been executed; sending it again by itself would execute it twice.
    autoResendUnfulfilledCommands: false,
    // The subscriber resubscribes on every connection; if ioredis did it, a failure would be unhandled and end the process.
    autoResubscribe: false,
    // With the connection lost every waiting command fails at once, instead of waiting for reconnections.
    maxRetriesPerRequest: 0,
    // Without a connection a command fails at once: the caller has MongoDB to go to.
    enableOfflineQueue: false,
    // A Redis that accepts and never answers must cost a bounded time…
    commandTimeout: options.commandTimeoutMs,
    // …and a connection that stays silent is replaced, for only its peer may be gone.
    socketTimeout: options.silenceTimeoutMs,
    connectTimeout: Math.max(options.commandTimeoutMs * 4, 500),
    // A restarting Redis answers LOADING until it has read its data; only then is it ready.
    enableReadyCheck: true,
    disableClientInfo: true,
    noDelay: true,
    keepAlive: 5_000,
    lazyConnect: false,
  });
  client.on('error', options.onError);
  // The stream of this connection; every reconnection makes a new one.
  client.on('connect', () => gatherWrites(client.stream));
  return client;
}

/** Whether a command would be written to a connection now; otherwise it fails without having been sent. */
export function canSend(client: Redis): boolean {
  return client.status === 'ready' && client.stream.writable;
}

/** Ends the connection at once; what is still waiting fails. */
export function closeRedisClient(client: Redis): void {
  client.disconnect();
}

/** Time of one PING through the proxy: what a client of Redis feels just now. */
import { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';

/** Milliseconds; rejects when there is no answer within five seconds. */
export async function measureRoundTripMs(uri: string, clock: Clock): Promise<number> {
  const client = new Redis(uri, {
    lazyConnect: true,
    enableReadyCheck: false,
    commandTimeout: 5_000,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const startedMs = clock.monotonicMs();
    await client.ping();
    return clock.monotonicMs() - startedMs;
  } finally {
    client.disconnect();
  }
}

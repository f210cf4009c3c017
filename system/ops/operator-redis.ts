/** A connection to Redis for a tool that runs once: it is there at once or not at all. */
import { Redis } from 'ioredis';

const timeoutMs = 2_000;

/** Undefined when Redis does not answer. */
export async function connectForOperator(url: string): Promise<Redis | undefined> {
  const client = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    disableClientInfo: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch {
    client.disconnect();
    return undefined;
  }
}

// The queue that both processes share: a list of jobs that wait, and one of those at work.
import { createClient } from 'redis';

export const waiting = 'jobs:waiting';
export const working = 'jobs:working';

/** A connection that comes back by itself, and whose commands fail at once while there is none. */
export async function connectQueue() {
  const client = createClient({
    url: process.env.REDIS_URL,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 50, connectTimeout: 500 },
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Rejects when it takes longer. */
export async function within(ms, promise) {
  const late = AbortSignal.timeout(ms);
  return Promise.race([
    promise,
    new Promise((_, reject) =>
      late.addEventListener('abort', () => reject(new Error(`not done in ${ms} ms`))),
    ),
  ]);
}

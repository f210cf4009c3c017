/** The harness's own requests to the system's API: health, seeding, and an operator's replay of a turn. */
import { z } from 'zod';
import { adminToken } from './system-settings.ts';

const healthSchema = z.object({
  data: z.object({
    redis: z.unknown(),
    mongo: z.unknown(),
    queue: z.object({ length: z.number().nullable(), oldestAgeMs: z.number().nullable() }),
  }),
});

/** `serving`: health answered 200; `queueLength`: null when Redis could not be asked. */
export interface Health {
  readonly serving: boolean;
  readonly redisWell: boolean;
  readonly mongoWell: boolean;
  readonly queueLength: number | null;
  readonly oldestAgeMs: number | null;
}

const requestTimeoutMs = 5_000;

export async function readHealth(apiUrl: string, signal: AbortSignal): Promise<Health> {
  const nothing = {
    serving: false,
    redisWell: false,
    mongoWell: false,
    queueLength: null,
    oldestAgeMs: null,
  };
  try {
    const response = await fetch(`${apiUrl}/api/health`, { signal: bounded(signal) });
    const parsed = healthSchema.safeParse(await response.json());
    if (!parsed.success) return nothing;
    const { redis, mongo, queue } = parsed.data.data;
    return {
      serving: response.ok,
      redisWell: isWell(redis),
      mongoWell: isWell(mongo),
      queueLength: queue.length,
      oldestAgeMs: queue.oldestAgeMs,
    };
  } catch {
    signal.throwIfAborted();
    return nothing;
  }
}

/** Sends a change as an administrator; resolves to the status and body, rejects when no answer came in time. */
export async function post(
  url: string,
  body: unknown,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
      authorization: `Bearer ${adminToken}`,
    },
    body: JSON.stringify(body),
    signal: bounded(signal),
  });
  return { status: response.status, body: await response.json() };
}

/** A read for its effect on the caches; whether it succeeds is judged by nobody. */
export async function readThrough(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal: bounded(signal) }).catch(() => null);
  await response?.arrayBuffer().catch(() => undefined);
  signal.throwIfAborted();
}

function bounded(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
}

/** A part's state is a word or an object with a `status`; `ok` and `up` are well. */
function isWell(state: unknown): boolean {
  const word = typeof state === 'object' && state !== null && 'status' in state ? state.status : state;
  return word === 'ok' || word === 'up';
}

/** What GET /api/health says, read in one place for scenarios and for capacity. */
import { z } from 'zod';
import type { BacklogState } from '../chaos/api/index.ts';

const stateSchema = z.union([z.string(), z.looseObject({ status: z.string() })]);
const healthSchema = z.object({
  data: z.object({
    redis: stateSchema,
    mongo: stateSchema,
    queue: z.object({ length: z.number().nullable(), oldestAgeMs: z.number().nullable() }),
  }),
});

interface ReadHealth {
  /** Redis and MongoDB are up. */
  readonly storesWell: boolean;
  /** Saves that db-sync has still to write. */
  readonly queue: BacklogState;
}

/** A body that is no such answer is not well, and tells nothing of the queue. */
export function readHealthBody(body: unknown): ReadHealth {
  const parsed = healthSchema.safeParse(body);
  if (!parsed.success) return { storesWell: false, queue: { length: null, oldestAgeMs: null } };
  const { redis, mongo, queue } = parsed.data.data;
  return { storesWell: isWell(redis) && isWell(mongo), queue };
}

function isWell(state: z.infer<typeof stateSchema>): boolean {
  const word = typeof state === 'string' ? state : state.status;
  return word === 'ok' || word === 'up';
}

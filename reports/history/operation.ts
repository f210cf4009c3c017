/**
 * One operation of one client as the client saw it: a line of history.ndjson. The outcome follows Jepsen's rule:
 * `ok` took effect, `fail` did not, `info` may or may not have (a timeout, a lost reply).
 */
import { z } from 'zod';

/** Times are milliseconds since the Unix epoch. `intendedMs` is when the load schedule wanted the operation to start. */
export const operationSchema = z.object({
  process: z.int().nonnegative(),
  f: z.string().min(1),
  type: z.enum(['ok', 'fail', 'info']),
  value: z.record(z.string(), z.unknown()),
  intendedMs: z.number(),
  startedMs: z.number(),
  endedMs: z.number(),
  error: z.string().optional(),
  /** Fields of `value` that come from the answer; the others are what was asked. */
  answered: z.array(z.string()).optional(),
});

export type Operation = z.infer<typeof operationSchema>;

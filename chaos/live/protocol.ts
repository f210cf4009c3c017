/** What passes between a target that is kept up and the commands that break it, heal it and ask for its status. */
import { z } from 'zod';

const effectSchema = z.object({
  observed: z.boolean(),
  evidence: z.string(),
  measures: z.record(z.string(), z.number()),
});

const inForceSchema = z.object({
  fault: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  appliedMs: z.number(),
  healsAtMs: z.number().nullable(),
  effect: effectSchema,
});

const healedSchema = inForceSchema.omit({ healsAtMs: true }).extend({ healedMs: z.number() });

export const faultRequestSchema = z.strictObject({
  fault: z.string(),
  forMs: z.number().positive().nullable(),
  parameters: z.record(z.string(), z.unknown()),
});

export const healRequestSchema = z.strictObject({ fault: z.string().nullable() });

export const statusSchema = z.object({
  name: z.string(),
  pid: z.int(),
  target: z.string(),
  scenario: z.string(),
  /** Epoch milliseconds. */
  startedMs: z.number(),
  nowMs: z.number(),
  urls: z.record(z.string(), z.array(z.string())),
  processes: z.array(z.object({ name: z.string(), running: z.boolean() })),
  /** Processes of the target that ended by themselves. */
  exits: z.array(z.string()),
  /** Null for a target without a health probe. */
  health: z.object({ well: z.boolean(), gauges: z.record(z.string(), z.number().nullable()) }).nullable(),
  inForce: z.array(inForceSchema),
  /** Newest last. */
  healed: z.array(healedSchema),
});
export type Status = z.infer<typeof statusSchema>;

export const appliedSchema = z.object({ inForce: inForceSchema });
export const healedAnswerSchema = z.object({ healed: z.array(healedSchema) });
export const endingSchema = z.object({ ending: z.literal(true) });
export const refusalSchema = z.object({ message: z.string(), hint: z.string(), exitStatus: z.int() });

/** Schema of the report of `redcliff capacity`: what was measured, with everything by which it can be believed, and what was fitted to it. */
import { z } from 'zod';
import { reportSchema } from '../record/report.ts';
import { bottleneckSchema } from './bottleneck.ts';
import { demandSchema } from './demands.ts';
import { growthFitSchema } from './growth.ts';
import { playerSchema } from './player.ts';
import { scalabilitySchema } from './scalability.ts';
import { sloRateSchema, sloSchema } from './slo.ts';
import { stepSchema } from './step.ts';

export const capacitySchemaVersion = 1;

/** One route under a growing number of requests at once. */
export const routeSchema = z.object({
  name: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
  scalability: scalabilitySchema,
  bottleneck: bottleneckSchema,
});
export type RouteCapacity = z.infer<typeof routeSchema>;

/** A mix of routes under a growing rate of arrivals. */
export const mixSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Share of each route among the requests. */
  weights: z.record(z.string(), z.number()),
  writeShare: z.number(),
  steps: z.array(stepSchema),
  sloRate: sloRateSchema,
  bottleneck: bottleneckSchema,
});
export type MixCapacity = z.infer<typeof mixSchema>;

export const growthSchema = z.object({
  dimension: z.string(),
  title: z.string(),
  /** Of the cost. */
  unit: z.string(),
  points: z.array(z.object({ size: z.number(), cost: z.number() })),
  fit: growthFitSchema,
});
export type Growth = z.infer<typeof growthSchema>;

/** What one request of a class costs each kind of process; `turn` is one general taken through one turn. */
export const classDemandsSchema = z.object({
  class: z.enum(['read', 'write', 'turn']),
  demands: z.array(demandSchema),
});

export const faultModeSchema = z.object({
  name: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
  sloRate: sloRateSchema,
  /** That the fault was felt; null for the mode without one. */
  evidence: z.string().nullable(),
});
export type FaultMode = z.infer<typeof faultModeSchema>;

export const recoverySchema = z.object({
  title: z.string(),
  ratePerSecond: z.number(),
  faultMs: z.number(),
  /** From healing until latency and errors met the objective and kept to it; null when they did not. */
  recoveryMs: z.number().nullable(),
});

export const drainSchema = z.object({
  writesPerSecond: z.number(),
  /** How long nothing was drained, and what had piled up then. */
  heldMs: z.number(),
  backlog: z.number(),
  /** From then on until the queue was empty, while the writes went on; null when it did not become so. */
  drainMs: z.number().nullable(),
});

export const sizesSchema = z.object({
  /** Resident memory by kind of process. */
  memoryBytes: z.record(z.string(), z.number()),
  redisBytesPerGeneral: z.number().nullable(),
  documentBytesPerGeneral: z.number(),
});

export const capacityReportSchema = z.object({
  schemaVersion: z.literal(capacitySchemaVersion),
  kind: z.literal('capacity'),
  id: z.string(),
  command: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  seed: z.string(),
  commit: reportSchema.shape.commit,
  /** `priority`: the nice value it ran at, 0 unless somebody gave it another. */
  machine: reportSchema.shape.machine.extend({ priority: z.int() }),
  provider: reportSchema.shape.provider,
  versions: reportSchema.shape.versions,
  slo: sloSchema,
  player: playerSchema,
  world: z.object({ sessions: z.int(), generals: z.int(), cities: z.int(), nations: z.int() }),
  processes: z.record(z.string(), z.int()),
  routes: z.array(routeSchema),
  mixes: z.array(mixSchema),
  demands: z.array(classDemandsSchema),
  growth: z.array(growthSchema),
  faults: z.array(faultModeSchema),
  recovery: recoverySchema.nullable(),
  drain: drainSchema.nullable(),
  sizes: sizesSchema.nullable(),
  notes: z.array(z.string()),
});

export type CapacityReport = z.infer<typeof capacityReportSchema>;

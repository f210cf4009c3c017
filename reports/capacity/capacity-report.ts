/** Schema of the report of `redcliff capacity`: what was measured, the evidence for it, and what was fitted to it. And reading it back. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ReportsError } from '../errors.ts';
import { reportSchema } from '../record/report.ts';
import { bottleneckSchema } from './bottleneck.ts';
import { demandSchema } from './demands.ts';
import { growthFitSchema } from './growth.ts';
import { scalabilitySchema } from './scalability.ts';
import { sloRateSchema, sloSchema } from './slo.ts';
import { stepSchema } from './step.ts';
import { userSchema } from './user.ts';

export const capacitySchemaVersion = 2;

/** One route under a growing number of requests at once. */
const routeSchema = z.object({
  name: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
  scalability: scalabilitySchema,
  bottleneck: bottleneckSchema,
});
export type RouteCapacity = z.infer<typeof routeSchema>;

/** A mix of routes under a growing rate of arrivals. */
const mixSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Whether it is what users do, in their proportions; at most one is. */
  ofUsers: z.boolean(),
  /** Share of each route among the requests. */
  weights: z.record(z.string(), z.number()),
  writeShare: z.number(),
  steps: z.array(stepSchema),
  sloRate: sloRateSchema,
  bottleneck: bottleneckSchema,
});
export type MixCapacity = z.infer<typeof mixSchema>;

const growthSchema = z.object({
  dimension: z.string(),
  title: z.string(),
  /** Of the cost. */
  unit: z.string(),
  /**
   * Set when the size is the number of processes of the serving role and the cost that of one write: what each further process adds is what it
   * spends on the writes of the others.
   */
  broadcast: z.boolean(),
  points: z.array(z.object({ size: z.number(), cost: z.number() })),
  fit: growthFitSchema,
});
export type Growth = z.infer<typeof growthSchema>;

/** What one request of a class costs each role and store; `background` is one unit of background work. */
const classDemandsSchema = z.object({
  class: z.enum(['read', 'write', 'background']),
  demands: z.array(demandSchema),
});

const faultModeSchema = z.object({
  name: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
  sloRate: sloRateSchema,
  /** The observed effect of the fault; null for the mode without one. */
  evidence: z.string().nullable(),
});
export type FaultMode = z.infer<typeof faultModeSchema>;

const recoverySchema = z.object({
  title: z.string(),
  ratePerSecond: z.number(),
  faultMs: z.number(),
  /** From healing until latency and errors met the objective and went on meeting it; null when they did not. */
  recoveryMs: z.number().nullable(),
});

const drainSchema = z.object({
  /** What the backlog consists of, such as "saves". */
  title: z.string(),
  writesPerSecond: z.number(),
  /** How long the role that drains it was paused, and the length of the backlog then. */
  pausedMs: z.number(),
  backlog: z.number(),
  /** From then on until it was empty, while the writes went on; null when it did not become empty. */
  drainMs: z.number().nullable(),
});

const sizesSchema = z.object({
  /** Resident memory of one process, by role. */
  memoryBytes: z.record(z.string(), z.number()),
  entities: z.array(
    z.object({
      collection: z.string(),
      /** Entities that each user has. */
      perUser: z.number(),
      documentBytes: z.number().nullable(),
      /** In Redis, over all keys of one entity; null when it is not cached. */
      cachedBytes: z.number().nullable(),
    }),
  ),
});

const rolesSchema = z.record(
  z.string(),
  z.object({
    /** As it was measured. */
    processes: z.int(),
    /** To MongoDB at most, of one process; null when the target does not say. */
    connections: z.int().nullable(),
    note: z.string(),
  }),
);

export const capacityReportSchema = z.object({
  schemaVersion: z.literal(capacitySchemaVersion),
  kind: z.literal('capacity'),
  id: z.string(),
  target: z.string(),
  command: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  seed: z.string(),
  commit: reportSchema.shape.commit,
  /** `priority`: the nice value it ran at. */
  machine: reportSchema.shape.machine.extend({ priority: z.int() }),
  provider: reportSchema.shape.provider,
  versions: reportSchema.shape.versions,
  slo: sloSchema,
  user: userSchema,
  world: z.record(z.string(), z.unknown()),
  /** The role that takes the load. */
  serving: z.string(),
  roles: rolesSchema,
  /** Environment of the target that was set by --set. */
  settings: z.record(z.string(), z.string()),
  routes: z.array(routeSchema),
  mixes: z.array(mixSchema),
  demands: z.array(classDemandsSchema),
  growth: z.array(growthSchema),
  faults: z.array(faultModeSchema),
  recovery: recoverySchema.nullable(),
  drain: drainSchema.nullable(),
  sizes: sizesSchema,
  notes: z.array(z.string()),
});

export type CapacityReport = z.infer<typeof capacityReportSchema>;

/** Throws ReportsError FILE_UNREADABLE, REPORT_TRUNCATED, REPORT_FOREIGN, REPORT_OLDER or REPORT_NEWER. */
export async function readCapacityReport(path: string): Promise<CapacityReport> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ReportsError('FILE_UNREADABLE', `${path} cannot be read: ${String(error)}`, { cause: error });
  }
  return parseCapacityReport(text, path);
}

export function parseCapacityReport(text: string, name: string): CapacityReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const code = text.trimStart().startsWith('{') ? 'REPORT_TRUNCATED' : 'REPORT_FOREIGN';
    throw new ReportsError(code, `${name} is cut off or not JSON: ${String(error)}`, { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null || !('kind' in parsed) || parsed.kind !== 'capacity')
    throw new ReportsError('REPORT_FOREIGN', `${name} is not a report of redcliff capacity`);
  const version = 'schemaVersion' in parsed ? Number(parsed.schemaVersion) : Number.NaN;
  if (version !== capacitySchemaVersion)
    throw new ReportsError(
      version > capacitySchemaVersion ? 'REPORT_NEWER' : 'REPORT_OLDER',
      `${name} has schema ${version}; this version reads schema ${capacitySchemaVersion}`,
    );
  const result = capacityReportSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ReportsError(
    'REPORT_FOREIGN',
    `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
  );
}

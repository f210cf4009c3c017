/**
 * Schema of report.json, the one self-describing record of a run. A run has one cell for each pair of scenario and
 * fault; times are milliseconds since the Unix epoch unless the name says `AtMs`, which counts from the start of load.
 */
import { z } from 'zod';
import { explorationSchema } from '../exploration/exploration.ts';

export const schemaVersion = 2;

export const verdictValues = ['true', 'false', 'unknown'] as const;
export type VerdictValue = (typeof verdictValues)[number];

/** The smallest evidence for `false`: explained in words, with the operations and facts that contradict each other. */
export const witnessSchema = z.object({
  summary: z.string(),
  operations: z.array(z.record(z.string(), z.unknown())),
  facts: z.record(z.string(), z.unknown()),
});
export type Witness = z.infer<typeof witnessSchema>;

export const verdictSchema = z.object({
  invariant: z.string(),
  title: z.string(),
  verdict: z.enum(verdictValues),
  /** Why, in a sentence: what was checked for `true`, what was violated for `false`, what was missing for `unknown`. */
  reason: z.string(),
  witnesses: z.array(witnessSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** One planned fault. Parameters are those of the fault's own schema. */
export const plannedFaultSchema = z.object({
  fault: z.string(),
  applyAtMs: z.int().nonnegative(),
  healAtMs: z.int().nonnegative(),
  parameters: z.record(z.string(), z.unknown()),
});
export type PlannedFault = z.infer<typeof plannedFaultSchema>;

/** The outcome of a planned fault; `observed: false` makes the verdicts `unknown`. */
export const faultRecordSchema = plannedFaultSchema.extend({
  appliedMs: z.number(),
  healedMs: z.number(),
  effect: z.object({
    observed: z.boolean(),
    evidence: z.string(),
    measures: z.record(z.string(), z.number()),
  }),
});
export type FaultRecord = z.infer<typeof faultRecordSchema>;

export const phaseNames = ['baseline', 'fault', 'recovery'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** `histogram`: HDR histogram of latency from the intended start in microseconds, compressed V2, base64. */
export const phaseSchema = z.object({
  name: z.enum(phaseNames),
  startMs: z.number(),
  endMs: z.number(),
  operations: z.object({ ok: z.int(), fail: z.int(), info: z.int() }),
  throughputPerSecond: z.number(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
  histogram: z.string(),
  errors: z.record(z.string(), z.int()),
});
export type Phase = z.infer<typeof phaseSchema>;

/** One second of the run, counted by the operations that ended in it. `second` counts from the start of load. */
export const secondSchema = z.object({
  second: z.int(),
  ok: z.int(),
  fail: z.int(),
  info: z.int(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
  /** What ended otherwise than `ok`, by kind; absent when nothing did, and from older runs. */
  errors: z.record(z.string(), z.int()).optional(),
});
export type Second = z.infer<typeof secondSchema>;

/** A quantity sampled by the harness while the load ran: [milliseconds since the start of load, value]. */
export const gaugeSchema = z.object({
  name: z.string(),
  unit: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])),
});
export type Gauge = z.infer<typeof gaugeSchema>;

export const thresholdSchema = z.object({
  metric: z.string(),
  expression: z.string(),
  verdict: z.enum(verdictValues),
  /** The measured value; absent where it is not known. */
  value: z.number().optional(),
  /** Why nothing can be said although it was crossed; absent otherwise, and from older runs. */
  reason: z.string().optional(),
});
export type Threshold = z.infer<typeof thresholdSchema>;

/** Limits the checkers judge by: the target's own, in milliseconds unless the name says otherwise, plus the tolerance of the measurement. */
export const limitsSchema = z
  .object({
    requestDeadlineMs: z.number(),
    /** What the client's own scheduling may add to a request's time, on this machine. */
    deadlineToleranceMs: z.number(),
    recoveryMs: z.number(),
  })
  .catchall(z.number());
export type Limits = z.infer<typeof limitsSchema>;

export const cellSchema = z.object({
  scenario: z.string(),
  /** What stands for the timeline of faults: a fault's name, `none`, `soak`, or a label of its own. */
  fault: z.string(),
  seed: z.string(),
  startedMs: z.number(),
  loadStartMs: z.number(),
  loadEndMs: z.number(),
  endedMs: z.number(),
  config: z.record(z.string(), z.unknown()),
  limits: limitsSchema,
  timeline: z.array(plannedFaultSchema),
  faults: z.array(faultRecordSchema),
  phases: z.array(phaseSchema),
  seconds: z.array(secondSchema),
  gauges: z.array(gaugeSchema),
  verdicts: z.array(verdictSchema),
  thresholds: z.array(thresholdSchema),
  /** From the last heal until the steady state was seen again; null when it was not, or nothing was broken. */
  recoveryMs: z.number().nullable(),
  /** Set when the harness itself failed in this cell: then the cell says nothing about the target. */
  harnessError: z.string().nullable(),
  /** What its processes tried to reach beside their stores, in words; absent when nothing. */
  contacts: z.array(z.string()).optional(),
  /** Folder of the cell's history, evidence and logs, relative to report.json. */
  folder: z.string(),
  /** The first try, when the machine was too busy to decide it: it was run once more by itself, and that second try is this record. */
  earlierTry: z.object({ folder: z.string(), reasons: z.array(z.string()) }).optional(),
});
export type Cell = z.infer<typeof cellSchema>;

const partSchema = z.object({ kind: z.string(), program: z.string(), version: z.string() });

export const reportSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  id: z.string(),
  command: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  seed: z.string(),
  commit: z.string(),
  versions: z.record(z.string(), z.string()),
  provider: z.object({
    name: z.string(),
    redis: partSchema,
    mongo: partSchema,
    toxiproxy: partSchema,
    k6: partSchema,
  }),
  machine: z.object({ platform: z.string(), cpuModel: z.string(), cpus: z.int(), memoryBytes: z.number() }),
  /** How many cells ran at once, why, and what was changed during the run; absent from runs of one cell. */
  workers: z.object({ count: z.int(), why: z.string(), changes: z.array(z.string()) }).optional(),
  cells: z.array(cellSchema),
  comparison: z.unknown().nullable(),
  /** Of `redcliff explore`: what each injection showed. */
  exploration: explorationSchema.optional(),
  exit: z.object({ code: z.int(), reason: z.string() }),
});
export type Report = z.infer<typeof reportSchema>;

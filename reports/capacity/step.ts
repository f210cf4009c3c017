/** What is kept of one step of load: figures of its steady window, and everything by which it can be believed. */
import { z } from 'zod';
import { utilisationSchema } from './bottleneck.ts';
import { littleSchema } from './little.ts';
import type { RateStep, Slo } from './slo.ts';

export const stepSchema = z.object({
  load: z.object({ kind: z.enum(['closed', 'open']), value: z.number() }),
  repeat: z.int(),
  /** Epoch milliseconds. */
  startedMs: z.number(),
  window: z.object({ fromMs: z.number(), toMs: z.number(), steady: z.boolean() }),
  requests: z.int(),
  throughputPerSecond: z.number(),
  errorShare: z.number(),
  latencyMs: z.object({
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    p999: z.number(),
    max: z.number(),
  }),
  little: littleSchema,
  generator: z.object({
    cpuShare: z.number(),
    loopShare: z.number(),
    loopDelayMsP99: z.number(),
    sentLateMsP99: z.number(),
  }),
  utilisations: z.array(utilisationSchema),
  /** Processor seconds a second by kind of process. */
  busy: z.record(z.string(), z.number()),
  othersShare: z.number().nullable(),
  queueLengthMax: z.number().nullable(),
  queueAgeMsMax: z.number().nullable(),
  /** What the system's own /metrics told; null where it did not. */
  metrics: z.object({
    eventLoopLagMsP99: z.number().nullable(),
    memoryShare: z.number().nullable(),
    redisShare: z.number().nullable(),
    unconfirmedSaves: z.number().nullable(),
  }),
  /** Why it counts for nothing, or null. */
  discarded: z.string().nullable(),
});

export type Step = z.infer<typeof stepSchema>;

/** Percentiles that an objective can be set for, with their place in a step. */
export const percentiles = { 50: 'p50', 90: 'p90', 95: 'p95', 99: 'p99', 99.9: 'p999' } as const;

export function latencyAt(step: Step, percentile: number): number {
  const entry = Object.entries(percentiles).find(([known]) => Number(known) === percentile);
  return entry === undefined ? step.latencyMs.max : step.latencyMs[entry[1]];
}

/** Those that count. */
export function believed(steps: readonly Step[]): Step[] {
  return steps.filter(({ discarded }) => discarded === null);
}

/** So many requests are under way at the end of a window by chance, and are not left lying. */
const underWayAtTheEnd = 2;

export function rateStepsOf(steps: readonly Step[], slo: Slo): RateStep[] {
  return believed(steps)
    .filter(({ load }) => load.kind === 'open')
    .map((step) => {
      const seconds = (step.window.toMs - step.window.fromMs) / 1_000;
      return {
        offeredPerSecond: step.load.value,
        arrivedPerSecond: step.requests / seconds,
        throughputPerSecond: step.throughputPerSecond + underWayAtTheEnd / seconds,
        latencyMs: latencyAt(step, slo.percentile),
        errorShare: step.errorShare,
      };
    });
}

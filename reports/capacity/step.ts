/** What is kept of one step of load: the figures of its steady window, and the evidence for and against them. */
import { z } from 'zod';
import { utilisationSchema } from './bottleneck.ts';
import type { RateStep, Slo } from './slo.ts';

const littleSchema = z.object({
  /** Requests under way as they were counted. */
  counted: z.number(),
  /** Rate × mean time. */
  expected: z.number(),
  /** (counted − expected) / expected. */
  deviation: z.number(),
  holds: z.boolean(),
});

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
  /** Processor seconds a second by role, the stores as `redis` and `mongodb`, besides `toxiproxy` and `harness`. */
  busy: z.record(z.string(), z.number()),
  /** Share of the machine's processors that other programs used; null where it cannot be read. */
  othersShare: z.number().nullable(),
  backlogLengthMax: z.number().nullable(),
  backlogAgeMsMax: z.number().nullable(),
  /** The target's own figures, by name; null for one that it did not give. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** Why the step is not used, or null. */
  discarded: z.string().nullable(),
});

export type Step = z.infer<typeof stepSchema>;

/** Percentiles that an objective can be set for, with their place in a step. */
export const percentiles = { 50: 'p50', 90: 'p90', 95: 'p95', 99: 'p99', 99.9: 'p999' } as const;

export function latencyAt(step: Step, percentile: number): number {
  const entry = Object.entries(percentiles).find(([known]) => Number(known) === percentile);
  return entry === undefined ? step.latencyMs.max : step.latencyMs[entry[1]];
}

/** Those that were not discarded. */
export function validSteps(steps: readonly Step[]): Step[] {
  return steps.filter(({ discarded }) => discarded === null);
}

/** So many requests are under way at the end of a window by chance, without being left unanswered. */
const underWayAtTheEnd = 2;

export function rateStepsOf(steps: readonly Step[], slo: Slo): RateStep[] {
  return validSteps(steps)
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

/** Beyond this the figures of a step contradict each other. */
const deviationMax = 0.15;
/** With less than one request under way most samples find none, and the deviation is chance. */
const requestsMinimum = 1;

/**
 * Little's law (1961) as a check of the measurement: requests under way = rate × time of each. The two sides come from different sources, samples of a
 * counter and the times of single requests, so that a generator that loses or delays requests is detected.
 */
export function checkLittle(
  throughputPerSecond: number,
  meanLatencyMs: number,
  countedInFlight: number,
): Step['little'] {
  const expected = (throughputPerSecond * meanLatencyMs) / 1_000;
  const deviation = expected === 0 ? 0 : (countedInFlight - expected) / expected;
  const negligible = Math.abs(countedInFlight - expected) < requestsMinimum;
  return {
    counted: countedInFlight,
    expected,
    deviation,
    holds: negligible || Math.abs(deviation) <= deviationMax,
  };
}

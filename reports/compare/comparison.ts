/** What comparing a report with recorded ones says; part of report.json as its `comparison`. */
import { z } from 'zod';
import { phaseNames, verdictValues } from '../record/report.ts';

/** A verdict that changed. `what` is an invariant, or a threshold by metric and expression. */
const verdictChangeSchema = z.object({
  scenario: z.string(),
  fault: z.string(),
  what: z.string(),
  recorded: z.enum(verdictValues),
  current: z.enum(verdictValues),
});
export type VerdictChange = z.infer<typeof verdictChangeSchema>;

export const metricNames = ['p50', 'p99', 'throughput'] as const;
export type MetricName = (typeof metricNames)[number];

const timingOutcomes = ['better', 'same', 'too-few', 'worse'] as const;
export type TimingOutcome = (typeof timingOutcomes)[number];

/**
 * `recorded` and `current` are milliseconds, or operations per second for throughput, over the phase. `ratio` is the
 * current value by the recorded one, with its interval: a bootstrap confidence interval, or, with a `limit`, what chance between runs
 * leaves open. `limit`: the ratio from which on it counted, learnt from several runs. `cliffsDelta`: the effect size, −1 to 1.
 */
const timingSchema = z.object({
  scenario: z.string(),
  fault: z.string(),
  phase: z.enum(phaseNames),
  metric: z.enum(metricNames),
  recorded: z.number(),
  current: z.number(),
  ratio: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  cliffsDelta: z.number().nullable(),
  limit: z.number().optional(),
  outcome: z.enum(timingOutcomes),
});
export type Timing = z.infer<typeof timingSchema>;

export const comparisonSchema = z.object({
  /** Ids of the baselines compared with. */
  recorded: z.array(z.string()),
  worse: z.boolean(),
  /** Why it is worse, in sentences; empty when it is not. */
  reasons: z.array(z.string()),
  /** Differences of the environments, because of which only verdicts were compared. */
  unlike: z.array(z.string()),
  /** What could not be compared: cells not run, other loads. */
  notes: z.array(z.string()),
  changes: z.array(verdictChangeSchema),
  timings: z.array(timingSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

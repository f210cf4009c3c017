/**
 * Little's law (1961) as a check of the measurement: requests under way = rate × time of each. The two sides come from different places, a
 * counter looked at again and again and the times of single requests, so that a generator that loses or delays requests is found out.
 */
import { z } from 'zod';

export const littleSchema = z.object({
  /** Requests under way as they were counted. */
  counted: z.number(),
  /** Rate × mean time. */
  expected: z.number(),
  /** (counted − expected) / expected. */
  deviation: z.number(),
  holds: z.boolean(),
});

export type Little = z.infer<typeof littleSchema>;

/** Beyond this the figures of a step contradict each other. */
export const deviationMax = 0.15;
/** With less than one request under way a look finds mostly none, and the deviation is chance. */
const requestsMinimum = 1;

export function checkLittle(
  throughputPerSecond: number,
  meanLatencyMs: number,
  countedInFlight: number,
): Little {
  const expected = (throughputPerSecond * meanLatencyMs) / 1000;
  const deviation = expected === 0 ? 0 : (countedInFlight - expected) / expected;
  const negligible = Math.abs(countedInFlight - expected) < requestsMinimum;
  return {
    counted: countedInFlight,
    expected,
    deviation,
    holds: negligible || Math.abs(deviation) <= deviationMax,
  };
}

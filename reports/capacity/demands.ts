/**
 * What one request costs each process in processor time: the service demand law (Denning and Buzen 1978), D = busy time / requests, as the
 * slope over steps of different rates, which separates what requests cost from what a process spends without any.
 */
import { z } from 'zod';

export const demandSchema = z.object({
  /** Role, or `redis`, `mongodb`, `toxiproxy`, `harness`. */
  process: z.string(),
  /** Seconds of processor time for each request, over all processes of the role. */
  secondsPerRequest: z.number(),
  /** Seconds a second without any request. */
  idleShare: z.number(),
});
export type Demand = z.infer<typeof demandSchema>;

export interface UsageStep {
  readonly throughputPerSecond: number;
  /** Seconds of processor time a second, by role. */
  readonly busy: Readonly<Record<string, number>>;
}

/** Steps of a single rate give the plain quotient, with nothing for idling. */
export function fitDemands(steps: readonly UsageStep[]): Demand[] {
  const roles = [...new Set(steps.flatMap(({ busy }) => Object.keys(busy)))].toSorted();
  return roles.map((process) => {
    const points = steps.map(({ throughputPerSecond, busy }) => ({
      x: throughputPerSecond,
      y: busy[process] ?? 0,
    }));
    return { process, ...nonNegativeLine(points) };
  });
}

/** Least squares with neither slope nor intercept below 0: no process spends less than nothing. */
function nonNegativeLine(points: readonly { readonly x: number; readonly y: number }[]): {
  secondsPerRequest: number;
  idleShare: number;
} {
  const total = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / total;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / total;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope =
    spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const throughOrigin =
    points.reduce((sum, { x, y }) => sum + x * y, 0) / points.reduce((sum, { x }) => sum + x * x, 0);
  if (spread === 0 || intercept < 0) return { secondsPerRequest: throughOrigin || 0, idleShare: 0 };
  if (slope < 0) return { secondsPerRequest: 0, idleShare: meanY };
  return { secondsPerRequest: slope, idleShare: intercept };
}

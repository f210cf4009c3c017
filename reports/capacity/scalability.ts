/** The fit of a scalability law with its intervals, and when it refuses: a curve through too few points would promise what was not measured. */
import { z } from 'zod';
import type { Random } from '../statistics/random.ts';
import { finite, intervalSchema, normal975, percentileInterval, student975 } from './interval.ts';
import {
  fitUsl,
  kneeConcurrency,
  peakConcurrency,
  peakThroughput,
  type Usl,
  type UslPoint,
  uslThroughput,
} from './usl.ts';

const estimateSchema = intervalSchema.extend({ value: z.number().nullable() });

/** `null` as a value: without bound, such as the peak of a throughput that never falls. */
export const scalabilitySchema = z.discriminatedUnion('fitted', [
  z.object({ fitted: z.literal(false), reason: z.string() }),
  z.object({
    fitted: z.literal(true),
    lambda: estimateSchema,
    sigma: estimateSchema,
    kappa: estimateSchema,
    peakConcurrency: estimateSchema,
    peakThroughput: estimateSchema,
    kneeConcurrency: estimateSchema,
    /** Root mean square of the relative errors of the fit. */
    relativeError: z.number(),
    /** The highest concurrency measured, and the one beyond which the law is not used. */
    measuredTo: z.number(),
    trustedTo: z.number(),
    /** Whether the knee lies between concurrencies that were measured. */
    kneeBracketed: z.boolean(),
    shape: z.enum(['linear', 'contention', 'retrograde']),
    band: z.array(z.object({ concurrency: z.number(), fit: z.number(), low: z.number(), high: z.number() })),
  }),
]);

export type Scalability = z.infer<typeof scalabilitySchema>;
export type FittedScalability = Extract<Scalability, { fitted: true }>;

const parameters = 3;
const concurrenciesMinimum = 5;
/** From the lowest to the highest concurrency. */
const spreadMinimum = 8;
/** A curve of three parameters is used up to twice what was measured. */
const trustFactor = 2;
const bandPoints = 40;
/** Less serialised work than this is not called contention. */
const contentionMinimum = 0.01;

/**
 * Bootstrap of residuals (Efron and Tibshirani 1993, chapter 9): relative errors are drawn anew onto the fitted curve. They are enlarged for
 * the three parameters they were fitted with, and by t over normal, because a percentile interval from few points is too narrow.
 */
export function fitScalability(
  points: readonly UslPoint[],
  { random, resamples }: { readonly random: Random; readonly resamples: number },
): Scalability {
  const reason = refusal(points);
  if (reason !== null) return { fitted: false, reason };
  const usl = fitUsl(points);
  const fits = resampledFits(points, usl, random, resamples);
  const estimate = (of: (fit: Usl) => number) => ({
    value: finite(of(usl)),
    ...percentileInterval(fits.map(of)),
  });
  const measuredTo = Math.max(...points.map(({ concurrency }) => concurrency));
  const trustedTo = trustFactor * measuredTo;
  const sigma = estimate((fit) => fit.sigma);
  const kappa = estimate((fit) => fit.kappa);
  const knee = estimate(kneeConcurrency);
  return {
    fitted: true,
    lambda: estimate((fit) => fit.lambda),
    sigma,
    kappa,
    peakConcurrency: estimate(peakConcurrency),
    peakThroughput: estimate(peakThroughput),
    kneeConcurrency: knee,
    relativeError: Math.sqrt(
      points.reduce((sum, point) => sum + relativeError(usl, point) ** 2, 0) / points.length,
    ),
    measuredTo,
    trustedTo,
    kneeBracketed: knee.value !== null && knee.value < measuredTo,
    shape: shapeOf(usl, sigma.low ?? 0, kappa.low ?? 0, trustedTo),
    band: bandOf(usl, fits, trustedTo),
  };
}

/** Requests a second at a concurrency, or null where the law is not to be trusted. */
export function throughputAt(scalability: Scalability, concurrency: number): number | null {
  if (!scalability.fitted || concurrency < 1 || concurrency > scalability.trustedTo) return null;
  return uslThroughput(
    {
      lambda: scalability.lambda.value ?? 0,
      sigma: scalability.sigma.value ?? 0,
      kappa: scalability.kappa.value ?? 0,
    },
    concurrency,
  );
}

function refusal(points: readonly UslPoint[]): string | null {
  const bad = points.find(({ concurrency, throughput }) => !(concurrency >= 1) || !(throughput > 0));
  if (bad !== undefined)
    return `a point of concurrency ${bad.concurrency} has a throughput of ${bad.throughput}`;
  const concurrencies = [...new Set(points.map(({ concurrency }) => concurrency))];
  if (concurrencies.length < concurrenciesMinimum)
    return `${concurrencies.length} concurrencies were measured, and three parameters need at least ${concurrenciesMinimum}`;
  const spread = Math.max(...concurrencies) / Math.min(...concurrencies);
  if (spread < spreadMinimum)
    return `the highest concurrency is only ${spread.toFixed(1)} times the lowest; it has to be ${spreadMinimum} times`;
  return null;
}

function resampledFits(points: readonly UslPoint[], usl: Usl, random: Random, resamples: number): Usl[] {
  const freedom = points.length - parameters;
  const enlarged = Math.sqrt(points.length / freedom) * (student975(freedom) / normal975);
  const errors = points.map((point) => Math.log1p(relativeError(usl, point)));
  const centre = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const drawn = errors.map((error) => (error - centre) * enlarged);
  return Array.from({ length: resamples }, () =>
    fitUsl(
      points.map(({ concurrency }) => ({
        concurrency,
        throughput: uslThroughput(usl, concurrency) * Math.exp(drawn[random.below(drawn.length)] ?? 0),
      })),
    ),
  );
}

function relativeError(usl: Usl, { concurrency, throughput }: UslPoint): number {
  return throughput / uslThroughput(usl, concurrency) - 1;
}

function shapeOf(
  usl: Usl,
  sigmaLow: number,
  kappaLow: number,
  trustedTo: number,
): FittedScalability['shape'] {
  // A fall far beyond what was measured was not observed.
  if (kappaLow > 0 && peakConcurrency(usl) < trustedTo) return 'retrograde';
  return sigmaLow > contentionMinimum ? 'contention' : 'linear';
}

function bandOf(usl: Usl, fits: readonly Usl[], trustedTo: number): FittedScalability['band'] {
  return Array.from({ length: bandPoints }, (_, index) => {
    const concurrency = trustedTo ** (index / (bandPoints - 1));
    const fit = uslThroughput(usl, concurrency);
    const { low, high } = percentileInterval(fits.map((one) => uslThroughput(one, concurrency)));
    return { concurrency, fit, low: low ?? fit, high: high ?? fit };
  });
}

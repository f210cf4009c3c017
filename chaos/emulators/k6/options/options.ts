/** The options of a run, parsed from whatever layer they come from: a script, a file, the environment or flags. */
import { z } from 'zod';
import { blacklistedAddresses, dns, tlsAuth, tlsVersion } from './network-options.ts';
import { duration, stage } from './scenario.ts';

const threshold = z.union([
  z.string(),
  z.strictObject({
    abortOnFail: z.boolean().optional(),
    delayAbortEval: duration.nullish(),
    threshold: z.string(),
  }),
]);

const hostTarget = z.string();

const known = {
  batch: z.int().optional(),
  batchPerHost: z.int().optional(),
  blacklistIPs: blacklistedAddresses.optional(),
  blockHostnames: z.array(z.string()).optional(),
  cloud: z.unknown().optional(),
  discardResponseBodies: z.boolean().optional(),
  dns: dns.optional(),
  duration: duration.optional(),
  ext: z.unknown().optional(),
  hosts: z.record(z.string(), hostTarget).optional(),
  httpDebug: z.enum(['', 'full', 'headers']).optional(),
  insecureSkipTLSVerify: z.boolean().optional(),
  iterations: z.int().optional(),
  linger: z.boolean().optional(),
  maxRedirects: z.int().min(0).optional(),
  minIterationDuration: duration.optional(),
  noConnectionReuse: z.boolean().optional(),
  noCookiesReset: z.boolean().optional(),
  noSetup: z.boolean().optional(),
  noTeardown: z.boolean().optional(),
  noVUConnectionReuse: z.boolean().optional(),
  rps: z.int().optional(),
  scenarios: z.record(z.string(), z.looseObject({})).optional(),
  setupTimeout: duration.optional(),
  stages: z.array(stage).optional(),
  summaryTimeUnit: z.enum(['', 's', 'ms', 'us']).optional(),
  summaryTrendStats: z.array(z.string()).optional(),
  systemTags: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  teardownTimeout: duration.optional(),
  thresholds: z.record(z.string(), z.array(threshold)).optional(),
  throw: z.boolean().optional(),
  tlsAuth: tlsAuth.optional(),
  tlsVersion: tlsVersion.optional(),
  userAgent: z.string().optional(),
  vus: z.int().optional(),
};

/** Options that k6 knows and this runtime refuses by name, since ignoring them would change what is measured. */
export const unsupportedOptions = [
  'executionSegment',
  'executionSegmentSequence',
  'localIPs',
  'paused',
  'tlsCipherSuites',
] as const;

export const optionsSchema = z.object(known);
export const knownOptionNames: ReadonlySet<string> = new Set(Object.keys(known));

export type Options = z.output<typeof optionsSchema>;
export type ThresholdOption = z.output<typeof threshold>;

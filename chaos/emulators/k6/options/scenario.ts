/**
 * What a scenario may say, executor by executor. Unknown fields are errors, as in k6, since a misspelt field would
 * otherwise silently change the load.
 */
import { z } from 'zod';
import { parseDuration } from './duration.ts';

export const duration = z.union([z.string(), z.number()]).transform((text, context) => {
  const parsedMs = parseDuration(text);
  if (parsedMs === undefined) context.addIssue({ code: 'custom', message: `invalid duration '${text}'` });
  return parsedMs ?? 0;
});

const wholeNumber = z.int();
const notNegative = duration.refine((ms) => ms >= 0, 'must not be negative');
const atLeastOneSecond = duration.refine((ms) => ms >= 1000, 'must be at least 1s');
const tags = z.record(z.string(), z.string());

export const stage = z.strictObject({
  duration: notNegative,
  target: wholeNumber.min(0, 'the target must not be negative'),
});
const stages = z.array(stage).min(1, 'at least one stage has to be specified');

const common = {
  env: z.record(z.string(), z.string()).default({}),
  exec: z.string().min(1, 'exec value cannot be empty').default('default'),
  gracefulStop: notNegative.default(30_000),
  options: z.looseObject({}).optional(),
  startTime: notNegative.default(0),
  tags: tags.default({}),
};

const arrivals = {
  maxVUs: wholeNumber.optional(),
  preAllocatedVUs: wholeNumber.min(0, "the number of preAllocatedVUs can't be negative"),
  timeUnit: duration.refine((ms) => ms > 0, 'must be more than 0').default(1000),
};

const enoughMaxVus = [
  (scenario: { maxVUs?: number | undefined; preAllocatedVUs: number }) =>
    scenario.maxVUs === undefined || scenario.maxVUs >= scenario.preAllocatedVUs,
  "maxVUs can't be less than preAllocatedVUs",
] as const;

const someVus = [
  (scenario: { maxVUs?: number | undefined; preAllocatedVUs: number }) =>
    (scenario.maxVUs ?? scenario.preAllocatedVUs) > 0,
  "the number of maxVUs can't be 0",
] as const;

const constantArrivalRate = z
  .strictObject({
    ...common,
    ...arrivals,
    duration: atLeastOneSecond,
    executor: z.literal('constant-arrival-rate'),
    rate: wholeNumber.min(1, 'the iteration rate must be more than 0'),
  })
  .refine(...enoughMaxVus)
  .refine(...someVus);

const constantVus = z.strictObject({
  ...common,
  duration: atLeastOneSecond,
  executor: z.literal('constant-vus'),
  vus: wholeNumber.min(1, 'the number of VUs must be more than 0').default(1),
});

const perVuIterations = z.strictObject({
  ...common,
  executor: z.literal('per-vu-iterations'),
  iterations: wholeNumber.min(1, 'the number of iterations must be more than 0').default(1),
  maxDuration: atLeastOneSecond.default(600_000),
  vus: wholeNumber.min(1, 'the number of VUs must be more than 0').default(1),
});

const rampingArrivalRate = z
  .strictObject({
    ...common,
    ...arrivals,
    executor: z.literal('ramping-arrival-rate'),
    stages,
    startRate: wholeNumber.min(0, "the startRate value can't be negative").default(0),
  })
  .refine(...enoughMaxVus)
  .refine(...someVus);

const rampingVus = z
  .strictObject({
    ...common,
    executor: z.literal('ramping-vus'),
    gracefulRampDown: notNegative.default(30_000),
    stages,
    startVUs: wholeNumber.min(0, "the number of start VUs can't be negative").default(1),
  })
  .refine(
    (scenario) => scenario.startVUs > 0 || scenario.stages.some(({ target }) => target > 0),
    "either startVUs or one of the stages' target values must be greater than 0",
  );

const sharedIterations = z
  .strictObject({
    ...common,
    executor: z.literal('shared-iterations'),
    iterations: wholeNumber.default(1),
    maxDuration: atLeastOneSecond.default(600_000),
    vus: wholeNumber.min(1, 'the number of VUs must be more than 0').default(1),
  })
  .refine(
    ({ iterations, vus }) => iterations >= vus,
    "the number of iterations can't be less than the number of VUs",
  );

export const scenario = z.discriminatedUnion('executor', [
  constantArrivalRate,
  constantVus,
  perVuIterations,
  rampingArrivalRate,
  rampingVus,
  sharedIterations,
]);

export type Stage = z.output<typeof stage>;
export type ScenarioOptions = z.output<typeof scenario>;
export type ExecutorName = ScenarioOptions['executor'];
export type OptionsOf<Name extends ExecutorName> = Extract<ScenarioOptions, { executor: Name }>;

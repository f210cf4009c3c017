/** The queueing network of a report: what requests were measured to cost, on the machine they were measured on, checked against the measured rates. */
import { z } from 'zod';
import { seededRandom } from '../statistics/random.ts';
import { mixOfUsers, rateOf } from './users-held.ts';
import type { CapacityReport, MixCapacity } from './capacity-report.ts';
import { median } from './interval.ts';
import { type Network, type RequestClass, simulate, type Simulated, type Station } from './simulate.ts';
import { keptUpShare, type Slo } from './slo.ts';
import { type Step, validSteps } from './step.ts';

export const modelCheckSchema = z.object({
  levels: z.array(
    z.object({
      ratePerSecond: z.number(),
      measuredMs: z.number(),
      simulatedMs: z.number(),
      /** Whether the model was fitted to this level; then the level is not evidence for the model. */
      fitted: z.boolean(),
    }),
  ),
  measuredRatePerSecond: z.number().nullable(),
  simulatedRatePerSecond: z.number(),
  trusted: z.boolean(),
  reason: z.string(),
});
export type ModelCheck = z.infer<typeof modelCheckSchema>;

const requestsSimulated = 10_000;
/** The simulated rate may be off by this factor, either way, and the mean latencies by the next. */
const rateFactorMax = 1.35;
const latencyFactorMax = 2;
const stores = ['redis', 'mongodb'] as const;

type RequestKind = 'read' | 'write';

/** Processor seconds for one request of the class, by role and store; empty when it was not measured. */
export function demandOf(
  report: CapacityReport,
  wanted: RequestKind | 'background',
): ReadonlyMap<string, number> {
  const found = report.demands.find((one) => one.class === wanted)?.demands ?? [];
  return new Map(found.map(({ process, secondsPerRequest }) => [process, secondsPerRequest]));
}

/** What the generator spends on one request, on the same processors as the target. */
function harnessSeconds(mix: MixCapacity): number {
  const costs = validSteps(mix.steps).map(
    ({ generator, throughputPerSecond }) => generator.cpuShare / throughputPerSecond,
  );
  return costs.length === 0 ? 0 : Math.min(...costs);
}

/** The two classes of requests: each visits the serving role before and after the others. */
function classesOf(
  report: CapacityReport,
  options: {
    readonly writeShare: number;
    readonly waitSeconds: number;
    readonly harnessSeconds: number;
    readonly slowdown: number;
  },
): RequestClass[] {
  const { serving } = report;
  const { writeShare, waitSeconds, slowdown } = options;
  const harness = { station: 'harness', seconds: (slowdown * options.harnessSeconds) / 2 };
  const classOf = (name: RequestKind, share: number): RequestClass => {
    const demand = demandOf(report, name);
    const seconds = (station: string): number => slowdown * (demand.get(station) ?? 0);
    const own = { station: serving, seconds: seconds(serving) / 2 };
    const others = [...stores, ...otherRoles(report)].map((station) => ({
      station,
      seconds: seconds(station),
    }));
    const visits = [harness, own, ...others, own, harness].filter((visit) => visit.seconds > 0);
    return { name, share, visits, waitSeconds };
  };
  return [classOf('read', 1 - writeShare), classOf('write', writeShare)];
}

function otherRoles({ roles, serving }: CapacityReport): string[] {
  return Object.keys(roles).filter((role) => role !== serving);
}

/** As it was measured: one machine for everything, the load generator and other programs included. */
function measuredNetwork(report: CapacityReport, mix: MixCapacity, waitSeconds: number): Network {
  const others = median(validSteps(mix.steps).flatMap(({ othersShare }) => othersShare ?? []));
  // What other programs take makes every process slower by as much.
  const slowdown = 1 / Math.max(0.1, 1 - (Number.isFinite(others) ? others : 0));
  const roles = Object.entries(report.roles).map(([name, { processes }]): Station => {
    return { name, instances: Math.max(1, processes) };
  });
  return {
    stations: [...roles, ...['harness', ...stores].map((name) => ({ name, instances: 1 }))],
    processors: report.machine.cpus,
    classes: classesOf(report, {
      writeShare: mix.writeShare,
      waitSeconds,
      harnessSeconds: harnessSeconds(mix),
      slowdown,
    }),
  };
}

/** Every process on a processor of its own; `counts` by role and store. */
export function plannedNetwork(
  report: CapacityReport,
  counts: ReadonlyMap<string, number>,
  writeShare: number,
): Network {
  const mix = mixOfUsers(report);
  const names = [...Object.keys(report.roles), ...stores];
  return {
    stations: names.map((name) => ({ name, instances: counts.get(name) ?? 1 })),
    processors: null,
    classes: classesOf(report, {
      writeShare,
      waitSeconds: mix === null ? 0 : fitWait(report, mix),
      harnessSeconds: 0,
      slowdown: 1,
    }),
  };
}

/** Latency at the lowest rate that processor time does not explain is waiting: for disks, batches, timers. Nothing else is fitted. */
function fitWait(report: CapacityReport, mix: MixCapacity): number {
  const [lowest] = levelsOf(mix);
  if (lowest === undefined) return 0;
  const without = play(measuredNetwork(report, mix, 0), lowest.ratePerSecond, report.seed);
  return Math.max(0, lowest.meanMs - without.meanMs) / 1_000;
}

/** Whether the report says what both kinds of requests of users cost the serving role. */
export function hasCosts(report: CapacityReport): boolean {
  const mix = mixOfUsers(report);
  if (mix === null) return false;
  const known = (kind: RequestKind): boolean => (demandOf(report, kind).get(report.serving) ?? 0) > 0;
  return (mix.writeShare === 1 || known('read')) && (mix.writeShare === 0 || known('write'));
}

/** Null when the report has no costs to make a model of. */
export function checkModel(report: CapacityReport): ModelCheck | null {
  const mix = mixOfUsers(report);
  if (mix === null || !hasCosts(report)) return null;
  const network = measuredNetwork(report, mix, fitWait(report, mix));
  const measuredRatePerSecond = rateOf(mix.sloRate);
  const levels = levelsOf(mix)
    .filter(({ ratePerSecond }) => measuredRatePerSecond === null || ratePerSecond <= measuredRatePerSecond)
    .map(({ ratePerSecond, meanMs }, index) => ({
      ratePerSecond,
      measuredMs: meanMs,
      simulatedMs: play(network, ratePerSecond, report.seed).meanMs,
      fitted: index === 0,
    }));
  const simulatedRatePerSecond = highestRate(network, report.slo, report.seed);
  return {
    levels,
    measuredRatePerSecond,
    simulatedRatePerSecond,
    ...judge(levels, mix.sloRate, simulatedRatePerSecond),
  };
}

function judge(
  levels: ModelCheck['levels'],
  sloRate: MixCapacity['sloRate'],
  simulated: number,
): Pick<ModelCheck, 'reason' | 'trusted'> {
  const measured = rateOf(sloRate);
  const tested = levels.filter(({ fitted }) => !fitted);
  if (measured === null) return { trusted: false, reason: 'no rate that meets the objective was measured' };
  if (tested.length < 2)
    return { trusted: false, reason: 'fewer than two levels were measured besides the one it was fitted to' };
  const atLeast = sloRate.outcome === 'at-least';
  const rates = `it predicts ${simulated.toFixed(0)}/s where ${atLeast ? 'at least ' : ''}${measured.toFixed(0)}/s were measured`;
  // More than was tried does not contradict "at least".
  const tooHigh = atLeast ? 1 : simulated / measured;
  if (Math.max(tooHigh, measured / simulated) > rateFactorMax) return { trusted: false, reason: rates };
  const off = median(
    tested.map(({ measuredMs, simulatedMs }) => Math.max(measuredMs / simulatedMs, simulatedMs / measuredMs)),
  );
  const within = off <= latencyFactorMax;
  return {
    trusted: within,
    reason: `${rates}, ${within ? 'and' : 'but'} its latencies are ${within ? 'within' : 'off by'} a factor of ${off.toFixed(1)}`,
  };
}

/** Each rate that was measured, by the median of its repeats; the lowest first. */
function levelsOf(mix: MixCapacity): { readonly ratePerSecond: number; readonly meanMs: number }[] {
  return [...Map.groupBy(validSteps(mix.steps), ({ load }: Step) => load.value)]
    .map(([ratePerSecond, repeats]) => ({
      ratePerSecond,
      meanMs: median(repeats.map(({ latencyMs }) => latencyMs.mean)),
    }))
    .toSorted((left, right) => left.ratePerSecond - right.ratePerSecond);
}

function play(network: Network, ratePerSecond: number, seed: string): Simulated {
  return simulate(network, {
    ratePerSecond,
    requests: requestsSimulated,
    random: seededRandom(`${seed}/${ratePerSecond}`),
  });
}

export function meets(simulated: Simulated, slo: Slo): boolean {
  return (
    simulated.latencyMs(slo.percentile) <= slo.latencyMs &&
    simulated.throughputPerSecond >= keptUpShare * simulated.offeredPerSecond
  );
}

const halvings = 9;

/** By bisection between nothing and what the busiest station could serve at best. */
function highestRate(network: Network, slo: Slo, seed: string): number {
  const work = (station: string): number =>
    network.classes.reduce(
      (sum, { share, visits }) =>
        sum +
        share *
          visits
            .filter((visit) => visit.station === station)
            .reduce((total, { seconds }) => total + seconds, 0),
      0,
    );
  const all = network.stations.reduce((sum, { name }) => sum + work(name), 0);
  const limits = network.stations.map(({ name, instances }) => instances / work(name));
  let [low, high] = [0, Math.min(...limits, (network.processors ?? Number.POSITIVE_INFINITY) / all)];
  for (let step = 0; step < halvings; step += 1) {
    const middle = (low + high) / 2;
    if (meets(play(network, middle, seed), slo)) low = middle;
    else high = middle;
  }
  return low;
}

/** The queueing network of a report: what requests were seen to cost, on the machine they were seen on, and how far it can be believed. */
import { z } from 'zod';
import { seededRandom } from '../statistics/random.ts';
import { mixOfPlayers, rateOf } from './answers.ts';
import type { CapacityReport, MixCapacity } from './capacity-report.ts';
import { median } from './interval.ts';
import { type Network, type RequestClass, simulate, type Simulated } from './simulate.ts';
import { keptUpShare, type Slo } from './slo.ts';
import { believed, type Step } from './step.ts';

export type WorkClass = 'read' | 'write';

export const modelCheckSchema = z.object({
  levels: z.array(
    z.object({
      ratePerSecond: z.number(),
      measuredMs: z.number(),
      simulatedMs: z.number(),
      /** Whether the model was fitted to this level, which then proves nothing. */
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
/** The simulated rate may be off by this factor, either way, and the mean latencies by twice that. */
const rateFactorMax = 1.35;
const latencyFactorMax = 2;
const stationsOfAPart = ['redis', 'mongodb', 'db-sync'];

/** Seconds of each kind of process for one request of the class; empty when it was not measured. */
export function demandOf(report: CapacityReport, wanted: 'turn' | WorkClass): ReadonlyMap<string, number> {
  const found = report.demands.find((one) => one.class === wanted)?.demands ?? [];
  return new Map(found.map(({ process, secondsPerRequest }) => [process, secondsPerRequest]));
}

/** What the generator spends beside the system, on the same processors. */
function harnessSeconds(mix: MixCapacity): number {
  const costs = believed(mix.steps).map(
    ({ generator, throughputPerSecond }) => generator.cpuShare / throughputPerSecond,
  );
  return costs.length === 0 ? 0 : Math.min(...costs);
}

/** The API before and after the others; `extra` waits are found by `fitWait`. */
export function classOf(
  name: WorkClass,
  share: number,
  demand: ReadonlyMap<string, number>,
  waitSeconds: number,
  harness: number,
): RequestClass {
  const half = (demand.get('api') ?? 0) / 2;
  const others = stationsOfAPart.map((station) => ({ station, seconds: demand.get(station) ?? 0 }));
  const visits = [
    { station: 'harness', seconds: harness / 2 },
    { station: 'api', seconds: half },
    ...others,
    { station: 'api', seconds: half },
    { station: 'harness', seconds: harness / 2 },
  ].filter(({ seconds }) => seconds > 0);
  return { name, share, visits, waitSeconds };
}

/** As it was measured: one machine for everything, the load generator and other programs included. */
export function measuredNetwork(report: CapacityReport, mix: MixCapacity, waitSeconds: number): Network {
  const harness = harnessSeconds(mix);
  const others = median(believed(mix.steps).flatMap(({ othersShare }) => othersShare ?? []));
  // What other programs take makes every process slower by as much.
  const slowdown = 1 / Math.max(0.1, 1 - (Number.isFinite(others) ? others : 0));
  const slowed = (demand: ReadonlyMap<string, number>) =>
    new Map([...demand].map(([kind, seconds]) => [kind, seconds * slowdown]));
  const { writeShare } = mix;
  return {
    stations: [
      { name: 'harness', instances: 1 },
      { name: 'api', instances: report.processes['api'] ?? 1 },
      { name: 'redis', instances: 1 },
      { name: 'mongodb', instances: 1 },
      { name: 'db-sync', instances: report.processes['db-sync'] ?? 1 },
    ],
    processors: report.machine.cpus,
    classes: [
      classOf('read', 1 - writeShare, slowed(demandOf(report, 'read')), waitSeconds, harness * slowdown),
      classOf('write', writeShare, slowed(demandOf(report, 'write')), waitSeconds, harness * slowdown),
    ],
  };
}

/** What no processor explains at the lowest rate is waiting: for disks, batches, timers. The model is fitted to nothing else. */
export function fitWait(report: CapacityReport, mix: MixCapacity): number {
  const [lowest] = levelsOf(mix);
  if (lowest === undefined) return 0;
  const without = play(measuredNetwork(report, mix, 0), lowest.ratePerSecond, report.seed);
  return Math.max(0, lowest.meanMs - without.meanMs) / 1_000;
}

/** Null when the report has not what a model is made of. */
export function checkModel(report: CapacityReport): ModelCheck | null {
  const mix = mixOfPlayers(report);
  if (mix === null || demandOf(report, 'read').size === 0 || demandOf(report, 'write').size === 0)
    return null;
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
    ...judge(levels, measuredRatePerSecond, simulatedRatePerSecond),
  };
}

function judge(
  levels: ModelCheck['levels'],
  measured: number | null,
  simulated: number,
): Pick<ModelCheck, 'reason' | 'trusted'> {
  const tested = levels.filter(({ fitted }) => !fitted);
  if (measured === null) return { trusted: false, reason: 'no rate that meets the objective was measured' };
  if (tested.length < 2)
    return { trusted: false, reason: 'fewer than two levels were measured that it was not fitted to' };
  const factor = Math.max(simulated / measured, measured / simulated);
  if (factor > rateFactorMax)
    return {
      trusted: false,
      reason: `it holds ${simulated.toFixed(0)}/s where ${measured.toFixed(0)}/s were measured`,
    };
  const off = median(
    tested.map(({ measuredMs, simulatedMs }) => Math.max(measuredMs / simulatedMs, simulatedMs / measuredMs)),
  );
  if (off > latencyFactorMax)
    return {
      trusted: false,
      reason: `its latencies are off by a factor of ${off.toFixed(1)} where they were measured`,
    };
  return {
    trusted: true,
    reason: `it holds ${simulated.toFixed(0)}/s where ${measured.toFixed(0)}/s were measured, and its latencies are within a factor of ${off.toFixed(1)}`,
  };
}

/** Each rate that was measured, by the middle of its repeats; the lowest first. */
function levelsOf(mix: MixCapacity): { readonly ratePerSecond: number; readonly meanMs: number }[] {
  return [...Map.groupBy(believed(mix.steps), ({ load }: Step) => load.value)]
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

/** By halving between nothing and what the busiest station could serve at best. */
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
  for (let turn = 0; turn < halvings; turn += 1) {
    const middle = (low + high) / 2;
    if (meets(play(network, middle, seed), slo)) low = middle;
    else high = middle;
  }
  return low;
}

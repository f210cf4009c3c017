/** All that `redcliff capacity` measures, start to finish: routes, mixes, growth, faults. Every part is one call. */
import { getPriority } from 'node:os';
import type { CapacityReport, MixCapacity, RouteCapacity } from '../../reports/capacity/capacity-report.ts';
import { capacitySchemaVersion } from '../../reports/capacity/capacity-report.ts';
import { nameBottleneck } from '../../reports/capacity/bottleneck.ts';
import { fitDemands } from '../../reports/capacity/demands.ts';
import { type Player, writeShareOf } from '../../reports/capacity/player.ts';
import { median } from '../../reports/capacity/interval.ts';
import { fitScalability } from '../../reports/capacity/scalability.ts';
import { type Slo, type SloRate, sloRate } from '../../reports/capacity/slo.ts';
import { believed, rateStepsOf, type Step } from '../../reports/capacity/step.ts';
import { seededRandom as reportsRandom } from '../../reports/statistics/random.ts';
import { describeSurroundings } from '../experiment/describe-run.ts';
import type { RunContext } from '../experiment/run-context.ts';
import { keepLogs } from '../experiment/run-folder.ts';
import { type CapacitySystem, openCapacitySystem } from './capacity-system.ts';
import { climbLadder } from './concurrency-ladder.ts';
import { measureFaults } from './fault-campaign.ts';
import { measureGrowth } from './growth-campaign.ts';
import { startLoadGenerator } from './load/load-generator.ts';
import { type Bench, measureStep, type Target } from './measure-step.ts';
import { searchRate } from './rate-search.ts';
import { measureSizes } from './resources/sizes.ts';
import { warmUp } from './warm-up.ts';
import { findMix, type Mix, type Route, weightsOf } from './routes.ts';

export interface CapacityPlan {
  readonly id: string;
  readonly command: string;
  readonly seed: string;
  readonly slo: Slo;
  readonly player: Player;
  readonly routes: readonly Route[];
  readonly mixes: readonly Mix[];
  /** Whether what requests cost, growth and faults are measured as well. */
  readonly whole: boolean;
  readonly apiProcesses: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly repeats: number;
  readonly stepMsMax: number;
  readonly note: (line: string) => void;
}

const world = { sessions: 8, generals: 200, cities: 30, nations: 6 };
const growthProcesses = 3;
/** What else runs on the machine is worth a note from here on. */
const othersShareMax = 0.15;
const resamples = 500;
const stepMsMin = 1_000;
const firstRatePerSecond = 50;
const searchLevels = 5;
/** What a request of each class costs is measured at parts of the rate that the mix of players holds. */
const demandShares = { reads: [0.2, 0.5, 0.8], writes: [0.05, 0.1, 0.2] };

export async function runCapacity(run: RunContext, plan: CapacityPlan): Promise<CapacityReport> {
  const startedMs = run.clock.nowMs();
  const notes: string[] = [];
  await using generator = startLoadGenerator(run.clock);
  const bench: Bench = { generator, clock: run.clock, signal: run.signal };
  const measured = await measureSystem(run, bench, plan, notes);
  const [searched] = measured.mixes;
  const ratePerSecond = searched === undefined ? 0 : knownRate(searched.sloRate);
  const findings =
    plan.whole && ratePerSecond > 0 ? await measureRest(run, bench, plan, ratePerSecond) : null;
  if (plan.whole && findings === null)
    notes.push('growth and faults were not measured: the objective was met at no rate at all');
  const disturbed = othersShare([...measured.routes, ...measured.mixes].flatMap(({ steps }) => steps));
  if (disturbed > othersShareMax)
    notes.push(
      `other programs took ${Math.round(100 * disturbed)} % of this machine’s processors: alone on it, the system would have held more`,
    );
  await keepLogs(run.stack, run.runFolder);
  const { machine, ...surroundings } = await describeSurroundings(run.stack, null);
  return {
    schemaVersion: capacitySchemaVersion,
    kind: 'capacity',
    id: plan.id,
    command: plan.command,
    startedAt: new Date(startedMs).toISOString(),
    endedAt: new Date(run.clock.nowMs()).toISOString(),
    seed: plan.seed,
    ...surroundings,
    machine: { ...machine, priority: getPriority() },
    slo: plan.slo,
    player: plan.player,
    world,
    processes: { api: plan.apiProcesses, 'db-sync': 1 },
    routes: measured.routes,
    mixes: measured.mixes,
    demands: [...measured.demands, ...(findings === null ? [] : [findings.turn])],
    growth: findings?.growth ?? [],
    faults: findings?.faults ?? [],
    recovery: findings?.recovery ?? null,
    drain: findings?.drain ?? null,
    sizes: measured.sizes,
    notes,
  };
}

async function measureSystem(run: RunContext, bench: Bench, plan: CapacityPlan, notes: string[]) {
  await using system = await openCapacitySystem(run, {
    name: 'main',
    world,
    processes: { api: plan.apiProcesses, turnProcessor: 0, dbSync: 1 },
    settings: plan.settings,
    proxied: false,
    seed: plan.seed,
  });
  const target = await system.target();
  if (target.watched.processes.length === 0)
    notes.push('there is no /proc here: how busy processes are, and so the bottleneck, could not be seen');
  const unloaded = target.watched.processes.map(({ name }) => name);
  if (!unloaded.includes('redis') || !unloaded.includes('mongodb'))
    notes.push(
      'Redis and MongoDB do not run on this machine as processes of the harness: how busy they were could not be seen',
    );
  const everything = weightsOf(findMix('players'), writeShareOf(plan.player));
  plan.note('warming up');
  await warmUp(bench, target, { kind: 'mix', weights: everything, world: system.world }, plan.seed);
  await system.settle();
  const routes: RouteCapacity[] = [];
  for (const route of plan.routes) routes.push(await measureRoute(bench, system, target, plan, route));
  const found: MixCapacity[] = [];
  for (const mix of plan.mixes) found.push(await measureMix(bench, system, target, plan, mix));
  const ratePerSecond = found[0] === undefined ? 0 : knownRate(found[0].sloRate);
  const demands =
    plan.whole && ratePerSecond > 0 ? await measureDemands(bench, system, target, plan, ratePerSecond) : [];
  return {
    routes,
    mixes: found,
    demands,
    sizes: await measureSizes(system.observer, target.watched.processes),
  };
}

async function measureRoute(
  bench: Bench,
  system: CapacitySystem,
  target: Target,
  plan: CapacityPlan,
  route: Route,
): Promise<RouteCapacity> {
  const steps = await climbLadder(bench, target, {
    ...common(system, plan),
    name: `route-${route.name}`,
    traffic: { kind: 'mix', weights: { [route.name]: 1 }, world: system.world },
    progress: (step) => plan.note(`${route.name}: ${describeStep(step)}`),
  });
  const points = believed(steps).map(({ load, throughputPerSecond }) => ({
    concurrency: load.value,
    throughput: throughputPerSecond,
  }));
  const random = reportsRandom(`${plan.seed}/${route.name}`);
  return {
    name: route.name,
    title: route.title,
    steps,
    scalability: fitScalability(points, { random, resamples }),
    bottleneck: nameBottleneck(loadSteps(steps)),
  };
}

async function measureMix(
  bench: Bench,
  system: CapacitySystem,
  target: Target,
  plan: CapacityPlan,
  mix: Mix,
): Promise<MixCapacity> {
  const writeShare = mix.writeShare ?? writeShareOf(plan.player);
  const weights = weightsOf(mix, writeShare);
  const steps = await searchRate(bench, target, {
    ...common(system, plan),
    name: `mix-${mix.name}`,
    traffic: { kind: 'mix', weights, world: system.world },
    slo: plan.slo,
    firstRatePerSecond,
    levels: searchLevels,
    progress: (step) => plan.note(`${mix.name}: ${describeStep(step)}`),
  });
  const random = reportsRandom(`${plan.seed}/${mix.name}`);
  return {
    name: mix.name,
    title: mix.title,
    weights,
    writeShare,
    steps,
    sloRate: sloRate(rateStepsOf(steps, plan.slo), plan.slo, { random, resamples }),
    bottleneck: nameBottleneck(loadSteps(steps)),
  };
}

async function measureDemands(
  bench: Bench,
  system: CapacitySystem,
  target: Target,
  plan: CapacityPlan,
  ratePerSecond: number,
): Promise<CapacityReport['demands']> {
  const demands: CapacityReport['demands'] = [];
  for (const [name, of] of [
    ['reads', 'read'],
    ['writes', 'write'],
  ] as const) {
    const steps: Step[] = [];
    const traffic = { kind: 'mix' as const, weights: weightsOf(findMix(name), 0), world: system.world };
    for (const share of demandShares[name]) {
      const load = { kind: 'open' as const, ratePerSecond: Math.max(5, Math.round(share * ratePerSecond)) };
      const step = await measureStep(bench, target, {
        traffic,
        load,
        repeat: 1,
        seed: `${plan.seed}/demand-${name}`,
        durationMsMin: stepMsMin,
        durationMsMax: plan.stepMsMax,
      });
      await system.settle();
      plan.note(`cost of ${name}: ${describeStep(step)}`);
      steps.push(step);
    }
    const used = believed(steps).filter(({ throughputPerSecond }) => throughputPerSecond > 0);
    demands.push({ class: of, demands: fitDemands(used) });
  }
  return demands;
}

async function measureRest(run: RunContext, bench: Bench, plan: CapacityPlan, ratePerSecond: number) {
  const { seed, slo, note } = plan;
  const { growth, turnDemands } = await measureGrowth(run, { seed, processesMax: growthProcesses, note });
  const faults = await measureFaults(run, {
    seed,
    slo,
    note,
    world,
    weights: weightsOf(findMix('players'), writeShareOf(plan.player)),
    writeWeights: weightsOf(findMix('writes'), 1),
    ratePerSecond,
    generator: bench.generator,
    stepped: (step) => note(`  ${describeStep(step)}`),
  });
  const demands = Object.entries(turnDemands).map(([process, secondsPerRequest]) => ({
    process,
    secondsPerRequest,
    idleShare: 0,
  }));
  return { growth, ...faults, turn: { class: 'turn' as const, demands } };
}

function othersShare(steps: readonly Step[]): number {
  const shares = steps.flatMap((step) => step.othersShare ?? []);
  return shares.length === 0 ? 0 : median(shares);
}

function common(system: CapacitySystem, plan: CapacityPlan) {
  return {
    seed: plan.seed,
    repeats: plan.repeats,
    durationMsMin: stepMsMin,
    durationMsMax: plan.stepMsMax,
    settle: async () => void (await system.settle()),
  };
}

function loadSteps(steps: readonly Step[]) {
  return believed(steps).map(({ load, throughputPerSecond, utilisations }) => ({
    load: load.value,
    throughputPerSecond,
    utilisations,
  }));
}

/** 0 when not even the lowest rate met the objective. */
function knownRate(found: SloRate): number {
  return found.outcome === 'bracketed' || found.outcome === 'at-least' ? found.ratePerSecond : 0;
}

function describeStep({ load, throughputPerSecond, latencyMs, errorShare, window, discarded }: Step): string {
  const asked = load.kind === 'closed' ? `${load.value} at once` : `${load.value}/s`;
  const errors = errorShare > 0 ? `, ${(100 * errorShare).toFixed(1)} % failed` : '';
  const doubt = discarded === null ? (window.steady ? '' : ', not steady') : `, DISCARDED: ${discarded}`;
  return `${asked}: ${throughputPerSecond.toFixed(0)}/s, p99 ${latencyMs.p99.toFixed(0)} ms${errors}${doubt}`;
}

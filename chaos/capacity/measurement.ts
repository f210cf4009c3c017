/** The parts of a capacity measurement: each starts the target for itself, measures, and stops it. */
import { rateOf } from '../../reports/capacity/users-held.ts';
import { nameBottleneck } from '../../reports/capacity/bottleneck.ts';
import type { CapacityReport, MixCapacity, RouteCapacity } from '../../reports/capacity/capacity-report.ts';
import { fitDemands } from '../../reports/capacity/demands.ts';
import { median } from '../../reports/capacity/interval.ts';
import { fitScalability } from '../../reports/capacity/scalability.ts';
import { type Slo, sloRate } from '../../reports/capacity/slo.ts';
import { rateStepsOf, type Step, validSteps } from '../../reports/capacity/step.ts';
import type { User } from '../../reports/capacity/user.ts';
import { seededRandom as reportsRandom } from '../../reports/statistics/random.ts';
import type { CapacityProfile, CapacityRoute } from '../api/capacity.ts';
import type { Stack } from '../stack/contract.ts';
import { type CapacityFault, measureFaults } from './faults.ts';
import { type GrowthResult, measureGrowth } from './growth.ts';
import type { Traffic } from './load/job.ts';
import { type CapacityHost, type MeasuredTarget, openMeasuredTarget } from './measured-target.ts';
import { type Bench, measureStep, type Subject } from './measure-step.ts';
import { type Mix, mixesOf } from './mixes.ts';
import { measureSizes } from './resources/sizes.ts';
import { climbLadder, searchRate, warmUp } from './search.ts';

export interface CapacityPlan {
  readonly id: string;
  readonly command: string;
  readonly seed: string;
  readonly profile: CapacityProfile;
  readonly slo: Slo;
  readonly user: User;
  readonly routes: readonly CapacityRoute[];
  readonly mixes: readonly Mix[];
  readonly faults: readonly CapacityFault[];
  /** Whether costs, growth and faults are measured as well. */
  readonly whole: boolean;
  /** Number of processes of the serving role. */
  readonly servingProcesses: number;
  /** Environment over that of the profile. */
  readonly settings: Readonly<Record<string, string>>;
  readonly repeats: number;
  readonly stepMsMax: number;
  readonly note: (line: string) => void;
  readonly stackStarted: (stack: Stack) => void;
}

/** Other programs that take more of the machine than this are worth a note. */
const othersShareMax = 0.15;
const resamples = 500;
const stepMsMin = 1_000;
const firstRatePerSecond = 50;
const searchLevels = 5;
/** Rates at which costs are measured, as shares of the rate that users' requests hold. */
const demandShares = { read: [0.2, 0.5, 0.8], write: [0.05, 0.1, 0.2] } as const;
const demandRateMin = 5;

type Demands = CapacityReport['demands'];

export class Measurement {
  readonly #host: CapacityHost;
  readonly #bench: Bench;
  readonly #plan: CapacityPlan;

  constructor(host: CapacityHost, bench: Bench, plan: CapacityPlan) {
    this.#host = host;
    this.#bench = bench;
    this.#plan = plan;
  }

  /** Routes, mixes, costs and sizes, past the proxies. */
  async undisturbed() {
    const { note, seed, whole } = this.#plan;
    note('starting the target');
    await using measured = await this.#open('main', false);
    const subject = await measured.subject();
    this.#noteUnwatched(subject);
    note('warming up');
    await warmUp(this.#bench, subject, this.#traffic('users', measured), seed);
    await measured.settle();
    const routes: RouteCapacity[] = [];
    for (const route of this.#plan.routes) routes.push(await this.#route(measured, subject, route));
    const mixes: MixCapacity[] = [];
    for (const mix of this.#plan.mixes) mixes.push(await this.#mix(measured, subject, mix));
    const ratePerSecond = mixes[0] === undefined ? 0 : (rateOf(mixes[0].sloRate) ?? 0);
    const demands = whole && ratePerSecond > 0 ? await this.#demands(measured, subject, ratePerSecond) : [];
    this.#noteOthers([...routes, ...mixes].flatMap(({ steps }) => steps));
    const { entities = [] } = this.#plan.profile;
    const sizes = await measureSizes(measured.observer, entities, subject.watched.processes);
    return { routes, mixes, demands, sizes };
  }

  /** Null when the target has no growth campaign, or processor time cannot be read here. */
  async growth(): Promise<GrowthResult | null> {
    const { profile, seed, settings, note } = this.#plan;
    const campaign = profile.growth;
    if (campaign === undefined) return null;
    note('growth: starting the target');
    await using measured = await openMeasuredTarget(this.#host, {
      name: 'growth',
      world: campaign.world,
      processes: campaign.processes,
      settings: { ...campaign.settings, ...settings },
      proxied: false,
      seed,
    });
    const { watched } = await measured.subject();
    if (watched.processes.length > 0) return await measureGrowth(measured, campaign, { seed, note });
    this.#host.doubt('growth was not measured: processor time cannot be read here');
    return null;
  }

  async faults(ratePerSecond: number): Promise<Pick<CapacityReport, 'drain' | 'faults' | 'recovery'>> {
    const { slo, seed, stepMsMax, note, faults } = this.#plan;
    const { capabilities, provider } = this.#host.stack;
    const possible = faults.filter(({ fault }) => {
      const lacking = fault.needs.filter((need) => !capabilities.has(need));
      if (lacking.length > 0)
        this.#host.doubt(`${fault.name} was not measured: the ${provider} stack lacks ${lacking.join(', ')}`);
      return lacking.length === 0;
    });
    note('faults: starting the target');
    await using measured = await this.#open('faults', true);
    return await measureFaults(this.#bench, measured, {
      seed,
      slo,
      faults: possible,
      traffic: this.#traffic('users', measured),
      writes: this.#known('writes') ? this.#traffic('writes', measured) : null,
      ratePerSecond,
      durationMsMin: stepMsMin,
      durationMsMax: stepMsMax,
      note,
      doubt: this.#host.doubt,
      stepped: (step) => note(`  ${describeStep(step)}`),
    });
  }

  roles(): CapacityReport['roles'] {
    const { target, profile } = this.#host;
    const settings = { ...target.settings, ...profile.settings, ...this.#plan.settings };
    return Object.fromEntries(
      Object.entries(target.processes).map(([role, { count = 1 }]) => {
        const pools = (profile.pools ?? []).filter(
          ({ store, roles }) => store === 'mongo' && roles.includes(role),
        );
        const connections = pools.reduce((sum, { size }) => sum + size(settings), 0);
        return [
          role,
          {
            processes: this.#processes()[role] ?? count,
            connections: pools.length === 0 ? null : connections,
            note: profile.roleNotes?.[role] ?? '',
          },
        ];
      }),
    );
  }

  #processes(): Readonly<Record<string, number>> {
    const { profile, servingProcesses } = this.#plan;
    return { ...profile.processes, [profile.serving]: servingProcesses };
  }

  #open(name: string, proxied: boolean): Promise<MeasuredTarget> {
    const { seed, profile, settings } = this.#plan;
    const { world } = profile;
    const processes = this.#processes();
    return openMeasuredTarget(this.#host, { name, world, processes, settings, proxied, seed });
  }

  #known(name: string): Mix | undefined {
    const { profile, user } = this.#plan;
    return mixesOf(profile, user).find((mix) => mix.name === name);
  }

  #traffic(mix: string, { world }: MeasuredTarget): Traffic {
    return { kind: 'mix', weights: this.#known(mix)?.weights ?? {}, world };
  }

  async #route(measured: MeasuredTarget, subject: Subject, route: CapacityRoute): Promise<RouteCapacity> {
    const steps = await climbLadder(this.#bench, subject, {
      ...this.#series(measured, route.name),
      name: `route-${route.name}`,
      traffic: { kind: 'mix', weights: { [route.name]: 1 }, world: measured.world },
    });
    const points = validSteps(steps).map(({ load, throughputPerSecond }) => ({
      concurrency: load.value,
      throughput: throughputPerSecond,
    }));
    const random = reportsRandom(`${this.#plan.seed}/${route.name}`);
    return {
      name: route.name,
      title: route.title,
      steps,
      scalability: fitScalability(points, { random, resamples }),
      bottleneck: nameBottleneck(loadSteps(steps)),
    };
  }

  async #mix(measured: MeasuredTarget, subject: Subject, mix: Mix): Promise<MixCapacity> {
    const { slo, seed } = this.#plan;
    const steps = await searchRate(this.#bench, subject, {
      ...this.#series(measured, mix.name),
      name: `mix-${mix.name}`,
      traffic: { kind: 'mix', weights: mix.weights, world: measured.world },
      slo,
      firstRatePerSecond,
      levels: searchLevels,
    });
    const random = reportsRandom(`${seed}/${mix.name}`);
    return {
      ...mix,
      weights: { ...mix.weights },
      steps,
      sloRate: sloRate(rateStepsOf(steps, slo), slo, { random, resamples }),
      bottleneck: nameBottleneck(loadSteps(steps)),
    };
  }

  #series(measured: MeasuredTarget, name: string) {
    const { seed, repeats, stepMsMax, note } = this.#plan;
    return {
      seed,
      repeats,
      durationMsMin: stepMsMin,
      durationMsMax: stepMsMax,
      settle: () => measured.settle(),
      progress: (step: Step) => note(`${name}: ${describeStep(step)}`),
    };
  }

  async #demands(measured: MeasuredTarget, subject: Subject, ratePerSecond: number): Promise<Demands> {
    const { seed, stepMsMax, note } = this.#plan;
    const demands: Demands = [];
    for (const kind of ['read', 'write'] as const) {
      const mix = `${kind}s`;
      if (this.#known(mix) === undefined) continue;
      const steps: Step[] = [];
      for (const share of demandShares[kind]) {
        const rate = Math.max(demandRateMin, Math.round(share * ratePerSecond));
        const step = await measureStep(this.#bench, subject, {
          traffic: this.#traffic(mix, measured),
          load: { kind: 'open', ratePerSecond: rate },
          repeat: 1,
          seed: `${seed}/demand-${mix}`,
          durationMsMin: stepMsMin,
          durationMsMax: stepMsMax,
        });
        await measured.settle();
        note(`cost of a ${kind}: ${describeStep(step)}`);
        steps.push(step);
      }
      const used = validSteps(steps).filter(({ throughputPerSecond }) => throughputPerSecond > 0);
      if (used.length === 0)
        this.#host.doubt(`what a ${kind} costs is not known: every step of it was discarded`);
      demands.push({ class: kind, demands: fitDemands(used) });
    }
    return demands;
  }

  #noteUnwatched({ watched }: Subject): void {
    const { doubt } = this.#host;
    const names = new Set(watched.processes.map(({ role }) => role));
    if (names.size === 0)
      doubt(
        'there is no /proc here: how busy processes are, and so the bottleneck and costs, cannot be read',
      );
    else if (!names.has('redis') || !names.has('mongodb'))
      doubt(
        'Redis and MongoDB are not processes of the harness on this machine: how busy they were cannot be read',
      );
  }

  #noteOthers(steps: readonly Step[]): void {
    const share = median(steps.flatMap(({ othersShare }) => othersShare ?? []));
    if (share > othersShareMax)
      this.#host.doubt(
        `other programs took ${Math.round(100 * share)} % of this machine’s processors: without them the target holds more`,
      );
  }
}

function loadSteps(steps: readonly Step[]) {
  return validSteps(steps).map(({ load, throughputPerSecond, utilisations }) => ({
    load: load.value,
    throughputPerSecond,
    utilisations,
  }));
}

function describeStep({ load, throughputPerSecond, latencyMs, errorShare, window, discarded }: Step): string {
  const given = load.kind === 'closed' ? `${load.value} at once` : `${load.value}/s`;
  const errors = errorShare > 0 ? `, ${(100 * errorShare).toFixed(1)} % failed` : '';
  const doubt = discarded === null ? (window.steady ? '' : ', not steady') : `, DISCARDED: ${discarded}`;
  return `${given}: ${throughputPerSecond.toFixed(0)}/s, p99 ${latencyMs.p99.toFixed(0)} ms${errors}${doubt}`;
}

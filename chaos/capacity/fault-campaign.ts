/** What an outage costs in capacity: the same search for the highest rate while Redis is away, slow, or just back; and how long it takes afterwards. */
import type { CapacityReport, FaultMode } from '../../reports/capacity/capacity-report.ts';
import type { Slo } from '../../reports/capacity/slo.ts';
import { sloRate } from '../../reports/capacity/slo.ts';
import { rateStepsOf, type Step } from '../../reports/capacity/step.ts';
import { seededRandom as reportsRandom } from '../../reports/statistics/random.ts';
import { HarnessError } from '../errors.ts';
import type { RunContext } from '../experiment/run-context.ts';
import type { ActiveFault } from '../faults/fault.ts';
import { findFault } from '../faults/registry.ts';
import { type CapacitySystem, openCapacitySystem } from './capacity-system.ts';
import type { Traffic } from './load/job.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import { measureDrain } from './drain.ts';
import { searchRate } from './rate-search.ts';
import { measureRecovery } from './recovery.ts';
import type { LoadedWorld } from './routes.ts';
import { warmUp } from './warm-up.ts';

interface FaultPlan {
  readonly seed: string;
  readonly slo: Slo;
  readonly world: Omit<LoadedWorld, 'sessionIds'> & { readonly sessions: number };
  readonly weights: Readonly<Record<string, number>>;
  readonly writeWeights: Readonly<Record<string, number>>;
  /** About what it holds undisturbed: the searches begin at a part of it. */
  readonly ratePerSecond: number;
  readonly generator: LoadGenerator;
  readonly note: (line: string) => void;
  readonly stepped: (step: Step) => void;
}

type FaultFindings = Pick<CapacityReport, 'faults' | 'recovery' | 'drain'>;

const slowness = { latencyMs: 10, jitterMs: 5 };
const resamples = 300;
const firstShare = 1 / 8;
const levels = 3;
const stepMs = { durationMsMin: 900, durationMsMax: 1_800 };
/** Redis is away this long before each step that is measured right after its return. */
const awayMs = 1_200;

export async function measureFaults(run: RunContext, plan: FaultPlan): Promise<FaultFindings> {
  await using system = await openCapacitySystem(run, {
    name: 'faults',
    world: plan.world,
    processes: { api: 1, turnProcessor: 0, dbSync: 1 },
    settings: {},
    proxied: true,
    seed: plan.seed,
  });
  const campaign = new FaultCampaign(run, system, plan);
  await warmUp(campaign.bench, await system.target(), campaign.traffic, plan.seed);
  await system.settle();
  const faults = [
    await campaign.mode('none', 'undisturbed, through the proxies'),
    await campaign.mode('redis-down', 'Redis away: everything from the database', {}),
    await campaign.mode(
      'redis-slow',
      `Redis slow by ${slowness.latencyMs} ± ${slowness.jitterMs} ms`,
      slowness,
    ),
    await campaign.afterReturn(),
  ];
  const base = { bench: campaign.bench, system, slo: plan.slo, seed: plan.seed };
  const half = Math.max(20, Math.round(plan.ratePerSecond / 4));
  plan.note('from the return of Redis to the objective');
  const recovery = await measureRecovery(base, campaign.traffic, half);
  plan.note('a backlog, and how long it takes to drain');
  const writes: Traffic = { kind: 'mix', weights: plan.writeWeights, world: system.world };
  const drain = await measureDrain(base, writes, Math.max(20, Math.round(half / 4)));
  return { faults, recovery, drain };
}

class FaultCampaign {
  readonly #run: RunContext;
  readonly #system: CapacitySystem;
  readonly #plan: FaultPlan;
  readonly bench;
  readonly traffic: Traffic;

  constructor(run: RunContext, system: CapacitySystem, plan: FaultPlan) {
    this.#run = run;
    this.#system = system;
    this.#plan = plan;
    this.bench = { generator: plan.generator, clock: run.clock, signal: run.signal };
    this.traffic = { kind: 'mix', weights: plan.weights, world: system.world };
  }

  /** The whole search under one fault, or under none when there are no parameters. */
  async mode(
    name: string,
    title: string,
    parameters?: Readonly<Record<string, unknown>>,
  ): Promise<FaultMode> {
    this.#plan.note(title);
    if (parameters === undefined) return this.#found(name, title, await this.#search(name), null);
    const active = await this.#apply(name, parameters);
    try {
      const steps = await this.#search(name);
      const effect = await active.effect();
      if (!effect.observed) throw notFelt(name, effect.evidence);
      return this.#found(name, title, steps, effect.evidence);
    } finally {
      await active.heal();
      await this.#system.settle();
    }
  }

  /** Each step begins in the moment in which Redis is back. */
  async afterReturn(): Promise<FaultMode> {
    const title = 'recovering: right after Redis is back';
    this.#plan.note(title);
    let evidence = '';
    const steps = await this.#search('recovering', async () => {
      const active = await this.#apply('redis-down', {});
      try {
        await this.#run.clock.sleep(awayMs, this.#run.signal);
        const effect = await active.effect();
        if (!effect.observed) throw notFelt('redis-down', effect.evidence);
        evidence = effect.evidence;
      } finally {
        await active.heal();
      }
    });
    return this.#found('recovering', title, steps, evidence);
  }

  async #search(name: string, before?: () => Promise<void>): Promise<Step[]> {
    const { seed, slo, ratePerSecond, stepped } = this.#plan;
    return await searchRate(this.bench, await this.#system.target(), {
      name: `faults-${name}`,
      traffic: this.traffic,
      seed,
      slo,
      repeats: 1,
      levels,
      firstRatePerSecond: Math.max(10, Math.round(ratePerSecond * firstShare)),
      ...stepMs,
      settle: async () => void (await this.#system.settle()),
      progress: stepped,
      ...(before === undefined ? {} : { before }),
    });
  }

  async #apply(name: string, parameters: Readonly<Record<string, unknown>>): Promise<ActiveFault> {
    const fault = findFault(name);
    if (fault === undefined)
      throw new HarnessError(`there is no fault "${name}"`, 'redcliff run --help lists them');
    return await fault.apply(this.#system.faults, parameters);
  }

  #found(name: string, title: string, steps: Step[], evidence: string | null): FaultMode {
    const random = reportsRandom(`${this.#plan.seed}/faults/${name}`);
    const { slo } = this.#plan;
    return {
      name,
      title,
      steps,
      sloRate: sloRate(rateStepsOf(steps, slo), slo, { random, resamples }),
      evidence,
    };
  }
}

function notFelt(name: string, evidence: string): HarnessError {
  return new HarnessError(
    `the fault ${name} was not felt: ${evidence}`,
    'redcliff doctor says what is missing here',
  );
}

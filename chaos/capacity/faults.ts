/** What a fault costs in capacity: the same search for the highest rate undisturbed, under each fault, and right after the first is healed. */
import type { CapacityReport, FaultMode } from '../../reports/capacity/capacity-report.ts';
import { type Slo, sloRate } from '../../reports/capacity/slo.ts';
import { rateStepsOf, type Step } from '../../reports/capacity/step.ts';
import { seededRandom as reportsRandom } from '../../reports/statistics/random.ts';
import type { CapacityProfile } from '../api/capacity.ts';
import type { Fault, FaultParameters } from '../api/fault.ts';
import { HarnessError, UsageError } from '../errors.ts';
import { inject, type Injection, type InjectionRecord } from '../faults/injection.ts';
import type { FaultRegistry } from '../faults/registry.ts';
import type { Traffic } from './load/job.ts';
import type { MeasuredTarget } from './measured-target.ts';
import type { Bench } from './measure-step.ts';
import { measureDrain, measureRecovery } from './recovery.ts';
import { searchRate, warmUp } from './search.ts';

export interface CapacityFault {
  readonly fault: Fault;
  readonly parameters: FaultParameters;
}

const faultsByDefault: NonNullable<CapacityProfile['faults']> = [
  { name: 'redis-down' },
  { name: 'redis-slow', parameters: { latencyMs: 10, jitterMs: 5 } },
];

/** Those of the profile. Throws UsageError for one that does not exist or whose parameters are wrong. */
export function capacityFaults(
  { faults = faultsByDefault }: CapacityProfile,
  registry: FaultRegistry,
): CapacityFault[] {
  return faults.map(({ name, parameters = {} }) => {
    const fault = registry.get(name);
    if (fault === undefined)
      throw new UsageError(`capacity.faults: "${name}" does not exist`, 'redcliff list faults lists them');
    try {
      fault.check(parameters);
    } catch (error) {
      throw new UsageError(
        `capacity.faults, ${name}: ${String(error)}`,
        'redcliff list faults lists the parameters',
        { cause: error },
      );
    }
    return { fault, parameters };
  });
}

export interface FaultsPlan {
  readonly seed: string;
  readonly slo: Slo;
  readonly faults: readonly CapacityFault[];
  readonly traffic: Traffic;
  /** Null when users do not write. */
  readonly writes: Traffic | null;
  /** About what is held undisturbed: the searches start at a part of it. */
  readonly ratePerSecond: number;
  readonly durationMsMin: number;
  readonly durationMsMax: number;
  readonly note: (line: string) => void;
  readonly stepped: (step: Step) => void;
}

const resamples = 300;
const firstShare = 1 / 8;
const ratePerSecondMin = 10;
const levels = 3;
/** The fault lasts this long before each step that is measured right after its end. */
const beforeHealMs = 1_200;
/** Of the rate that is held: load under which recovery, and the drain of a backlog, are measured. */
const recoveryShare = 1 / 4;
const drainShare = 1 / 16;
const steadyRateMin = 20;

export async function measureFaults(
  bench: Bench,
  measured: MeasuredTarget,
  plan: FaultsPlan,
): Promise<Pick<CapacityReport, 'drain' | 'faults' | 'recovery'>> {
  const campaign = new FaultCampaign(bench, measured, plan);
  await warmUp(bench, await measured.subject(), plan.traffic, plan.seed);
  await measured.settle();
  const faults = [await campaign.undisturbed()];
  for (const fault of plan.faults) faults.push(await campaign.under(fault));
  const [first] = plan.faults;
  if (first !== undefined) faults.push(await campaign.afterHealing(first));
  const rate = (share: number) => Math.max(steadyRateMin, Math.round(plan.ratePerSecond * share));
  const base = { bench, measured, slo: plan.slo, seed: plan.seed };
  plan.note('recovery and backlog');
  return {
    faults,
    recovery:
      first === undefined
        ? null
        : await measureRecovery(base, plan.traffic, rate(recoveryShare), titleOf(first), async () => {
            const injection = await campaign.inject(first);
            return async () => void evidenceOf(await injection.end());
          }),
    drain: plan.writes === null ? null : await measureDrain(base, plan.writes, rate(drainShare)),
  };
}

class FaultCampaign {
  readonly #bench: Bench;
  readonly #measured: MeasuredTarget;
  readonly #plan: FaultsPlan;

  constructor(bench: Bench, measured: MeasuredTarget, plan: FaultsPlan) {
    this.#bench = bench;
    this.#measured = measured;
    this.#plan = plan;
  }

  undisturbed(): Promise<FaultMode> {
    return this.#mode('none', 'undisturbed, through the proxies', async () => ({
      steps: await this.#search('none'),
      evidence: null,
    }));
  }

  under(chosen: CapacityFault): Promise<FaultMode> {
    const { name } = chosen.fault;
    return this.#mode(name, titleOf(chosen), async () => {
      const injection = await this.inject(chosen);
      let steps: Step[];
      let record: InjectionRecord;
      try {
        steps = await this.#search(name);
      } finally {
        record = await injection.end();
        await this.#measured.settle();
      }
      return { steps, evidence: evidenceOf(record) };
    });
  }

  /** Each step begins in the moment in which the fault is healed. */
  afterHealing(chosen: CapacityFault): Promise<FaultMode> {
    return this.#mode('recovering', `right after ${titleOf(chosen)}`, async () => {
      let evidence = '';
      const { clock, signal } = this.#bench;
      const steps = await this.#search('recovering', async () => {
        const injection = await this.inject(chosen);
        let record: InjectionRecord;
        try {
          await clock.sleep(beforeHealMs, signal);
        } finally {
          record = await injection.end();
        }
        evidence = evidenceOf(record);
      });
      return { steps, evidence };
    });
  }

  inject({ fault, parameters }: CapacityFault): Promise<Injection> {
    return inject(fault, parameters, this.#measured.running.faultContext);
  }

  async #mode(
    name: string,
    title: string,
    measure: () => Promise<{ readonly steps: Step[]; readonly evidence: string | null }>,
  ): Promise<FaultMode> {
    const { note, seed, slo } = this.#plan;
    note(title);
    const { steps, evidence } = await measure();
    const random = reportsRandom(`${seed}/faults/${name}`);
    const rate = sloRate(rateStepsOf(steps, slo), slo, { random, resamples });
    return { name, title, steps, sloRate: rate, evidence };
  }

  async #search(name: string, before?: () => Promise<void>): Promise<Step[]> {
    const { seed, slo, ratePerSecond, traffic, stepped, durationMsMin, durationMsMax } = this.#plan;
    return await searchRate(this.#bench, await this.#measured.subject(), {
      name: `faults-${name}`,
      traffic,
      seed,
      slo,
      repeats: 1,
      levels,
      firstRatePerSecond: Math.max(ratePerSecondMin, Math.round(ratePerSecond * firstShare)),
      durationMsMin,
      durationMsMax,
      settle: () => this.#measured.settle(),
      progress: stepped,
      ...(before === undefined ? {} : { before }),
    });
  }
}

function titleOf({ fault, parameters }: CapacityFault): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return given.length === 0 ? fault.name : `${fault.name} (${given.join(', ')})`;
}

/** Throws HarnessError when no effect was observed: figures would be those of an undisturbed target. */
function evidenceOf({ fault, effect }: InjectionRecord): string {
  if (effect.observed) return effect.evidence;
  throw new HarnessError(
    `the fault ${fault} had no observed effect: ${effect.evidence}`,
    'run redcliff doctor, or leave it out of capacity.faults of the target',
  );
}

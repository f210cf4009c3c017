/** What a fault costs in capacity: the same search for the highest rate undisturbed, under each fault, and right after the first is healed. */
import type { CapacityReport, FaultMode } from '../../reports/capacity/capacity-report.ts';
import { type Slo, sloRate } from '../../reports/capacity/slo.ts';
import { rateStepsOf, type Step } from '../../reports/capacity/step.ts';
import { seededRandom as reportsRandom } from '../../reports/statistics/random.ts';
import type { CapacityProfile } from '../api/capacity.ts';
import type { Fault, FaultParameters } from '../api/fault.ts';
import { UsageError } from '../errors.ts';
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
  /** Told of what makes figures doubtful. */
  readonly doubt: (note: string) => void;
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

/** A fault without an observed effect is reported as not measured: its figures would be those of an undisturbed target. */
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
  const healed = first === undefined ? null : await campaign.afterHealing(first);
  if (healed !== null) faults.push(healed);
  const rate = (share: number) => Math.max(steadyRateMin, Math.round(plan.ratePerSecond * share));
  const base = { bench, measured, slo: plan.slo, seed: plan.seed };
  return {
    faults,
    recovery: first === undefined ? null : await campaign.recovery(first, rate(recoveryShare)),
    drain: plan.writes === null ? null : await measureDrain(base, plan.writes, rate(drainShare)),
  };
}

class NoEffectError extends Error {
  override readonly name = 'NoEffectError';
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
      const { result, evidence } = await this.#whileInForce(chosen, () => this.#search(name));
      await this.#measured.settle();
      return { steps: result, evidence };
    });
  }

  /** Each step begins in the moment in which the fault is healed. */
  afterHealing(chosen: CapacityFault): Promise<FaultMode> {
    return this.#mode('recovering', `right after ${titleOf(chosen)}`, async () => {
      let last = '';
      const { clock, signal } = this.#bench;
      const steps = await this.#search('recovering', async () => {
        const { evidence } = await this.#whileInForce(chosen, () => clock.sleep(beforeHealMs, signal));
        last = evidence;
      });
      return { steps, evidence: last };
    });
  }

  async recovery(chosen: CapacityFault, ratePerSecond: number): Promise<CapacityReport['recovery']> {
    const { slo, seed, note, traffic } = this.#plan;
    const title = titleOf(chosen);
    note(`recovery after ${title}`);
    const base = { bench: this.#bench, measured: this.#measured, slo, seed };
    try {
      return await measureRecovery(base, traffic, ratePerSecond, title, async () => {
        const injection = await this.#inject(chosen);
        return async () => void evidenceOf(await injection.end());
      });
    } catch (error) {
      if (error instanceof NoEffectError) return null;
      throw error;
    }
  }

  #inject({ fault, parameters }: CapacityFault): Promise<Injection> {
    return inject(fault, parameters, this.#measured.running.faultContext);
  }

  /** Throws NoEffectError after the fault was healed. */
  async #whileInForce<T>(
    chosen: CapacityFault,
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly evidence: string }> {
    const injection = await this.#inject(chosen);
    let result: T;
    let record: InjectionRecord;
    try {
      result = await work();
    } finally {
      record = await injection.end();
    }
    return { result, evidence: evidenceOf(record) };
  }

  async #mode(
    name: string,
    title: string,
    measure: () => Promise<{ readonly steps: Step[]; readonly evidence: string | null }>,
  ): Promise<FaultMode> {
    const { note, doubt, seed, slo } = this.#plan;
    note(title);
    try {
      const { steps, evidence } = await measure();
      const random = reportsRandom(`${seed}/faults/${name}`);
      const rate = sloRate(rateStepsOf(steps, slo), slo, { random, resamples });
      return { name, title, steps, sloRate: rate, evidence };
    } catch (error) {
      if (!(error instanceof NoEffectError)) throw error;
      doubt(
        `"${title}" was not measured, because no effect of the fault was observed: ${error.message}; leave it out of capacity.faults of the target when it does not use that store`,
      );
      const evidence = `no effect: ${error.message}`;
      return { name, title, steps: [], sloRate: { outcome: 'unmeasured' }, evidence };
    }
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

/** Throws NoEffectError. */
function evidenceOf({ effect }: InjectionRecord): string {
  if (effect.observed) return effect.evidence;
  throw new NoEffectError(effect.evidence);
}

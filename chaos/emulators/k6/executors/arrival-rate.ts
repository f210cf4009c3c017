/**
 * Begins iterations when they arrive, whether earlier ones have ended or not. An arrival that finds no free VU is
 * dropped and counted, and one more VU is made if `maxVUs` allows, as in k6.
 */
import type { ActiveVu, ScenarioRun } from './executor.ts';
import { endsBefore, waitUntil } from './waiting.ts';

export interface ArrivalRateLimits {
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  readonly durationMs: number;
  readonly gracefulStopMs: number;
}

export async function runArrivals(
  scenario: ScenarioRun,
  schedule: Iterable<number>,
  limits: ArrivalRateLimits,
): Promise<void> {
  const pool = new VuPool(scenario, limits);
  await admit(scenario, schedule, pool);
  await waitUntil(scenario, limits.durationMs);
  scenario.stop();
  if (!(await endsBefore(scenario, pool.idle(), limits.durationMs + limits.gracefulStopMs)))
    scenario.interruptAll();
  await pool.idle();
  pool.releaseAll();
}

async function admit(scenario: ScenarioRun, schedule: Iterable<number>, pool: VuPool): Promise<void> {
  for (const dueMs of schedule) {
    const dueAtMs = scenario.startedAtMs + dueMs;
    if (scenario.clock.monotonicMs() < dueAtMs) await waitUntil(scenario, dueMs);
    else await scenario.breathe();
    if (scenario.aborted) return;
    pool.arrive(dueAtMs);
  }
}

class VuPool {
  readonly #scenario: ScenarioRun;
  readonly #free: ActiveVu[] = [];
  readonly #all: ActiveVu[] = [];
  #busy = 0;
  #unplanned: number;
  #making = false;
  #warned = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(scenario: ScenarioRun, limits: ArrivalRateLimits) {
    this.#scenario = scenario;
    this.#unplanned = limits.maxVUs - limits.preAllocatedVUs;
    for (let count = 0; count < limits.preAllocatedVUs; count += 1) {
      const vu = scenario.acquire();
      if (vu !== undefined) this.#add(vu);
    }
  }

  arrive(dueAtMs: number): void {
    const vu = this.#free.shift();
    if (vu !== undefined) {
      void this.#iterate(vu, dueAtMs);
      return;
    }
    this.#scenario.dropIteration();
    if (this.#unplanned > 0) {
      if (!this.#making) void this.#makeVu();
    } else if (!this.#warned) {
      this.#warned = true;
      this.#scenario.warn(
        `Insufficient VUs, reached ${this.#all.length} active VUs and cannot initialize more`,
      );
    }
  }

  idle(): Promise<void> {
    if (this.#busy === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  releaseAll(): void {
    for (const vu of this.#all) this.#scenario.release(vu);
  }

  #add(vu: ActiveVu): void {
    this.#all.push(vu);
    this.#free.push(vu);
  }

  async #iterate(vu: ActiveVu, dueAtMs: number): Promise<void> {
    this.#busy += 1;
    await vu.iterate(dueAtMs);
    this.#busy -= 1;
    this.#free.push(vu);
    if (this.#busy === 0) this.#idle?.resolve();
  }

  async #makeVu(): Promise<void> {
    this.#making = true;
    this.#unplanned -= 1;
    const vu = await this.#scenario.acquireNew();
    this.#making = false;
    if (vu !== undefined) this.#add(vu);
  }
}

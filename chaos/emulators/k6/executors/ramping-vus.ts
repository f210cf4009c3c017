/**
 * A number of looping VUs that goes from stage to stage in straight lines. A VU that is let go may end its iteration
 * within `gracefulRampDown`; when it is wanted again before that, it just goes on.
 */
import { formatDuration } from '../options/duration.ts';
import type { ActiveVu, Executor, ScenarioRun } from './executor.ts';
import { totalMs, vuSteps } from './vu-steps.ts';
import { endGracefully, waitUntil } from './waiting.ts';

export const rampingVus: Executor<'ramping-vus'> = {
  describe: (options) =>
    `up to ${mostVus(options)} looping VUs for ${formatDuration(totalMs(options.stages))} over ${options.stages.length} stages (gracefulRampDown: ${formatDuration(options.gracefulRampDown)})`,
  durationMs: ({ stages }) => totalMs(stages),
  maxVus: (options) => mostVus(options),
  name: 'ramping-vus',
  plannedVus: (options) => mostVus(options),
  run: async (scenario, options) => {
    const handles = Array.from({ length: mostVus(options) }, () => scenario.acquire())
      .filter((vu) => vu !== undefined)
      .map((vu) => new RampedVu(scenario, vu, options.gracefulRampDown));
    const work = ramp(scenario, handles, options).then(() =>
      Promise.all(handles.map((handle) => handle.ended())),
    );
    await endGracefully(scenario, work, totalMs(options.stages), options.gracefulStop);
    for (const handle of handles) handle.release();
  },
};

interface Ramp {
  readonly startVUs: number;
  readonly stages: readonly { readonly duration: number; readonly target: number }[];
}

function mostVus({ stages, startVUs }: Ramp): number {
  return Math.max(startVUs, ...stages.map(({ target }) => target));
}

async function ramp(
  scenario: ScenarioRun,
  handles: readonly RampedVu[],
  { stages, startVUs }: Ramp,
): Promise<void> {
  for (const { offsetMs, vus } of vuSteps(startVUs, stages)) {
    // Steps follow each other in time.
    // oxlint-disable-next-line no-await-in-loop
    await waitUntil(scenario, offsetMs);
    if (scenario.stopped) return;
    for (const [index, handle] of handles.entries()) {
      if (index < vus) handle.start();
      else handle.letGo();
    }
  }
  await waitUntil(scenario, totalMs(stages));
}

class RampedVu {
  readonly #scenario: ScenarioRun;
  readonly #vu: ActiveVu;
  readonly #gracefulRampDownMs: number;
  #wanted = false;
  #loop: Promise<void> | undefined;
  #deadline: Disposable | undefined;

  constructor(scenario: ScenarioRun, vu: ActiveVu, gracefulRampDownMs: number) {
    this.#scenario = scenario;
    this.#vu = vu;
    this.#gracefulRampDownMs = gracefulRampDownMs;
  }

  start(): void {
    this.#wanted = true;
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = undefined;
    this.#loop ??= this.#run();
  }

  letGo(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#deadline = this.#scenario.clock.timer(this.#gracefulRampDownMs, () => this.#vu.interrupt());
  }

  async ended(): Promise<void> {
    await this.#loop;
  }

  release(): void {
    this.#deadline?.[Symbol.dispose]();
    this.#scenario.release(this.#vu);
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#scenario.stopped) {
      await this.#vu.iterate();
      await this.#scenario.breathe();
    }
    this.#loop = undefined;
    this.#deadline?.[Symbol.dispose]();
  }
}

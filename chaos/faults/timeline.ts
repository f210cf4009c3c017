/** Plays faults against the clock and keeps the record of each. Every fault that was applied is healed, also after a failure. */
import type { FaultRecord } from '../../reports/record/report.ts';
import type { Fault, FaultContext, FaultParameters } from '../api/fault.ts';
import type { Clock } from '../clock.ts';
import { inject } from './injection.ts';

/** A fault of a plan. Times count from the start of the load; milliseconds. */
export interface PlannedInjection {
  readonly fault: Fault;
  readonly applyAtMs: number;
  readonly healAtMs: number;
  readonly parameters: FaultParameters;
}

export interface TimelineListener {
  applied(planned: PlannedInjection): void;
  healed(record: FaultRecord): void;
  /** Called after a fault was applied; the whole timeline pauses until it resolves. */
  hold?(planned: PlannedInjection): Promise<void>;
}

type Footprint = Pick<Fault, 'breaks' | 'proofNeeds'>;

/**
 * Two faults conflict when one breaks what the other breaks too (one would heal what the other has just broken), or what the other needs
 * for its proof (its effect could not be told from that of the first).
 */
export function conflicting(one: Footprint, other: Footprint): boolean {
  return disturbs(one, other) || disturbs(other, one);
}

function disturbs(breaker: Footprint, other: Footprint): boolean {
  return breaker.breaks.some((part) => other.breaks.includes(part) || other.proofNeeds.includes(part));
}

/**
 * Faults may overlap; each is played on its own. One that conflicts with an earlier one waits until that is healed, because what a fault
 * does may take longer than planned. `loadStartMs` is an epoch time. Resolves after the last one is healed.
 */
export async function playTimeline(
  timeline: readonly PlannedInjection[],
  loadStartMs: number,
  context: FaultContext,
  listener: TimelineListener,
): Promise<FaultRecord[]> {
  const schedule = new Schedule(loadStartMs, context.clock, context.signal);
  const begun: { readonly fault: Fault; readonly ended: Promise<FaultRecord> }[] = [];
  for (const planned of timeline.toSorted((one, other) => one.applyAtMs - other.applyAtMs)) {
    const { fault } = planned;
    const earlier = begun.filter((before) => conflicting(fault, before.fault)).map(({ ended }) => ended);
    const ended = Promise.allSettled(earlier).then(() => play(planned, schedule, context, listener));
    begun.push({ fault, ended });
  }
  const played = await Promise.allSettled(begun.map(({ ended }) => ended));
  return played.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function play(
  planned: PlannedInjection,
  schedule: Schedule,
  context: FaultContext,
  listener: TimelineListener,
): Promise<FaultRecord> {
  const { fault, applyAtMs, healAtMs, parameters } = planned;
  await schedule.until(applyAtMs);
  // One that had to wait for another lasts as long as it was meant to.
  const lateMs = schedule.lateMs(applyAtMs);
  const injection = await inject(fault, parameters, context);
  try {
    listener.applied(planned);
    const { hold } = listener;
    if (hold !== undefined) await schedule.hold(() => hold(planned));
    await schedule.until(healAtMs + lateMs);
  } catch (error) {
    await injection.end();
    throw error;
  }
  const record = { ...(await injection.end()), applyAtMs, healAtMs };
  listener.healed(record);
  return record;
}

/** When the moments of a timeline come: planned from the start of the load, and later by the time that the timeline was paused. */
export class Schedule {
  readonly #startMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #heldMs = 0;
  #holds: Promise<void> = Promise.resolve();

  /** `startMs` is an epoch time; `signal` gives up every wait, with its reason. */
  constructor(startMs: number, clock: Clock, signal: AbortSignal) {
    this.#startMs = startMs;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves `atMs` after the start, and never while the timeline is paused. */
  async until(atMs: number): Promise<void> {
    for (;;) {
      await this.#holds;
      this.#signal.throwIfAborted();
      const lateMs = this.lateMs(atMs);
      if (lateMs >= 0) return;
      await this.#clock.sleep(-lateMs, this.#signal);
    }
  }

  /** How long ago that moment was; negative while it is still to come. */
  lateMs(atMs: number): number {
    return this.#clock.nowMs() - (this.#startMs + this.#heldMs + atMs);
  }

  /** Pauses the rest of the timeline until `work` is done; several run one after the other. */
  hold(work: () => Promise<void>): Promise<void> {
    this.#holds = this.#holds.then(async () => {
      const sinceMs = this.#clock.nowMs();
      await work();
      this.#heldMs += this.#clock.nowMs() - sinceMs;
    });
    return this.#holds;
  }
}

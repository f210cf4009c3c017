/** Plays a timeline against the clock and keeps what came of each fault. Whatever happens, every applied fault is healed. */
import type { FaultRecord, PlannedFault } from '../../reports/record/report.ts';
import type { ActiveFault, Effect, FaultContext } from '../faults/fault.ts';
import { findFault } from '../faults/registry.ts';
import { HarnessError } from '../errors.ts';

export interface TimelineListener {
  applied(fault: PlannedFault): void;
  healed(fault: FaultRecord): void;
}

/** Faults may overlap; each is played on its own. `loadStartMs` is an epoch time. Resolves after the last one is healed. */
export async function playTimeline(
  timeline: readonly PlannedFault[],
  loadStartMs: number,
  context: FaultContext,
  listener: TimelineListener,
): Promise<FaultRecord[]> {
  const played = await Promise.allSettled(
    timeline.map((planned) => playFault(planned, loadStartMs, context, listener)),
  );
  return played.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function playFault(
  planned: PlannedFault,
  loadStartMs: number,
  context: FaultContext,
  listener: TimelineListener,
): Promise<FaultRecord> {
  const fault = findFault(planned.fault);
  if (fault === undefined)
    throw new HarnessError(`there is no fault "${planned.fault}"`, 'redcliff run --help lists them');
  const { clock, signal } = context;
  await sleepUntil(loadStartMs + planned.applyAtMs);
  const appliedMs = clock.nowMs();
  const active = await fault.apply(context, planned.parameters);
  listener.applied(planned);
  let effect: Effect;
  try {
    await sleepUntil(loadStartMs + planned.healAtMs);
    effect = await observedEffect(active);
  } finally {
    await active.heal();
  }
  const record = {
    ...planned,
    appliedMs,
    healedMs: clock.nowMs(),
    effect: { ...effect, measures: { ...effect.measures } },
  };
  listener.healed(record);
  return record;

  async function sleepUntil(epochMs: number): Promise<void> {
    await clock.sleep(Math.max(0, epochMs - clock.nowMs()), signal);
  }
}

/** A proof that failed is no proof: the verdicts become unknown, and the evidence says why. */
async function observedEffect(active: ActiveFault): Promise<Effect> {
  try {
    return await active.effect();
  } catch (error) {
    return { observed: false, evidence: `the effect could not be measured: ${String(error)}`, measures: {} };
  }
}

/** Plays a timeline against the clock and keeps what came of each fault. Whatever happens, every applied fault is healed. */
import type { FaultRecord, PlannedFault } from '../../reports/record/report.ts';
import type { ActiveFault, Effect, Fault, FaultContext } from '../faults/fault.ts';
import { findFault } from '../faults/registry.ts';
import { HarnessError } from '../errors.ts';
import { wouldFight } from './overlap.ts';
import { Schedule } from './schedule.ts';

export interface TimelineListener {
  applied(fault: PlannedFault): void;
  healed(fault: FaultRecord): void;
  /** Called after a fault was applied; the whole timeline stands still until it resolves. */
  hold?(fault: PlannedFault): Promise<void>;
}

/**
 * Faults may overlap; each is played on its own. One that would fight an earlier one waits until that is healed, for what a fault
 * does may take longer than planned. `loadStartMs` is an epoch time. Resolves after the last one is healed.
 */
export async function playTimeline(
  timeline: readonly PlannedFault[],
  loadStartMs: number,
  context: FaultContext,
  listener: TimelineListener,
  find: (name: string) => Fault | undefined = findFault,
): Promise<FaultRecord[]> {
  const schedule = new Schedule(loadStartMs, context.clock, context.signal);
  const begun: { readonly fault: Fault; readonly ended: Promise<FaultRecord> }[] = [];
  for (const planned of timeline.toSorted((one, other) => one.applyAtMs - other.applyAtMs)) {
    const fault = faultNamed(planned.fault, find);
    const inTheWay = begun.filter((earlier) => wouldFight(fault, earlier.fault)).map(({ ended }) => ended);
    const ended = Promise.allSettled(inTheWay).then(() =>
      playFault(fault, planned, schedule, context, listener),
    );
    begun.push({ fault, ended });
  }
  const played = await Promise.allSettled(begun.map(({ ended }) => ended));
  return played.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function faultNamed(name: string, find: (name: string) => Fault | undefined): Fault {
  const fault = find(name);
  if (fault === undefined)
    throw new HarnessError(`there is no fault "${name}"`, 'redcliff run --help lists them');
  return fault;
}

async function playFault(
  fault: Fault,
  planned: PlannedFault,
  schedule: Schedule,
  context: FaultContext,
  listener: TimelineListener,
): Promise<FaultRecord> {
  const { clock } = context;
  await schedule.until(planned.applyAtMs);
  const appliedMs = clock.nowMs();
  // One that had to wait for another lasts as long as it was meant to.
  const lateMs = schedule.lateMs(planned.applyAtMs);
  const active = await fault.apply(context, planned.parameters);
  listener.applied(planned);
  let effect: Effect;
  try {
    const { hold } = listener;
    if (hold !== undefined) await schedule.hold(() => hold(planned));
    await schedule.until(planned.healAtMs + lateMs);
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
}

/** A proof that failed is no proof: the verdicts become unknown, and the evidence says why. */
async function observedEffect(active: ActiveFault): Promise<Effect> {
  try {
    return await active.effect();
  } catch (error) {
    return { observed: false, evidence: `the effect could not be measured: ${String(error)}`, measures: {} };
  }
}

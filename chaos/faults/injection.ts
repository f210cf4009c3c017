/**
 * One fault from beginning to end: applied, its effect observed while it lasts, healed, recorded. Timelines, faults applied by a user and capacity
 * measurements all inject through here.
 */
import type { FaultRecord } from '../../reports/record/report.ts';
import type { ActiveFault, Effect, Fault, FaultContext, FaultParameters } from '../api/fault.ts';

/** The record of a fault, without its planned times. Times are epoch milliseconds. */
export type InjectionRecord = Omit<FaultRecord, 'applyAtMs' | 'healAtMs'>;

export interface Injection {
  readonly fault: Fault;
  readonly parameters: FaultParameters;
  readonly appliedMs: number;
  /** What can be observed of it now; never rejects. */
  effect(): Promise<Effect>;
  /**
   * Observes the effect, heals, and gives the record; the same promise when it is called again, unless healing failed. Rejects when the fault
   * could not be healed; then it is still in force.
   */
  end(): Promise<InjectionRecord>;
}

/** Resolves once the fault is in force. Rejects with a ZodError when the parameters are not of its schema; then nothing was done. */
export async function inject(
  fault: Fault,
  parameters: FaultParameters,
  context: FaultContext,
): Promise<Injection> {
  const { clock } = context;
  const appliedMs = clock.nowMs();
  const active = await fault.apply(context, parameters);
  let ending: Promise<InjectionRecord> | null = null;
  const finish = async (): Promise<InjectionRecord> => {
    let effect: Effect;
    try {
      effect = await observed(active);
    } finally {
      await active.heal();
    }
    return {
      fault: fault.name,
      parameters: { ...parameters },
      appliedMs,
      healedMs: clock.nowMs(),
      effect: { ...effect, measures: { ...effect.measures } },
    };
  };
  return {
    fault,
    parameters,
    appliedMs,
    effect: () => observed(active),
    end: () => {
      ending ??= finish().catch((error: unknown) => {
        ending = null;
        throw error;
      });
      return ending;
    },
  };
}

/** An effect that could not be measured was not observed: the verdicts become unknown, and the evidence says why. */
async function observed(active: ActiveFault): Promise<Effect> {
  try {
    return await active.effect();
  } catch (error) {
    return { observed: false, evidence: `the effect could not be measured: ${String(error)}`, measures: {} };
  }
}

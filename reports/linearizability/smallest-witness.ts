/**
 * Finds the few calls on a register that can not be ordered. Take a value away, its writes together with the reads that
 * show it, and an order of the rest stays an order; so what can not be ordered after that could not be before, and the
 * smallest such remainder is a witness for the whole.
 */
import { checkLinearizable } from './linearizable.ts';
import type { Call } from './model.ts';
import { registerModel, relevantCalls, type RegisterAction, type RegisterValue } from './register.ts';

type RegisterCall = Call<RegisterAction>;

const statesMax = 200_000;

/** Null when the calls are linearizable, or too many states were tried to tell; else calls that are not, in order of start. */
export function smallestWitness(
  calls: readonly RegisterCall[],
  initial: RegisterValue = null,
): RegisterCall[] | null {
  const fails = (candidate: readonly RegisterCall[]): boolean =>
    checkLinearizable(registerModel(initial), relevantCalls(candidate), { statesMax }).linearizable === false;
  const whole = checkLinearizable(registerModel(initial), relevantCalls(calls));
  if (whole.linearizable !== false) return null;
  const { stuckAt } = whole;
  // What started after the end of the call that can not be placed can not help to place it.
  const prefix = calls.filter(({ startedMs }) => startedMs <= stuckAt.endedMs);
  const near = nearestValues(prefix, stuckAt);
  let kept: readonly RegisterCall[] = prefix;
  for (let size = 2; size < near.length; size *= 2) {
    const values = new Set(near.slice(0, size));
    const part = prefix.filter(({ action }) => values.has(action.value));
    if (fails(part)) {
      kept = part;
      break;
    }
  }
  kept = withoutNeedless(kept, [...new Set(kept.map(({ action }) => action.value))], fails);
  return withoutReads(kept, fails).toSorted((left, right) => left.startedMs - right.startedMs);
}

/** Values in order of how near in time to the stuck call they were last used. */
function nearestValues(calls: readonly RegisterCall[], stuckAt: RegisterCall): RegisterValue[] {
  const distance = new Map<RegisterValue, number>();
  for (const { action, startedMs } of calls) {
    const awayMs = Math.abs(stuckAt.startedMs - startedMs);
    distance.set(action.value, Math.min(awayMs, distance.get(action.value) ?? Number.POSITIVE_INFINITY));
  }
  return [...distance].toSorted((left, right) => left[1] - right[1]).map(([value]) => value);
}

function withoutNeedless(
  calls: readonly RegisterCall[],
  values: readonly RegisterValue[],
  fails: (calls: readonly RegisterCall[]) => boolean,
): readonly RegisterCall[] {
  let kept = calls;
  for (const value of values) {
    const rest = kept.filter(({ action }) => action.value !== value);
    if (fails(rest)) kept = rest;
  }
  return kept;
}

/** A read can always be left out: it changes nothing. */
function withoutReads(
  calls: readonly RegisterCall[],
  fails: (calls: readonly RegisterCall[]) => boolean,
): readonly RegisterCall[] {
  let kept = calls;
  for (const call of calls) {
    if (call.action.kind !== 'read') continue;
    const rest = kept.filter((other) => other !== call);
    if (fails(rest)) kept = rest;
  }
  return kept;
}

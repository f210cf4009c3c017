/**
 * Tells what the machine did from what the target did. A machine without processors makes everything slower; operations of one kind, or about one
 * thing, that fail while all others are served about as fast as ever were singled out by the target.
 */
import { attemptsOf, isUnserved } from '../history/fields.ts';
import { firstIndex } from '../history/first-index.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';

/** Fewer operations at the same time say nothing of the machine. They go to any of the serving processes, so that all of those are seen. */
const servedMin = 8;
/** Share of them that must have been served fast. */
const fastShareMin = 0.9;
/** Share of them that may have in common what singles an operation out. */
const sharedMax = 0.5;
/** What every operation's value may hold beside what was asked. */
const notAsked: ReadonlySet<string> = new Set(['again', 'attempts', 'reused', 'status']);

/**
 * For one operation that failed or was late, whether the target singled it out. Judged by the operations that began while it was under way: those
 * that failed too have something in common with it that most of those served do not have, such as their kind or the entity that was asked for;
 * and the machine slowed the others down so little that it too would have ended within half of its deadline.
 */
export function singledOut(
  history: readonly Operation[],
  { limits }: Pick<Evidence, 'limits'>,
): (operation: Operation) => boolean {
  const inOrder = history.toSorted((left, right) => left.startedMs - right.startedMs);
  const usualMs = usualDurations(history);
  const slowestUsualMs = Math.max(0, ...usualMs.values());
  return (operation) => {
    const meanwhile = beganDuring(inOrder, operation);
    const served = meanwhile.filter((other) => !isUnserved(other));
    if (served.length < servedMin) return false;
    const failed = [operation, ...meanwhile.filter(isUnserved)];
    if (!haveInCommon(failed, served)) return false;
    const ownMs = usualMs.get(operation.f) ?? slowestUsualMs;
    const slowdownMax = limits.requestDeadlineMs / 2 / ownMs;
    const fast = served.filter((other) => requestMs(other) <= slowdownMax * (usualMs.get(other.f) ?? 0));
    return slowdownMax > 1 && fast.length >= fastShareMin * served.length;
  };
}

/** Medians of what was served of each kind, in milliseconds a request; at least one, the resolution of clocks. */
function usualDurations(history: readonly Operation[]): ReadonlyMap<string, number> {
  const served = Map.groupBy(
    history.filter((operation) => !isUnserved(operation)),
    ({ f }) => f,
  );
  return new Map(
    [...served].map(([f, own]) => {
      const durations = own.map(requestMs).toSorted((left, right) => left - right);
      return [f, Math.max(1, durations[Math.floor(durations.length / 2)] ?? 1)];
    }),
  );
}

function requestMs(operation: Operation): number {
  return (operation.endedMs - operation.startedMs) / attemptsOf(operation);
}

/** `inOrder` of their starts. */
function beganDuring(inOrder: readonly Operation[], operation: Operation): readonly Operation[] {
  const { startedMs, endedMs } = operation;
  const from = firstIndex(inOrder, (other) => other.startedMs >= startedMs);
  const to = firstIndex(inOrder, (other) => other.startedMs >= endedMs);
  return inOrder.slice(from, to).filter((other) => other !== operation);
}

function haveInCommon(failed: readonly Operation[], served: readonly Operation[]): boolean {
  const [first, ...others] = failed;
  if (first === undefined) return false;
  return traitsOf(first).some(([name, value]) => {
    const has = (operation: Operation): boolean =>
      name === 'f' ? operation.f === value : operation.value[name] === value;
    return others.every(has) && served.filter(has).length <= sharedMax * served.length;
  });
}

/** Its kind, and what was asked of it. */
function traitsOf({ f, value, answered = [] }: Operation): readonly (readonly [string, unknown])[] {
  const asked = Object.entries(value).filter(
    ([name, field]) => !notAsked.has(name) && !answered.includes(name) && typeof field !== 'object',
  );
  return [['f', f], ...asked.filter(([name]) => name !== 'f')];
}

/**
 * How long after the last heal operations still go unserved. What is served counts, not what a health endpoint says. A load that ended before
 * the target served again leaves it open, unless more time had passed than recovery may take.
 */
import { isUnserved } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import { type Identity, type Rule, ruleOf } from './checker.ts';
import { type OperationFilter, selectorOf } from './select.ts';
import { machineExcuses, starved } from './starvation.ts';

export interface RecoveryTimeOptions extends Partial<Identity> {
  /** From the last heal; `limits.recoveryMs` when absent. */
  readonly withinMs?: number;
  /** Operations that are judged; all when absent. */
  readonly operations?: OperationFilter;
}

/** So many operations at the end, none of them served, are no chance. */
const tailMin = 5;
const operationsShownMax = 6;

export function recoveryTime(options: RecoveryTimeOptions = {}): Rule {
  const { invariant = 'recovery-time', title = 'Operations are served again soon after the last heal' } =
    options;
  const selected = options.operations === undefined ? () => true : selectorOf(options.operations);
  return ruleOf({ invariant, title }, 'always', {}, (history, evidence) => {
    const { faults, limits } = evidence;
    const withinMs = options.withinMs ?? limits.recoveryMs;
    if (faults.length === 0) return { findings: [], checked: 'nothing was broken', missing: null };
    const healedMs = Math.max(...faults.map(({ healedMs: atMs }) => atMs));
    const after = history
      .filter((operation) => selected(operation) && operation.startedMs > healedMs)
      .toSorted((left, right) => left.startedMs - right.startedMs);
    const late = after.filter(
      (operation) => operation.startedMs > healedMs + withinMs && isUnserved(operation),
    );
    const excuses = machineExcuses(history, evidence);
    const accused = late.filter((operation) => !excuses.mayBeUnserved(operation));
    const lastMs = after.findLast(isUnserved)?.endedMs ?? healedMs;
    return {
      findings:
        accused.length === 0
          ? []
          : [
              {
                definite: true,
                witness: () => ({
                  summary: `${accused.length} operations that began later than ${withinMs} ms after the last heal were not served, such as ${accused[0]?.f ?? 'one'}`,
                  operations: accused.slice(0, operationsShownMax),
                  facts: { withinMs, foundMs: Math.round(lastMs - healedMs) },
                }),
              },
            ],
      checked: `the last of ${after.length} operations after the last heal that was not served ended ${Math.round(lastMs - healedMs)} ms after it`,
      missing:
        late.length > 0
          ? starved(
              `${late.length} operations that were not served after the recovery waited for a processor most of their time`,
            )
          : stillDown(after, healedMs, withinMs),
    };
  });
}

function stillDown(after: readonly Operation[], healedMs: number, withinMs: number): string | null {
  if (after.length === 0) return 'no operation began after the last heal';
  const tail = after.slice(-tailMin);
  if (tail.length < tailMin || !tail.every(isUnserved)) return null;
  const watchedMs = Math.round(Math.max(...tail.map(({ endedMs }) => endedMs)) - healedMs);
  return `nothing was served yet when the load ended ${watchedMs} ms after the last heal, and ${withinMs} ms are allowed: let the load last longer`;
}

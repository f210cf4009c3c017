/**
 * What worked before the faults works again after them: each kind of operation that succeeded before the first fault does so once more after the last
 * heal. A kind that was not tried often enough after the heal is not judged; one that had less time than recovery may take is undecided.
 */
import type { Operation } from '../history/operation.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { type OperationFilter, selectorOf } from './select.ts';

export interface ProgressAfterHealOptions extends Partial<Identity> {
  /** Operations that have to come back; all when absent. */
  readonly operations?: OperationFilter;
  /** From the last heal; `limits.recoveryMs` when absent. */
  readonly withinMs?: number;
  /** Fewer attempts after the heal say nothing of a kind; 5 when absent. */
  readonly attemptsMin?: number;
}

const attemptsMinByDefault = 5;
const operationsShownMax = 6;

export function progressAfterHeal(options: ProgressAfterHealOptions = {}): Rule {
  const { invariant = 'progress', title = 'What worked before the faults works after them' } = options;
  const { attemptsMin = attemptsMinByDefault, operations } = options;
  const selected = operations === undefined ? () => true : selectorOf(operations);
  return ruleOf({ invariant, title }, 'always', {}, (history, { faults, limits }) => {
    const withinMs = options.withinMs ?? limits.recoveryMs;
    if (faults.length === 0) return { findings: [], checked: 'nothing was broken', missing: null };
    const firstMs = Math.min(...faults.map(({ appliedMs }) => appliedMs));
    const healedMs = Math.max(...faults.map(({ healedMs: atMs }) => atMs));
    const own = history.filter(selected);
    const before = Map.groupBy(
      own.filter(({ endedMs }) => endedMs < firstMs),
      ({ f }) => f,
    );
    const after = Map.groupBy(
      own.filter(({ startedMs }) => startedMs >= healedMs),
      ({ f }) => f,
    );
    const kinds = [...before].filter(([, done]) => done.some(({ type }) => type === 'ok'));
    const back = kinds.filter(([f, done]) => after.get(f)?.some((one) => isUsual(one, done)));
    const stopped = kinds.flatMap(([f, done]) => {
      const attempts = after.get(f) ?? [];
      return attempts.length < attemptsMin || attempts.some((one) => isUsual(one, done))
        ? []
        : [{ f, attempts }];
    });
    const late = stopped.flatMap(({ f, attempts }) => {
      const overdue = attempts.filter(({ startedMs }) => startedMs >= healedMs + withinMs);
      return overdue.length < attemptsMin ? [] : [findingOf(f, overdue, withinMs)];
    });
    return {
      findings: late,
      checked: `${back.length} of ${kinds.length} kinds of operations succeeded again after the last heal; the others were tried fewer than ${attemptsMin} times`,
      missing: whyUndecided(kinds.length, stopped, healedMs, withinMs),
    };
  });
}

/** Whether it ended as the kind had before the faults: with success, or with a refusal that is usual for it. */
function isUsual({ type, value }: Operation, before: readonly Operation[]): boolean {
  if (type === 'ok') return true;
  const status = value['status'];
  return (
    typeof status === 'number' &&
    status >= 400 &&
    status < 500 &&
    before.some((one) => one.value['status'] === status)
  );
}

function whyUndecided(
  kinds: number,
  stopped: readonly { readonly f: string; readonly attempts: readonly Operation[] }[],
  healedMs: number,
  withinMs: number,
): string | null {
  if (kinds === 0) return 'nothing succeeded before the faults';
  const [first] = stopped;
  if (first === undefined) return null;
  const watchedMs = Math.round(Math.max(...first.attempts.map(({ endedMs }) => endedMs)) - healedMs);
  return `${first.f} did not succeed again in the ${watchedMs} ms that the load went on after the last heal, and ${withinMs} ms are allowed: let the load last longer`;
}

function findingOf(f: string, attempts: readonly Operation[], withinMs: number): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `${f} succeeded before the faults, and none of ${attempts.length} succeeded later than ${withinMs} ms after the last heal`,
      operations: attempts.slice(0, operationsShownMax),
      facts: { kind: f, attempts: attempts.length, withinMs },
    }),
  };
}

/**
 * What worked before the faults works again after them: each kind of operation that succeeded before the first fault succeeds once more after the last heal and the time that
 * recovery may take. A kind that was not tried often enough by then is not judged.
 */
import type { Operation } from '../history/operation.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';

export interface ProgressOptions extends Partial<Identity> {
  /** Fewer attempts after the recovery say nothing of a kind. */
  readonly attemptsMin?: number;
}

const attemptsMinByDefault = 5;
const operationsShownMax = 6;

export function progress(options: ProgressOptions = {}): Rule {
  const { invariant = 'progress', title = 'What worked before the faults works after them' } = options;
  const { attemptsMin = attemptsMinByDefault } = options;
  return ruleOf({ invariant, title }, 'always', {}, (history, evidence) => {
    const { faults, limits } = evidence;
    const firstMs = Math.min(...faults.map(({ appliedMs }) => appliedMs));
    const fromMs = Math.max(...faults.map(({ healedMs }) => healedMs)) + limits.recoveryMs;
    const before = new Set(
      history.filter(({ type, endedMs }) => type === 'ok' && endedMs < firstMs).map(({ f }) => f),
    );
    const after = Map.groupBy(
      history.filter(({ startedMs }) => startedMs >= fromMs),
      ({ f }) => f,
    );
    const judged = [...before].flatMap((f) => {
      const attempts = after.get(f) ?? [];
      return attempts.length < attemptsMin ? [] : [{ f, attempts }];
    });
    return {
      findings: judged
        .filter(({ attempts }) => attempts.every(({ type }) => type !== 'ok'))
        .map(({ f, attempts }) => stopped(f, attempts, limits.recoveryMs)),
      checked: `${judged.length} kinds of operations succeeded again within ${limits.recoveryMs} ms of the last heal`,
      missing:
        faults.length === 0
          ? 'nothing was broken'
          : judged.length === 0
            ? `no kind of operation was tried ${attemptsMin} times after the recovery`
            : null,
    };
  });
}

function stopped(f: string, attempts: readonly Operation[], recoveryMs: number): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `${f} succeeded before the faults, and none of ${attempts.length} succeeded later than ${recoveryMs} ms after the last heal`,
      operations: attempts.slice(0, operationsShownMax),
      facts: { kind: f, attempts: attempts.length, recoveryMs },
    }),
  };
}

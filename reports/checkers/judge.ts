/**
 * Runs the checkers of a cell, the first time and whenever a stored run is judged again. Nothing that goes wrong in judging can come out as a pass or
 * as an accusation: a history that contradicts itself leaves every verdict `unknown`, a checker that crashes its own, and so does a fault whose effect
 * was not observed.
 */
import type { Operation } from '../history/operation.ts';
import { historyProblems } from '../history/problems.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Verdict } from '../record/report.ts';
import { unknownVerdict, type Checker } from './checker.ts';

/** `truncatedAtLine`: the history's last line was cut off there. */
interface HistoryState {
  readonly truncatedAtLine?: number | null;
}

/** One verdict for each checker, in that order. Never throws. */
export function judge(
  history: readonly Operation[],
  evidence: Evidence,
  checkers: readonly Checker[],
  { truncatedAtLine = null }: HistoryState = {},
): Verdict[] {
  const [problem, ...others] = historyProblems(history, truncatedAtLine);
  if (problem !== undefined) {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return judgeNothing(checkers, `the history cannot be judged: ${problem}${more}`);
  }
  const unobserved = evidence.faults.find((fault) => !fault.effect.observed);
  return checkers.map((checker) => {
    const verdict = judgeOne(history, evidence, checker);
    if (unobserved === undefined || verdict.verdict === 'false') return verdict;
    const reason = `the effect of ${unobserved.fault} was not observed: ${unobserved.effect.evidence}`;
    return unknownVerdict(verdict, verdict.verdict === 'unknown' ? `${verdict.reason}; ${reason}` : reason);
  });
}

/** Verdicts of a run of which nothing can be said, all for the same reason. */
export function judgeNothing(checkers: readonly Checker[], reason: string): Verdict[] {
  return checkers.map((checker) => unknownVerdict(checker, reason));
}

function judgeOne(history: readonly Operation[], evidence: Evidence, checker: Checker): Verdict {
  try {
    return checker.check(history, evidence);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return unknownVerdict(checker, `${failedChecker(checker)}: ${what}`);
  }
}

/** Whether it is unknown because its checker itself failed: that says nothing of the target. */
export function isFailedChecker(verdict: Verdict): boolean {
  return verdict.verdict === 'unknown' && verdict.reason.startsWith(`${failedChecker(verdict)}: `);
}

function failedChecker({ invariant }: Pick<Checker, 'invariant'>): string {
  return `the checker of ${invariant} failed`;
}

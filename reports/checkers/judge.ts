/**
 * Runs the checkers of a cell. Nothing that goes wrong in judging can come out as a pass or as an accusation: a
 * checker that crashes leaves `unknown`, and so does a fault whose effect was not observed.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Verdict } from '../record/report.ts';
import { unknownVerdict, type Checker } from './checker.ts';

/** One verdict for each checker, in that order. Never throws. */
export function judge(
  history: readonly Operation[],
  evidence: Evidence,
  checkers: readonly Checker[],
): Verdict[] {
  const unobserved = evidence.faults.find((fault) => !fault.effect.observed);
  return checkers.map((checker) => {
    const verdict = judgeOne(history, evidence, checker);
    if (unobserved === undefined || verdict.verdict === 'false') return verdict;
    const reason = `the effect of ${unobserved.fault} was not observed: ${unobserved.effect.evidence}`;
    return unknownVerdict(verdict, verdict.verdict === 'unknown' ? `${verdict.reason}; ${reason}` : reason);
  });
}

function judgeOne(history: readonly Operation[], evidence: Evidence, checker: Checker): Verdict {
  try {
    return checker.check(history, evidence);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return unknownVerdict(checker, `the checker of ${checker.invariant} failed: ${what}`);
  }
}

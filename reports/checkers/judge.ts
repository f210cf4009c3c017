/**
 * Runs the checkers of a cell. Nothing that goes wrong in judging can come out as a pass or as an accusation: a
 * checker that crashes, or does not exist, leaves `unknown`; and so does a fault that nobody felt.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Verdict } from '../record/report.ts';
import { unknownVerdict, type Checker } from './checker.ts';
import { checkers } from './registry.ts';

/** One verdict for each invariant named, in that order. Never throws. */
export function judge(
  history: readonly Operation[],
  evidence: Evidence,
  invariants: readonly string[],
  registry: readonly Checker[] = checkers,
): Verdict[] {
  const unfelt = evidence.faults.filter((fault) => !fault.effect.observed);
  return invariants.map((invariant) => {
    const verdict = judgeOne(history, evidence, invariant, registry);
    const [fault] = unfelt;
    if (fault === undefined || verdict.verdict === 'false') return verdict;
    const reason = `the effect of ${fault.fault} was not observed: ${fault.effect.evidence}`;
    return unknownVerdict(verdict, verdict.verdict === 'unknown' ? `${verdict.reason}; ${reason}` : reason);
  });
}

function judgeOne(
  history: readonly Operation[],
  evidence: Evidence,
  invariant: string,
  registry: readonly Checker[],
): Verdict {
  const checker = registry.find((candidate) => candidate.invariant === invariant);
  if (checker === undefined) {
    return unknownVerdict({ invariant, title: invariant }, `there is no checker for ${invariant}`);
  }
  try {
    return checker.check(history, evidence);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return unknownVerdict(checker, `the checker of ${invariant} failed: ${what}`);
  }
}

/** Stands in for `system/sync/verdict.ts`: a document at the version of a write counts as written by it, whoever wrote it. */
import type { CurrentState, Verdict } from '../../system/sync/verdict.ts';
import type { EntityWrite } from '../../system/sync/entity-write.ts';
import * as right from '../../system/sync/verdict.ts';

export { judged } from '../../system/sync/verdict.ts';
export type { CurrentState, Verdict } from '../../system/sync/verdict.ts';

export function judgeWrite(write: EntityWrite, current: CurrentState | null | undefined): Verdict {
  const verdict = right.judgeWrite(write, current);
  return verdict === 'conflict' || verdict === 'overtaken' ? 'applied' : verdict;
}

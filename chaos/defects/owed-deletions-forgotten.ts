/** Stands in for `system/cache/owed-deletions.ts`: a deletion that Redis did not take is not remembered. */
import { type Debt, OwedDeletions as RightOwedDeletions } from '../../system/cache/owed-deletions.ts';

export { namesOwed } from '../../system/cache/owed-deletions.ts';

export class OwedDeletions extends RightOwedDeletions {
  override add(): Debt {
    return { keys: new Map(), prefixes: new Map() };
  }
}

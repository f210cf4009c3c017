/** Stands in for `system/cache/owed-deletions.ts`: a deletion that Redis did not take is not remembered. */
import { OwedDeletions as RightOwedDeletions } from '../../system/cache/owed-deletions.ts';

export class OwedDeletions extends RightOwedDeletions {
  override add(): ReadonlyMap<string, number> {
    return new Map();
  }
}

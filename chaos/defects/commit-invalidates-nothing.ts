/** Stands in for `system/compound/unit-of-work.ts`: what a transaction changed is not known to whoever should clear the caches. */
import { UnitOfWork as RightUnitOfWork } from '../../system/compound/unit-of-work.ts';

export class UnitOfWork extends RightUnitOfWork {
  override get staleKeys(): readonly string[] {
    return [];
  }
}

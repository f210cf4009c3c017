/** Stands in for `system/compound/run-compound.ts`: an operation on several entities takes no lock, so nothing of it carries a fencing token. */
import * as right from '../../system/compound/run-compound.ts';

export type { CompoundOperation, CompoundParts, CompoundResult } from '../../system/compound/run-compound.ts';

export function runCompound(
  ...[parts, operation, deadline]: Parameters<typeof right.runCompound>
): ReturnType<typeof right.runCompound> {
  return right.runCompound(parts, { ...operation, locks: [] }, deadline);
}

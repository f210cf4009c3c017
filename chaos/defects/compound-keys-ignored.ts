/** Stands in for `system/compound/run-compound.ts`: an operation sent again under its Idempotency-Key is another operation. */
import * as right from '../../system/compound/run-compound.ts';

export type { CompoundOperation, CompoundParts, CompoundResult } from '../../system/compound/run-compound.ts';

export function runCompound(
  ...[parts, operation, deadline]: Parameters<typeof right.runCompound>
): ReturnType<typeof right.runCompound> {
  const { idempotencyKey: _ignored, ...unkeyed } = operation;
  return right.runCompound(parts, unkeyed, deadline);
}

/**
 * Stands in for `system/compound/destroy-nation.ts`: of the relations of a nation that ends only its own side is removed; what the
 * others say of it stays.
 */
import * as right from '../../system/compound/destroy-nation.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { callsOtherwise } from './planting/calls-otherwise.ts';

export { destructionCommitTimeMs } from '../../system/compound/destroy-nation.ts';

export async function destroyNation(
  ...[unit, collections, sessionId, number]: Parameters<typeof right.destroyNation>
): Promise<CompoundResult> {
  const ownSide = { session_id: sessionId, from: number };
  const looking = callsOtherwise(unit, (name, [stored]) =>
    name === 'find' && stored === collections.relations
      ? unit.find(collections.relations, ownSide)
      : undefined,
  );
  return await right.destroyNation(looking, collections, sessionId, number);
}

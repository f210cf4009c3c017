/**
 * Stands in for `system/compound/destroy-nation.ts`: the relations of a nation that ends are looked for by a field that they do not
 * have, so none is found and all stay.
 */
import * as right from '../../system/compound/destroy-nation.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { callsOtherwise } from './planting/calls-otherwise.ts';

export { destructionCommitTimeMs } from '../../system/compound/destroy-nation.ts';

export async function destroyNation(
  ...[unit, collections, sessionId, number]: Parameters<typeof right.destroyNation>
): Promise<CompoundResult> {
  const byNation = { session_id: sessionId, nation: number };
  const looking = callsOtherwise(unit, (name, [stored]) =>
    name === 'find' && stored === collections.relations
      ? unit.find(collections.relations, byNation as object)
      : undefined,
  );
  return await right.destroyNation(looking, collections, sessionId, number);
}

/** Stands in for `system/compound/destroy-nation.ts`: the cities of a nation that ends are forgotten, and stay its own. */
import * as right from '../../system/compound/destroy-nation.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { callsOtherwise } from './planting/calls-otherwise.ts';

export { destructionCommitTimeMs } from '../../system/compound/destroy-nation.ts';

export async function destroyNation(
  ...[unit, collections, sessionId, number]: Parameters<typeof right.destroyNation>
): Promise<CompoundResult> {
  const withoutCities = callsOtherwise(unit, (name, [stored]) =>
    name === 'find' && stored === collections.entities.city ? Promise.resolve([]) : undefined,
  );
  return await right.destroyNation(withoutCities, collections, sessionId, number);
}

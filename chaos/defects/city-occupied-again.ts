/** Stands in for `system/compound/occupy-city.ts`: a city that the general's nation owns already is counted once more. */
import * as right from '../../system/compound/occupy-city.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { needNation } from '../../system/compound/find-or-refuse.ts';

export async function occupyCity(
  ...[unit, collections, occupation]: Parameters<typeof right.occupyCity>
): Promise<CompoundResult> {
  const result = await right.occupyCity(unit, collections, occupation);
  if (result.data['from'] !== result.data['nation']) return result;
  const number = Number(result.data['nation']);
  const nation = await needNation(unit, collections, occupation.sessionId, number);
  await unit.change(collections.entities.nation, nation, { city_count: nation.city_count + 1 });
  return { outcome: 'applied', data: result.data };
}

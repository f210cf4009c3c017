/** Stands in for `system/compound/change-diplomacy.ts`: a nation writes its own side of a relation, and the other one may write its own. */
import * as right from '../../system/compound/change-diplomacy.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { needActiveNation } from '../../system/compound/find-or-refuse.ts';

export async function changeDiplomacy(
  ...[unit, collections, change]: Parameters<typeof right.changeDiplomacy>
): Promise<CompoundResult> {
  const { sessionId, from, to, state } = change;
  const id = `${sessionId}:d${from}-${to}`;
  const current = await unit.findOne(collections.relations, id);
  if (current === null) return await right.changeDiplomacy(unit, collections, change);
  const nation = await needActiveNation(unit, collections, sessionId, from);
  const others = nation.allies.filter((ally) => ally !== to);
  const allies = state === 'alliance' ? [...others, to].toSorted((a, b) => a - b) : others;
  await unit.change(collections.entities.nation, nation, { allies });
  await unit.change(collections.relations, current, { state });
  return { outcome: 'applied', data: { from, to, state } };
}

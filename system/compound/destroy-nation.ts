/** A nation ends: its generals are free, its cities neutral, its relations gone. It can own nothing afterwards. */
import type { Collections } from '../database/collections.ts';
import { neutralNation } from '../models/city.ts';
import { needNation } from './find-or-refuse.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The destruction touches a whole nation and gets twice the usual time to commit. */
export const destructionCommitTimeMs = 60_000;

export async function destroyNation(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  number: number,
): Promise<CompoundResult> {
  const { city: cities, general: generals, nation: nations } = collections.entities;
  const nation = await needNation(unit, collections, sessionId, number);
  if (nation.status === 'destroyed') return { outcome: 'already', data: { nation: number } };
  const owned = { session_id: sessionId, nation: number };
  await unit.change(nations, nation, {
    status: 'destroyed',
    destroyed_at: unit.now,
    city_count: 0,
    allies: [],
  });
  const freed = await unit.find(generals, owned);
  await unit.changeAll(generals, freed, () => ({
    nation: neutralNation,
    city: 0,
    officer_level: 0,
    last_action: 'nation_destroyed',
    last_action_at: unit.now,
  }));
  const left = await unit.find(cities, owned);
  await unit.changeAll(cities, left, () => ({ nation: neutralNation, occupied_at: unit.now }));
  const allies = await unit.find(nations, { session_id: sessionId, allies: number });
  await unit.changeAll(nations, allies, (ally) => ({
    allies: ally.allies.filter((other) => other !== number),
  }));
  // Of this session and this nation only: a filter that is too wide deletes the diplomacy of the whole world.
  const relations = await unit.find(collections.relations, {
    session_id: sessionId,
    $or: [{ from: number }, { to: number }],
  });
  await unit.removeAll(collections.relations, relations);
  const data = { nation: number, generals: freed.length, cities: left.length, relations: relations.length };
  return { outcome: 'applied', data };
}

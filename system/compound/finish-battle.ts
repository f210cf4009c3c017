/**
 * A battle ends: its outcome, the occupation of the city, and the end of a nation that lost its last one are one transaction,
 * so a battle that is marked as done is done.
 */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import type { Battle, Side } from '../models/battle.ts';
import { neutralNation } from '../models/city.ts';
import { destroyNation } from './destroy-nation.ts';
import { needCity, needNation } from './find-or-refuse.ts';
import { occupyCity } from './occupy-city.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** `winner` as the caller says, else the side with more soldiers, else the defender. */
export async function finishBattle(
  unit: UnitOfWork,
  collections: Collections,
  battle: { readonly sessionId: string; readonly name: string; readonly winner?: Side | undefined },
): Promise<CompoundResult> {
  const { sessionId, name } = battle;
  const found = await unit.findOne(collections.battles, `${sessionId}:b${name}`);
  if (found === null) throw new SystemError('battle_unknown', `there is no battle ${name} in ${sessionId}`);
  if (found.status === 'finalised') return { outcome: 'already', data: battleData(found) };
  const winner = battle.winner ?? strongerSide(found);
  const destroyed = winner === 'attacker' ? await conquer(unit, collections, found) : null;
  const after = await unit.change(collections.battles, found, {
    status: 'finalised',
    winner,
    destroyed_nation: destroyed,
  });
  return { outcome: 'applied', data: battleData(after) };
}

/** The nation that this destroyed, if it did. An attacker whose nation is gone meanwhile takes nothing. */
async function conquer(unit: UnitOfWork, collections: Collections, battle: Battle): Promise<number | null> {
  const { session_id: sessionId, city: number, attacker } = battle;
  const city = await needCity(unit, collections, sessionId, number);
  try {
    await occupyCity(unit, collections, { sessionId, city: number, general: attacker });
  } catch (error) {
    const homeless =
      error instanceof SystemError && (error.code === 'nation_destroyed' || error.code === 'nation_missing');
    if (!homeless) throw error;
    return null;
  }
  if (city.nation === neutralNation) return null;
  const loser = await needNation(unit, collections, sessionId, city.nation);
  if (loser.city_count > 0 || loser.status === 'destroyed') return null;
  await destroyNation(unit, collections, sessionId, loser.nation);
  return loser.nation;
}

function strongerSide({ units }: Battle): Side {
  const strength = (side: Side) =>
    units.reduce((sum, unit) => sum + (unit.side === side ? unit.soldiers : 0), 0);
  return strength('attacker') > strength('defender') ? 'attacker' : 'defender';
}

function battleData({ battle, city, winner, destroyed_nation }: Battle) {
  return { battle, city, winner, destroyedNation: destroyed_nation };
}

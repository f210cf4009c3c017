/** A general occupies a city for a nation. */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import { neutralNation } from '../models/city.ts';
import { needActiveNation, needCity, needGeneral, needNation } from './find-or-refuse.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

interface Occupation {
  readonly sessionId: string;
  readonly city: number;
  /** Number of the general. */
  readonly general: number;
}

/** In a city that the general's nation owns already only the general moves, and no count changes. */
export async function occupyCity(
  unit: UnitOfWork,
  collections: Collections,
  { sessionId, city: cityNumber, general: no }: Occupation,
): Promise<CompoundResult> {
  const { city: cities, general: generals, nation: nations } = collections.entities;
  const city = await needCity(unit, collections, sessionId, cityNumber);
  const general = await needGeneral(unit, collections, sessionId, no);
  if (general.nation === neutralNation) {
    throw new SystemError('nation_missing', `general ${no} has no nation to take a city for`);
  }
  const winner = await needActiveNation(unit, collections, sessionId, general.nation);
  const data = { city: cityNumber, nation: winner.nation, from: city.nation, general: no };
  const arrival = { city: cityNumber, last_action: 'occupy_city', last_action_at: unit.now };
  if (city.nation === winner.nation) {
    if (general.city === cityNumber) return { outcome: 'already', data };
    await unit.change(generals, general, arrival);
    return { outcome: 'applied', data };
  }
  if (city.nation !== neutralNation) {
    const loser = await needNation(unit, collections, sessionId, city.nation);
    await unit.change(nations, loser, { city_count: Math.max(0, loser.city_count - 1) });
  }
  await unit.change(nations, winner, { city_count: winner.city_count + 1 });
  await unit.change(cities, city, { nation: winner.nation, occupied_at: unit.now });
  await unit.change(generals, general, arrival);
  return { outcome: 'applied', data };
}

/** Entities that an operation needs, or the refusal when they are not there. */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import type { City } from '../models/city.ts';
import type { General } from '../models/general.ts';
import type { Nation } from '../models/nation.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export async function needCity(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  city: number,
): Promise<City> {
  const found = await unit.findOne(collections.entities.city, `${sessionId}:c${city}`);
  if (found === null) throw new SystemError('city_unknown', `there is no city ${city} in ${sessionId}`);
  return found;
}

/** Always with the session: the same number is another general in another world. */
export async function needGeneral(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  no: number,
): Promise<General> {
  const found = await unit.findOne(collections.entities.general, `${sessionId}:g${no}`);
  if (found === null) throw new SystemError('general_unknown', `there is no general ${no} in ${sessionId}`);
  return found;
}

export async function needNation(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  nation: number,
): Promise<Nation> {
  const found = await unit.findOne(collections.entities.nation, `${sessionId}:n${nation}`);
  if (found === null) throw new SystemError('nation_unknown', `there is no nation ${nation} in ${sessionId}`);
  return found;
}

export async function needActiveNation(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  nation: number,
): Promise<Nation> {
  const found = await needNation(unit, collections, sessionId, nation);
  if (found.status === 'destroyed') {
    throw new SystemError('nation_destroyed', `nation ${nation} of ${sessionId} is destroyed`);
  }
  return found;
}

/**
 * Stands in for `system/compound/occupy-city.ts`: the city is counted for its new nation by a write without the transaction's session.
 * When the transaction has to be repeated, it is counted again.
 */
import * as right from '../../system/compound/occupy-city.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import type { UnitOfWork } from '../../system/compound/unit-of-work.ts';
import type { EntityCollection } from '../../system/database/collections.ts';
import type { UpdateFilter } from '../../system/database/driver.ts';
import { durable } from '../../system/database/durability.ts';
import type { Nation } from '../../system/models/nation.ts';
import { callsOtherwise } from './planting/calls-otherwise.ts';

export async function occupyCity(
  ...[unit, collections, occupation]: Parameters<typeof right.occupyCity>
): Promise<CompoundResult> {
  return await right.occupyCity(countingApart(unit, collections.entities.nation), collections, occupation);
}

function countingApart(unit: UnitOfWork, nations: EntityCollection<Nation>): UnitOfWork {
  const count = async (before: Nation, { city_count: after = 0 }: Partial<Nation>): Promise<Nation> => {
    const counted = { $inc: { city_count: after - before.city_count, version: 1 } } as UpdateFilter;
    await nations.documents.updateOne({ _id: before._id }, counted, durable);
    return before;
  };
  return callsOtherwise(unit, (name, [stored, before, fields]) => {
    if (name !== 'change' || stored !== nations) return undefined;
    const { city_count: now } = before as Nation;
    const gained = ((fields as Partial<Nation>).city_count ?? now) > now;
    return gained ? count(before as Nation, fields as Partial<Nation>) : undefined;
  });
}

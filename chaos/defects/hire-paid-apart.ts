/**
 * Stands in for `system/compound/hire-general.ts`: the nation pays by a write without the transaction's session. When the transaction
 * has to be repeated, it pays again; when it is given up, it has paid for nobody.
 */
import * as right from '../../system/compound/hire-general.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import type { UnitOfWork } from '../../system/compound/unit-of-work.ts';
import type { EntityCollection } from '../../system/database/collections.ts';
import type { UpdateFilter } from '../../system/database/driver.ts';
import { durable } from '../../system/database/durability.ts';
import type { Nation } from '../../system/models/nation.ts';

export async function hireGeneral(
  ...[unit, collections, hire]: Parameters<typeof right.hireGeneral>
): Promise<CompoundResult> {
  return await right.hireGeneral(payingApart(unit, collections.entities.nation), collections, hire);
}

function payingApart(unit: UnitOfWork, nations: EntityCollection<Nation>): UnitOfWork {
  const pay = async (before: Nation, { gold = 0, population = 0 }: Partial<Nation>): Promise<Nation> => {
    const paid = { gold: gold - before.gold, population: population - before.population, version: 1 };
    await nations.documents.updateOne({ _id: before._id }, { $inc: paid } as UpdateFilter, durable);
    return before;
  };
  return new Proxy(unit, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        name === 'change' && args[0] === nations
          ? pay(args[1] as Nation, args[2] as Partial<Nation>)
          : member.apply(target, args);
    },
  });
}

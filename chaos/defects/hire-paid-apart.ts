/**
 * Stands in for `system/compound/hire-general.ts`: the nation pays by a write without the transaction's session. When the transaction
 * has to be repeated, it pays again; when it is given up, it has paid for nobody.
 */
import * as right from '../../system/compound/hire-general.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import type { UnitOfWork } from '../../system/compound/unit-of-work.ts';
import type { Collections } from '../../system/database/collections.ts';
import type { UpdateFilter } from '../../system/database/driver.ts';
import { durable } from '../../system/database/durability.ts';
import type { Nation } from '../../system/models/nation.ts';
import type { Session } from '../../system/models/session.ts';
import { callsOtherwise } from './planting/calls-otherwise.ts';

export async function hireGeneral(
  ...[unit, collections, hire]: Parameters<typeof right.hireGeneral>
): Promise<CompoundResult> {
  return await right.hireGeneral(payingApart(unit, collections.entities), collections, hire);
}

/** The session, on which hires meet, is written after the payment: so a hire that has to be repeated has paid already. */
function payingApart(
  unit: UnitOfWork,
  { nation: nations, session: sessions }: Collections['entities'],
): UnitOfWork {
  let session: Session | undefined;
  const pay = async (before: Nation, { gold = 0, population = 0 }: Partial<Nation>): Promise<Nation> => {
    const paid = { gold: gold - before.gold, population: population - before.population, version: 1 };
    await nations.documents.updateOne({ _id: before._id }, { $inc: paid } as UpdateFilter, durable);
    if (session !== undefined) await unit.change(sessions, session, {});
    return before;
  };
  return callsOtherwise(unit, (name, [stored, before, fields]) => {
    if (name !== 'change') return undefined;
    if (stored === nations) return pay(before as Nation, fields as Partial<Nation>);
    if (stored !== sessions) return undefined;
    session = before as Session;
    return Promise.resolve(session);
  });
}

/** A nation hires a general. What it pays becomes the general's gold, so that the gold of the world stays the same. */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import { needActiveNation } from './find-or-refuse.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

interface Hire {
  readonly sessionId: string;
  readonly nation: number;
  readonly name: string;
  /** Gold and people that the nation gives. */
  readonly gold: number;
  readonly population: number;
}

export async function hireGeneral(
  unit: UnitOfWork,
  collections: Collections,
  hire: Hire,
): Promise<CompoundResult> {
  const { sessionId } = hire;
  const { general: generals, nation: nations, session: sessions } = collections.entities;
  const session = await unit.findOne(sessions, sessionId);
  if (session === null) throw new SystemError('session_unknown', `there is no session ${sessionId}`);
  // Written although it stays the same: a turn that begins or ends meanwhile must run into it, for it would pass the newcomer over.
  await unit.change(sessions, session, {});
  // A turn under way skips the new general; its counters are set as if it had not.
  const turn = session.turn_started?.turn ?? session.turn;
  const nation = await needActiveNation(unit, collections, sessionId, hire.nation);
  if (nation.gold < hire.gold) {
    throw new SystemError('gold_insufficient', `nation ${hire.nation} has ${nation.gold} gold`, {
      field: 'gold',
    });
  }
  if (nation.population < hire.population) {
    const message = `nation ${hire.nation} has ${nation.population} people`;
    throw new SystemError('population_insufficient', message, { field: 'population' });
  }
  await unit.change(nations, nation, {
    gold: nation.gold - hire.gold,
    population: nation.population - hire.population,
  });
  const no = await nextNumber(unit, collections, sessionId);
  const id = `${sessionId}:g${no}`;
  await unit.insert(generals, {
    _id: id,
    session_id: sessionId,
    general_id: id,
    no,
    name: hire.name,
    nation: hire.nation,
    city: 0,
    officer_level: 1,
    gold: hire.gold,
    rice: 0,
    experience: 0,
    // As old as its world, so that every general has lived as many turns as the session.
    turns_lived: turn,
    last_turn: turn,
    turn_fence: session.turn_fence,
    action_count: 0,
    orders: {},
    recent_keys: [],
    rewards: [],
    last_action: 'hired',
    last_action_at: unit.now,
  });
  return {
    outcome: 'applied',
    data: { no, nation: hire.nation, gold: hire.gold, population: hire.population },
  };
}

/** Two hires at once get the same number, and the unique index lets one of them try again. */
async function nextNumber(unit: UnitOfWork, collections: Collections, sessionId: string): Promise<number> {
  const [last] = await collections.entities.general.documents
    .find({ session_id: sessionId }, { session: unit.session, projection: { no: 1 } })
    .sort({ no: -1 })
    .limit(1)
    .toArray();
  return (last?.no ?? 0) + 1;
}

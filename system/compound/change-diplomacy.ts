/** The relation of two nations changes: both directions of it and both lists of allies, or nothing. */
import type { Collections } from '../database/collections.ts';
import type { Nation } from '../models/nation.ts';
import type { Relation, RelationState } from '../models/relation.ts';
import { needActiveNation } from './find-or-refuse.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

interface DiplomacyChange {
  readonly sessionId: string;
  readonly from: number;
  readonly to: number;
  readonly state: RelationState;
}

export async function changeDiplomacy(
  unit: UnitOfWork,
  collections: Collections,
  { sessionId, from, to, state }: DiplomacyChange,
): Promise<CompoundResult> {
  // In the order of their numbers, so that changes from both sides meet at the same document first.
  const [low, high] = from < to ? [from, to] : [to, from];
  const first = await needActiveNation(unit, collections, sessionId, low);
  const second = await needActiveNation(unit, collections, sessionId, high);
  const data = { from, to, state };
  const [there, back] = [
    await unit.findOne(collections.relations, relationId(sessionId, low, high)),
    await unit.findOne(collections.relations, relationId(sessionId, high, low)),
  ];
  if (there?.state === state && back?.state === state) return { outcome: 'already', data };
  // Both nations are written even if their lists stay the same: a destruction at the same time must run into it.
  await unit.change(collections.entities.nation, first, { allies: alliesAfter(first, high, state) });
  await unit.change(collections.entities.nation, second, { allies: alliesAfter(second, low, state) });
  await setDirection(unit, collections, there, { sessionId, from: low, to: high, state });
  await setDirection(unit, collections, back, { sessionId, from: high, to: low, state });
  return { outcome: 'applied', data };
}

async function setDirection(
  unit: UnitOfWork,
  { relations }: Collections,
  current: Relation | null,
  { sessionId, from, to, state }: DiplomacyChange,
): Promise<void> {
  if (current !== null) {
    await unit.change(relations, current, { state });
    return;
  }
  await unit.insert(relations, {
    _id: relationId(sessionId, from, to),
    session_id: sessionId,
    from,
    to,
    state,
  });
}

function alliesAfter(nation: Nation, other: number, state: RelationState): readonly number[] {
  const others = nation.allies.filter((ally) => ally !== other);
  return state === 'alliance' ? [...others, other].toSorted((a, b) => a - b) : others;
}

function relationId(sessionId: string, from: number, to: number): string {
  return `${sessionId}:d${from}-${to}`;
}

/**
 * Stands in for `system/turns/process-turn.ts`: whether the turn is due is asked before the lock is had, and not again afterwards, so
 * whoever waited for the lock does once more what its holder has just done.
 */
import type { Deadline } from '../../system/deadline.ts';
import { SystemError } from '../../system/errors.ts';
import { drawFencingToken } from '../../system/lock/fence.ts';
import { lockKeys } from '../../system/lock/keys.ts';
import { runWithDistributedLock } from '../../system/lock/run-with-lock.ts';
import { readFresh } from '../../system/store/world-reads.ts';
import { advanceCity, advanceGeneral, advanceNation } from '../../system/turns/advance.ts';
import { advanceEntities } from '../../system/turns/advance-entities.ts';
import { completeTurn } from '../../system/turns/complete-turn.ts';
import type { TurnParts, TurnResult } from '../../system/turns/process-turn.ts';

export type { TurnParts, TurnResult } from '../../system/turns/process-turn.ts';

export async function processTurn(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult> {
  const before = await readFresh(parts.collections.entities.session, sessionId);
  if (before === null) throw new SystemError('session_unknown', `there is no session ${sessionId}`);
  if (turn <= before.turn) return { outcome: 'already', currentTurn: before.turn };
  if (turn > before.turn + 1) throw new SystemError('turn_not_due', 'a turn lies between', { field: 'turn' });
  const options = { ...parts.policy, deadline, context: { sessionId, turn } };
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.turn(sessionId),
    () => underLock(parts, sessionId, turn, deadline),
    options,
  );
  return run.kind === 'ran' ? run.value : { outcome: 'skipped', currentTurn: before.turn };
}

async function underLock(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult> {
  const { collections, saves, clock } = parts;
  const token = await drawFencingToken(collections, lockKeys.turn(sessionId));
  const session = await readFresh(collections.entities.session, sessionId);
  if (session === null) throw new SystemError('session_unknown', `there is no session ${sessionId}`);
  const work = { sessionId, turn, token, deadline };
  const started = { ...session, turn_started: { turn, token, by: parts.instance } };
  const marked = await saves.saveSession({ before: session, after: started }, { deadline, fence: token });
  const advance = { ...parts.advance, saves, clock, onDamaged: () => undefined };
  const { city, general, nation } = collections.entities;
  await advanceEntities(advance, general, advanceGeneral, work);
  await advanceEntities(advance, city, advanceCity, work);
  await advanceEntities(advance, nation, advanceNation, work);
  const completed = await completeTurn(parts, marked, work);
  return { outcome: 'applied', currentTurn: completed.turn };
}

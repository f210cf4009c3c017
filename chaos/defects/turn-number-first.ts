/**
 * Stands in for `system/turns/process-turn.ts`: the turn's number is written first and its effects after it. When anything ends the
 * work in between, the turn counts as done and its effects are lost.
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
  const options = { ...parts.policy, deadline, context: { sessionId, turn } };
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.turn(sessionId),
    () => underLock(parts, sessionId, turn, deadline),
    options,
  );
  if (run.kind === 'ran') return run.value;
  const now = await readFresh(parts.collections.entities.session, sessionId);
  return { outcome: 'skipped', currentTurn: now?.turn ?? 0 };
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
  if (turn <= session.turn) return { outcome: 'already', currentTurn: session.turn };
  if (turn > session.turn + 1)
    throw new SystemError('turn_not_due', 'a turn lies between', { field: 'turn' });
  const work = { sessionId, turn, token, deadline };
  await completeTurn(parts, session, work);
  const advance = { ...parts.advance, saves, clock, onDamaged: () => undefined };
  const { city, general, nation } = collections.entities;
  try {
    await advanceEntities(advance, general, advanceGeneral, work);
    await advanceEntities(advance, city, advanceCity, work);
    await advanceEntities(advance, nation, advanceNation, work);
  } catch (cause) {
    throw new SystemError('turn_incomplete', `turn ${turn} was not ended`, { cause });
  }
  return { outcome: 'applied', currentTurn: turn };
}

/**
 * Stands in for `system/turns/process-turn.ts`: a turn that somebody has begun is taken for done. Whoever takes over from a killed
 * processor only writes the turn's number, and what the dead one had not reached goes without its turn.
 */
import type { Deadline } from '../../system/deadline.ts';
import { SystemError } from '../../system/errors.ts';
import { drawFencingToken } from '../../system/lock/fence.ts';
import { lockKeys } from '../../system/lock/keys.ts';
import { runWithDistributedLock } from '../../system/lock/run-with-lock.ts';
import { readFresh } from '../../system/store/world-reads.ts';
import { completeTurn } from '../../system/turns/complete-turn.ts';
import type { TurnParts, TurnResult } from '../../system/turns/process-turn.ts';
import * as right from '../../system/turns/process-turn.ts';

export type { TurnParts, TurnResult } from '../../system/turns/process-turn.ts';

export async function processTurn(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult> {
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.turn(sessionId),
    () => completeWhatWasBegun(parts, sessionId, turn, deadline),
    { ...parts.policy, throwOnFail: false, deadline, context: { sessionId, turn } },
  );
  // Its holder may be dead: then it is tried again, and never waited for by the right way.
  if (run.kind === 'skipped') return { outcome: 'skipped', currentTurn: turn - 1 };
  if (run.value !== null) return run.value;
  return await right.processTurn(parts, sessionId, turn, deadline);
}

/** Null when nobody has begun the turn. */
async function completeWhatWasBegun(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult | null> {
  const session = await readFresh(parts.collections.entities.session, sessionId);
  if (session === null) throw new SystemError('session_unknown', `there is no session ${sessionId}`);
  if (session.turn_started?.turn !== turn || turn !== session.turn + 1) return null;
  const token = await drawFencingToken(parts.collections, lockKeys.turn(sessionId));
  const completed = await completeTurn(parts, session, { sessionId, turn, token, deadline });
  return { outcome: 'applied', currentTurn: completed.turn };
}

/**
 * Stands in for `system/turns/complete-turn.ts`: the session is written back as it was read at the beginning of the turn, whatever it
 * has become since.
 */
import { cacheKeys } from '../../system/cache/keys.ts';
import { announce } from '../../system/cache/journal.ts';
import { durable } from '../../system/database/durability.ts';
import type { Session } from '../../system/models/session.ts';
import type { TurnWork } from '../../system/turns/advance-entities.ts';
import type { completeTurn as rightCompleteTurn } from '../../system/turns/complete-turn.ts';
import { nextTurnAt } from '../../system/turns/schedule.ts';

export async function completeTurn(
  parts: Parameters<typeof rightCompleteTurn>[0],
  session: Session,
  work: TurnWork,
): Promise<Session> {
  const { collections, clock, instance } = parts;
  const nowMs = clock.nowMs();
  const entry = {
    session_id: session._id,
    turn: work.turn,
    token: work.token,
    by: instance,
    processed_at: new Date(nowMs),
    generals: await collections.entities.general.documents.countDocuments({ session_id: session._id }),
  };
  await collections.turnLog.updateOne(
    { _id: `${session._id}:${work.turn}` },
    { $setOnInsert: entry },
    { upsert: true, ...durable },
  );
  const after = {
    ...session,
    version: session.version + 1,
    write_id: `${session._id}:${work.turn}:${work.token}`,
    turn: work.turn,
    turn_started: null,
    next_turn_at: nextTurnAt(session, nowMs),
  };
  await collections.entities.session.documents.replaceOne({ _id: session._id }, after, durable);
  await announce(collections.journal, after.write_id, [cacheKeys.session(session._id)]);
  return after;
}

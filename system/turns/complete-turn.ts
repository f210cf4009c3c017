/** The end of a turn, after every effect of it is durable: the log entry, then the session's turn number. */
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import { VersionConflictError } from '../errors.ts';
import { isDuplicateKey } from '../lock/fence.ts';
import type { Session } from '../models/session.ts';
import { readFresh } from '../store/world-reads.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { TurnWork } from './advance-entities.ts';
import { nextTurnAt } from './schedule.ts';

interface CompleteParts {
  readonly collections: Collections;
  readonly saves: WorldSaves;
  readonly clock: Clock;
  readonly instance: string;
  /** The time by which turns are due, the same for every process. */
  readonly serverTimeMs: () => Promise<number>;
}

/** `session` as it was after this processor marked the turn as started. Safe to repeat until it succeeds. */
export async function completeTurn(parts: CompleteParts, session: Session, work: TurnWork): Promise<Session> {
  const { collections, clock, instance } = parts;
  const generals = await collections.entities.general.documents.countDocuments({ session_id: session._id });
  try {
    await collections.turnLog.insertOne(
      {
        _id: `${session._id}:${work.turn}`,
        session_id: session._id,
        turn: work.turn,
        token: work.token,
        by: instance,
        processed_at: new Date(clock.nowMs()),
        generals,
      },
      durable,
    );
  } catch (error) {
    // Another processor logged the turn and was killed before the next step.
    if (!isDuplicateKey(error)) throw error;
  }
  return await saveCompleted(parts, session, work);
}

/** Others change the session while its turn goes on; only a newer processor's mark takes the turn away. */
async function saveCompleted(parts: CompleteParts, session: Session, work: TurnWork): Promise<Session> {
  const { collections, saves } = parts;
  const nowMs = await parts.serverTimeMs();
  for (let before = session; ;) {
    const after = {
      ...before,
      turn: work.turn,
      turn_started: null,
      next_turn_at: nextTurnAt(before, nowMs),
    };
    try {
      return await saves.saveSession({ before, after }, { deadline: work.deadline, fence: work.token });
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
      work.deadline.check();
      const now = await readFresh(collections.entities.session, session._id);
      if (now?.turn_started?.token !== work.token) throw error;
      before = now;
    }
  }
}

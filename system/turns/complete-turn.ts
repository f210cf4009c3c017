/** The end of a turn, after every effect of it is durable: the log entry, then the session's turn number. */
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import { isDuplicateKey } from '../lock/fence.ts';
import type { Session } from '../models/session.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { TurnWork } from './advance-entities.ts';
import { saveWhileMarked } from './save-marked.ts';
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
  const nowMs = await parts.serverTimeMs();
  return await saveWhileMarked(parts, session, work, (before) => ({
    ...before,
    turn: work.turn,
    turn_started: null,
    next_turn_at: nextTurnAt(before, nowMs),
  }));
}

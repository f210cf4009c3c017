/** Saves of a session by the processor whose mark is on it. Others change the session while its turn goes on, a hire does. */
import type { Collections } from '../database/collections.ts';
import { VersionConflictError } from '../errors.ts';
import type { Session } from '../models/session.ts';
import { readFresh } from '../store/world-reads.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { TurnWork } from './advance-entities.ts';

interface SaveParts {
  readonly collections: Collections;
  readonly saves: WorldSaves;
}

/**
 * Makes the change again from what the database holds until it is saved. Throws VersionConflictError when a newer processor's mark
 * has taken the turn away, `fenced`, `deadline_exceeded`.
 */
export async function saveWhileMarked(
  { collections, saves }: SaveParts,
  marked: Session,
  work: TurnWork,
  change: (session: Session) => Session,
): Promise<Session> {
  for (let before = marked; ;) {
    try {
      return await saves.saveSession(
        { before, after: change(before) },
        { deadline: work.deadline, fence: work.token },
      );
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
      work.deadline.check();
      const now = await readFresh(collections.entities.session, marked._id);
      if (now?.turn_started?.token !== work.token) throw error;
      before = now;
    }
  }
}

/** When the next turn is due. Turns are never skipped: after a downtime they follow each other at once or later, one at a time. */
import type { Session } from '../models/session.ts';

type Schedule = Pick<Session, 'next_turn_at' | 'turn_period_ms'>;

export function isDue(session: Schedule, nowMs: number): boolean {
  return session.next_turn_at.getTime() <= nowMs;
}

/**
 * A turn that was asked for before it was due leaves the schedule as it is. A late one does not make up for lost
 * periods: a world that was down for an hour does not run sixty turns in a row.
 */
export function nextTurnAt(session: Schedule, nowMs: number): Date {
  const dueMs = session.next_turn_at.getTime();
  return new Date(dueMs > nowMs ? dueMs : Math.max(dueMs + session.turn_period_ms, nowMs));
}

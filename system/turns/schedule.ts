/** When the next turn is due. Turns are never skipped, and never follow each other at once: after a downtime a new beat begins. */
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
  if (dueMs > nowMs) return session.next_turn_at;
  const nextMs = dueMs + session.turn_period_ms;
  return new Date(nextMs > nowMs ? nextMs : nowMs + session.turn_period_ms);
}

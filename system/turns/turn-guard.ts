/** The guard of each entity: a turn takes effect on an entity that has not had it yet, and on no other. */
export function needsTurnFilter(sessionId: string, turn: number): Readonly<Record<string, unknown>> {
  return { session_id: sessionId, last_turn: { $lt: turn } };
}

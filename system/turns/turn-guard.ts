/** The guard of each entity: a turn takes effect on an entity that has not had it yet, and on no other. */
interface TurnTaker {
  readonly last_turn: number;
}

export function needsTurn(entity: TurnTaker, turn: number): boolean {
  return entity.last_turn < turn;
}

/** The same as a filter for MongoDB. */
export function needsTurnFilter(sessionId: string, turn: number): Readonly<Record<string, unknown>> {
  return { session_id: sessionId, last_turn: { $lt: turn } };
}

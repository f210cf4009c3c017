/** One request of a game client, judged by the game's own answers (docs/data.md). */
import {
  type Arrival,
  type Moment,
  perform as performRequest,
  type Request as AnyRequest,
} from '../../chaos/api/k6/index.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { GameSettings } from './settings.ts';

export { type Arrival, arrival, followUp, type Moment, uniqueName } from '../../chaos/api/k6/index.ts';

export type Request = AnyRequest<Answer>;

/** Resolves to the answer that decided the operation's outcome. */
export function perform(settings: GameSettings, at: Moment, request: Request): Promise<Answer> {
  return performRequest(settings, at, request, readAnswer);
}

/** The session that an arrival is about: one draw of its random numbers. */
export function sessionOf({ sessionIds }: GameSettings, { random }: Arrival): string {
  return sessionIds[random.integer(0, sessionIds.length - 1)] ?? '';
}

/** Requests of a nation's court, hiring and diplomacy, each with what it writes into the history (docs/data.md). */
import { uniqueName, type Request } from './client.ts';

export const relationStates = ['alliance', 'neutral', 'war'] as const;
type RelationState = (typeof relationStates)[number];

/** The general's name is unique in a run, so that a hire has something to be found by. */
export function hire(
  sessionId: string,
  nation: number,
  price: { readonly gold: number; readonly population: number },
  repeat: boolean,
  reuse = false,
): Request {
  const body = { nation, name: uniqueName(), ...price };
  return {
    f: 'hire',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/generals/hire`,
    body,
    subject: { sessionId, ...body },
    describe: ({ data, outcome }) => ({ outcome, no: data['no'] }),
    repeat,
    ...(reuse ? { reuse: { ...body, name: uniqueName() } } : {}),
  };
}

export function changeDiplomacy(
  sessionId: string,
  from: number,
  to: number,
  state: RelationState,
  repeat: boolean,
): Request {
  return {
    f: 'diplomacy',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/diplomacy`,
    body: { from, to, state },
    subject: { sessionId, from, to, state },
    describe: ({ outcome }) => ({ outcome }),
    repeat,
  };
}

/** Requests of war, each with what it writes into the history (docs/data.md). */
import type { Request } from './client.ts';

export function finishBattle(
  sessionId: string,
  battle: string,
  winner: 'attacker' | 'defender' | undefined,
  repeat: boolean,
): Request {
  return {
    f: 'finish-battle',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/battles/${battle}/finish`,
    body: winner === undefined ? {} : { winner },
    subject: { sessionId, battle, ...(winner === undefined ? {} : { wanted: winner }) },
    describe: ({ data, outcome }) => ({
      outcome,
      city: data['city'],
      winner: data['winner'],
      destroyedNation: data['destroyedNation'],
    }),
    repeat,
  };
}

export function occupy(sessionId: string, city: number, no: number, repeat: boolean): Request {
  return {
    f: 'occupy',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/cities/${city}/occupy`,
    body: { general: no },
    subject: { sessionId, city, no },
    describe: ({ data, outcome }) => ({ outcome, nation: data['nation'], from: data['from'] }),
    repeat,
  };
}

export function destroyNation(sessionId: string, nation: number, repeat: boolean): Request {
  return {
    f: 'destroy',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/nations/${nation}/destroy`,
    body: {},
    subject: { sessionId, nation },
    describe: ({ outcome }) => ({ outcome }),
    repeat,
  };
}

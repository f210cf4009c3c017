/** The requests of the game, each with what it writes into the history (docs/data.md). */
import { uniqueName, type Request } from './client.ts';

const slots = 50;

export function readSession(sessionId: string): Request {
  return {
    f: 'read-session',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}`,
    subject: { sessionId },
    describe: ({ data }) => ({ turn: data['turn'], version: data['version'] }),
  };
}

export function readGeneral(sessionId: string, no: number): Request {
  return {
    f: 'read-general',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/generals/${no}`,
    subject: { sessionId, no },
    describe: ({ data }) => ({
      version: data['version'],
      lastTurn: data['last_turn'],
      turnsLived: data['turns_lived'],
    }),
  };
}

export function readCity(sessionId: string, city: number): Request {
  return {
    f: 'read-city',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/cities/${city}`,
    subject: { sessionId, city },
    describe: ({ data }) => ({ version: data['version'] }),
  };
}

export function readNation(sessionId: string, nation: number): Request {
  return {
    f: 'read-nation',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/nations/${nation}`,
    subject: { sessionId, nation },
    describe: ({ data }) => ({ version: data['version'] }),
  };
}

export function listGenerals(sessionId: string): Request {
  return {
    f: 'list-generals',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/generals`,
    subject: { sessionId },
    describe: ({ count }) => ({ count }),
  };
}

export function processTurn(sessionId: string, turn: number): Request {
  return {
    f: 'turn',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/turns/${turn}`,
    body: {},
    subject: { sessionId, turn },
    describe: ({ data, outcome }) => ({ outcome, currentTurn: data['currentTurn'] }),
  };
}

/** Writes a new order into one of a general's slots: a register of which the final value is known or known to be lost. */
export function reserve(sessionId: string, no: number, slot: number, repeat: boolean): Request {
  const order = uniqueName();
  return {
    f: 'reserve',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/generals/${no}/actions`,
    body: { command: 'reserve', slot: slot % slots, order },
    subject: { sessionId, no, slot: slot % slots, order },
    describe: ({ data }) => ({ version: data['version'], actionCount: data['actionCount'] }),
    repeat,
  };
}

export function train(sessionId: string, no: number, amount: number): Request {
  return {
    f: 'train',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/generals/${no}/actions`,
    body: { command: 'train', amount },
    subject: { sessionId, no, amount },
    describe: ({ data }) => ({ version: data['version'], actionCount: data['actionCount'] }),
  };
}

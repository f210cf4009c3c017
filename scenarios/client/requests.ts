/** The requests of the game, each with what it writes into the history (docs/data.md). */
import type { Answer } from './answer.ts';
import { uniqueName, type Request } from './client.ts';

const slots = 50;

export function readSession(sessionId: string): Request {
  return {
    f: 'read-session',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}`,
    subject: { sessionId },
    describe: ({ data }) => ({ id: data['_id'], turn: data['turn'], version: data['version'] }),
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
      id: data['_id'],
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
    describe: ({ data }) => ({ id: data['_id'], version: data['version'] }),
  };
}

export function readNation(sessionId: string, nation: number): Request {
  return {
    f: 'read-nation',
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/nations/${nation}`,
    subject: { sessionId, nation },
    describe: ({ data }) => ({ id: data['_id'], version: data['version'] }),
  };
}

export const listGenerals = (sessionId: string) => list(sessionId, 'generals');
export const listCities = (sessionId: string) => list(sessionId, 'cities');
export const listNations = (sessionId: string) => list(sessionId, 'nations');

/** `versions`: of each entry, by its `_id`. */
function list(sessionId: string, entities: 'cities' | 'generals' | 'nations'): Request {
  return {
    f: `list-${entities}`,
    kind: 'read',
    method: 'GET',
    path: `/api/sessions/${sessionId}/${entities}`,
    subject: { sessionId },
    describe: ({ list: entries }) => ({
      count: entries?.length ?? null,
      versions: Object.fromEntries((entries ?? []).map((entry) => [String(entry['_id']), entry['version']])),
    }),
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
export function reserve(
  sessionId: string,
  no: number,
  slot: number,
  repeat: boolean,
  reuse = false,
): Request {
  const order = uniqueName();
  const body = { command: 'reserve', slot: slot % slots, order };
  return {
    f: 'reserve',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/generals/${no}/actions`,
    body,
    subject: { sessionId, no, slot: slot % slots, order },
    describe: describeAction,
    repeat,
    ...(reuse ? { reuse: { ...body, order: uniqueName() } } : {}),
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
    describe: describeAction,
  };
}

function describeAction({ data, outcome }: Answer) {
  return { version: data['version'], actionCount: data['actionCount'], outcome };
}

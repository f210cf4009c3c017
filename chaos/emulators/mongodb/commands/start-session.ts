/** startSession and refreshSessions, for clients that do not make session ids themselves. */
import { Binary, UUID } from 'bson';
import type { Command } from './command.ts';
import { sessionIdOf } from './prepare.ts';
import { sessionTimeoutMinutes } from '../sessions/session-store.ts';

export const startSession: Command = {
  name: 'startSession',
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => {
    const id = new UUID(server.random.uuid());
    server.sessions.get(id.toHexString(false));
    return { id: { id: new Binary(id.id, Binary.SUBTYPE_UUID) }, timeoutMinutes: sessionTimeoutMinutes };
  },
};

export const refreshSessions: Command = {
  name: 'refreshSessions',
  kind: 'administration',
  inTransaction: false,
  run: ({ arguments: given, server }) => {
    for (const lsid of given.array('refreshSessions') ?? []) server.sessions.get(sessionIdOf(lsid));
    return {};
  },
};

/** Commands that start, refresh, end and kill logical sessions. */
import { MongoError, locationError } from '../errors.ts';
import { typeNameOf } from '../query/bson-value.ts';
import { killSession } from '../sessions/kill-sessions.ts';
import { sessionTimeoutMinutes } from '../sessions/session-store.ts';
import { abortTransaction } from '../sessions/transactions.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { sessionIdOf } from './prepare.ts';
import { Binary, UUID } from 'bson';

/** startSession and refreshSessions, for clients that do not make session ids themselves. */
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

/** endSessions: forgets sessions; a transaction still open in one is aborted. */
export const endSessions: Command = {
  name: 'endSessions',
  kind: 'administration',
  inTransaction: false,
  run: ({ arguments: given, server }) => {
    for (const lsid of given.array('endSessions') ?? []) {
      const session = server.sessions.find(sessionIdOf(lsid));
      if (session === undefined) continue;
      if (session.transaction !== undefined) abortTransaction(server, session, session.transaction);
      server.cursors.closeWhere((cursor) => cursor.sessionId === session.id);
      server.sessions.forget(session);
    }
    return {};
  },
};

/** killSessions: kills what runs in the sessions given; killAllSessions: in those of the users given, or in all. */
export const killSessions: Command = {
  name: 'killSessions',
  kind: 'administration',
  inTransaction: false,
  run: (operation) => {
    const { server } = operation;
    const ids = requiredArray(operation).map(sessionIdOf);
    const sessions = server.sessions.all().filter(({ id }) => ids.length === 0 || ids.includes(id));
    for (const session of sessions) killSession(server, session);
    return {};
  },
};

const userFields = new Set(['db', 'user']);

export const killAllSessions: Command = {
  name: 'killAllSessions',
  kind: 'administration',
  inTransaction: false,
  run: (operation) => {
    const { server } = operation;
    for (const user of requiredArray(operation)) {
      const given = new Arguments(documentOf(user), 'KillAllSessionsUser');
      given.refuseUnknown(userFields);
      given.requiredString('user');
      given.requiredString('db');
    }
    for (const session of server.sessions.all()) killSession(server, session);
    return {};
  },
};

export const killAllSessionsByPattern: Command = {
  name: 'killAllSessionsByPattern',
  kind: 'administration',
  inTransaction: false,
  run: (operation) => {
    for (const pattern of requiredArray(operation)) documentOf(pattern);
    for (const session of operation.server.sessions.all()) killSession(operation.server, session);
    return {};
  },
};

function requiredArray({ arguments: given, body, command }: Operation): readonly unknown[] {
  const value = body[command.name];
  if (value === null) {
    throw locationError(
      40414,
      `BSON field '${command.name}.${command.name}' is missing but a required field`,
    );
  }
  return given.array(command.name) ?? [];
}

function documentOf(value: unknown): Record<string, unknown> {
  if (typeNameOf(value) === 'object') return Object.fromEntries(Object.entries(value ?? {}));
  throw new MongoError(
    'TypeMismatch',
    `BSON field 'KillAllSessionsUser' is the wrong type '${typeNameOf(value)}', expected type 'object'`,
  );
}

/** killSessions: kills what runs in the sessions given; killAllSessions: in those of the users given, or in all. */
import { MongoError, locationError } from '../errors.ts';
import { typeNameOf } from '../query/bson-value.ts';
import { killSession } from '../sessions/kill-sessions.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { sessionIdOf } from './prepare.ts';

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

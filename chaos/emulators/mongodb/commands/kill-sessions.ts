/** killSessions: kills what runs in the sessions given, or in all of them. */
import { killSession } from '../sessions/kill-sessions.ts';
import type { Command } from './command.ts';
import { sessionIdOf } from './prepare.ts';

export const killSessions: Command = {
  name: 'killSessions',
  kind: 'administration',
  inTransaction: false,
  run: ({ arguments: given, server }) => {
    const ids = (given.array('killSessions') ?? []).map(sessionIdOf);
    const sessions = server.sessions.all().filter(({ id }) => ids.length === 0 || ids.includes(id));
    for (const session of sessions) killSession(server, session);
    return {};
  },
};

export const killAllSessions: Command = {
  name: 'killAllSessions',
  aliases: ['killAllSessionsByPattern'],
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => {
    for (const session of server.sessions.all()) killSession(server, session);
    return {};
  },
};

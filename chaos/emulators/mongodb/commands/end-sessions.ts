/** endSessions: forgets sessions; a transaction still open in one is aborted. */
import { abortTransaction } from '../sessions/transactions.ts';
import type { Command } from './command.ts';
import { sessionIdOf } from './prepare.ts';

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

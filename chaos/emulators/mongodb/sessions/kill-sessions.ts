/** Kills what runs in sessions: their transactions, cursors and operations. The sessions themselves may go on. */
import { MongoError } from '../errors.ts';
import type { ServerState } from '../server-state.ts';
import type { Session } from './session.ts';
import { abortTransaction } from './transactions.ts';

export function killSession(server: ServerState, session: Session): void {
  for (const operation of server.operations) {
    if (operation.session !== session || operation.command.name.startsWith('kill')) continue;
    operation.interruption.interrupt(new MongoError('Interrupted', 'operation was interrupted'));
  }
  if (session.transaction !== undefined) abortTransaction(server, session, session.transaction);
  server.cursors.closeWhere((cursor) => cursor.sessionId === session.id);
}

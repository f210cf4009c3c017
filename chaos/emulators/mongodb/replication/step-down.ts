/** What a step-down does to the work under way. */
import { MongoError } from '../errors.ts';
import type { ServerState } from '../server-state.ts';
import { abortTransaction } from '../sessions/transactions.ts';

/** @throws MongoError NotWritablePrimary when this member is no primary. */
export function stepDown(server: ServerState, seconds: number): void {
  server.member.stepDown(seconds * 1000);
  for (const operation of server.operations) {
    const writes = operation.command.kind === 'write' || operation.body['txnNumber'] !== undefined;
    if (!writes) continue;
    operation.interruption.interrupt(
      new MongoError('InterruptedDueToReplStateChange', 'operation was interrupted'),
    );
  }
  for (const session of server.sessions.all()) {
    if (session.transaction !== undefined) abortTransaction(server, session, session.transaction);
  }
}

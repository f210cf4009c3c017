/** A db-sync process killed: what it had taken from the queue is left to another one, or to itself when it is back. */
import { processKilled } from './process-killed.ts';

export const dbSyncKilled = processKilled('db-sync', 'A db-sync process killed');

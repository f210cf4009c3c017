/** Commands on the server as a whole that change it. */
import { commandFamily } from '../family.ts';
import { restore } from '../keys/dump.ts';
import { flushing } from './flushing.ts';
import { replication } from './replication.ts';
import { saving } from './saving.ts';
import { serverTable } from './table.ts';

export const server = commandFamily('server', serverTable, {
  ...flushing,
  ...replication,
  ...saving,
  'restore-asking': restore,
});

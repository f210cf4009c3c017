/** whatsmyuri: the client's address as the server sees it. */
import type { Command } from './command.ts';

export const whatsMyUri: Command = {
  name: 'whatsmyuri',
  kind: 'administration',
  inTransaction: false,
  run: ({ connection }) => ({ you: connection.remoteAddress }),
};

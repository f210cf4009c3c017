/** ping: an answer, in any state. */
import type { Command } from './command.ts';

export const ping: Command = {
  name: 'ping',
  kind: 'administration',
  inTransaction: false,
  run: () => ({}),
};

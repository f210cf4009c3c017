/** replSetStepUp: this member stands for election at once, and as the only one wins it. */
import type { Command } from './command.ts';

export const replSetStepUp: Command = {
  name: 'replSetStepUp',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['skipDryRun'],
  run: ({ server }) => {
    server.member.elect();
    return {};
  },
};

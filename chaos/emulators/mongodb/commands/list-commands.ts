/** listCommands: every command this server has. */
import type { Command } from './command.ts';

export const listCommands: Command = {
  name: 'listCommands',
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => ({
    commands: Object.fromEntries(
      [...new Set(server.commands.values())].map(({ name, aliases = [], adminOnly = false, kind }) => [
        name,
        { help: '', aliases: [...aliases], adminOnly, requiresAuth: false, secondaryOk: kind !== 'write' },
      ]),
    ),
  }),
};

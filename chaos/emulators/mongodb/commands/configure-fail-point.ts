/** configureFailPoint: switches a fail point on or off. */
import type { Command } from './command.ts';

export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['mode', 'data'],
  run: ({ arguments: given, server }) => {
    const name = given.requiredString('configureFailPoint');
    return { count: server.failPoints.configure(name, given.get('mode'), given.get('data')) };
  },
};

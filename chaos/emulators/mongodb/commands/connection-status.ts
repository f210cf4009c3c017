/** connectionStatus: nobody is authenticated, as the server has no users. */
import type { Command } from './command.ts';

export const connectionStatus: Command = {
  name: 'connectionStatus',
  kind: 'administration',
  inTransaction: false,
  fields: ['showPrivileges'],
  run: ({ arguments: given }) => ({
    authInfo: {
      authenticatedUsers: [],
      authenticatedUserRoles: [],
      ...(given.boolean('showPrivileges') ? { authenticatedUserPrivileges: [] } : {}),
    },
  }),
};

/** connectionStatus: who has logged in on this connection. */
import type { Command } from './command.ts';

export const connectionStatus: Command = {
  name: 'connectionStatus',
  kind: 'administration',
  inTransaction: false,
  fields: ['showPrivileges'],
  run: ({ arguments: given, connection }) => {
    const { user } = connection.authentication;
    return {
      authInfo: {
        authenticatedUsers: user === undefined ? [] : [{ user: user.user, db: user.db }],
        authenticatedUserRoles: (user?.roles ?? []).map((role) => ({ ...role })),
        ...(given.boolean('showPrivileges') ? { authenticatedUserPrivileges: [] } : {}),
      },
    };
  },
};

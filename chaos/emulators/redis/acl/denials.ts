/** Denials that are written to the access log. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import { describeClient } from '../clients/describe.ts';
import type { Command } from '../commands/context.ts';
import type { ServerState } from '../engine/server-state.ts';
import type { AccessLogEntry } from './access-log.ts';
import { denialFor, type Denial } from './permissions.ts';

/** Notes it when the client's user may not run the command; undefined when it may. */
export function checkPermissions(
  server: ServerState,
  client: Client,
  command: Command,
  words: readonly Bytes[],
): Denial | undefined {
  const user = server.users.get(client.user);
  const denial = user === undefined ? undefined : denialFor(user, command, words);
  if (denial !== undefined) noteDenial(server, client, { ...denial, user: client.user });
  return denial;
}

export function noteDenial(
  server: ServerState,
  client: Client,
  { object, reason, user }: Pick<AccessLogEntry, 'object' | 'reason' | 'user'>,
): void {
  server.accessLog.add(
    {
      reason,
      context: client.transaction === undefined ? 'toplevel' : 'multi',
      object,
      user,
      atMs: server.nowMs,
      clientInfo: describeClient(server.nowMs, client),
    },
    server.configuration.number('acllog-max-len'),
  );
}

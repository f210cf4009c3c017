/** After a command: serves the clients that waited for what it changed. */
import type { Client } from '../clients/client.ts';
import { CommandError } from '../errors.ts';
import { errorReply, isError, type Reply } from '../reply/reply.ts';
import { afterCommand } from './call.ts';
import type { ServerState } from './server-state.ts';

export function serveWaiting(server: ServerState): void {
  if (!server.waits.hasReady) return;
  server.refreshTime();
  server.waits.serveReady({
    valueOf: (database, key) => {
      const value = server.keyspace.read(database, key, 'silent');
      // A key that expired is written down even where nobody is served.
      if (value === undefined) afterCommand(server);
      return value;
    },
    served: (client, serve) => serveClient(server, client, serve),
  });
}

function serveClient(server: ServerState, client: Client, serve: () => Reply | undefined): boolean {
  const outer = server.current;
  server.current = client;
  server.callDepth += 1;
  let reply: Reply | undefined;
  try {
    reply = serve();
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    reply = errorReply(thrown.message);
  } finally {
    server.callDepth -= 1;
  }
  if (reply !== undefined) {
    if (isError(reply)) {
      server.statistics.addError(reply.message);
      server.countFailureOf(client);
    }
    client.send(reply);
    server.unblock(client);
  }
  afterCommand(server);
  server.current = outer;
  return reply !== undefined;
}

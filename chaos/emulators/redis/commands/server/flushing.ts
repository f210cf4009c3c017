/** FLUSHDB, FLUSHALL and SWAPDB: whole databases at once. */
import type { ServerState } from '../../engine/server-state.ts';
import { plainError, syntaxError } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

function checkMode(context: Context): void {
  const mode = context.option(1);
  const isKnown =
    context.words.length === 1 || (context.words.length === 2 && (mode === 'sync' || mode === 'async'));
  if (!isKnown) throw syntaxError();
}

/** Number of keys that went. */
function empty(server: ServerState, databases: readonly Database[]): number {
  let keys = 0;
  for (const database of databases) {
    touchAll(server, database, undefined);
    for (const key of server.waits.waitedFor(database)) {
      if (database.entry(key)?.value.type === 'stream') server.waits.signal(database, key, 'stream');
    }
    keys += database.size;
    database.clear();
  }
  server.tracking.invalidateAll(server.current);
  return keys;
}

function touchAll(server: ServerState, database: Database, replacement: Database | undefined): void {
  server.watches.touchAll(database, replacement, (other, key) => server.keyspace.isExpired(other, key));
}

function flushdb(context: Context): Reply {
  checkMode(context);
  context.server.dirty += empty(context.server, [context.database]);
  context.isForced = true;
  return ok;
}

function flushall(context: Context): Reply {
  const { server } = context;
  checkMode(context);
  server.dirty += empty(server, server.keyspace.databases);
  // A snapshot of the empty data, so that a crash does not bring back what was flushed.
  if (server.configuration.savePoints.length > 0 && !server.isLoading) server.persistence?.save();
  server.dirty += 1;
  context.isForced = true;
  return ok;
}

function swapdb(context: Context): Reply {
  const { server } = context;
  const { databases } = server.keyspace;
  const first = databases[context.int32(1, 'ERR invalid first DB index')];
  const second = databases[context.int32(2, 'ERR invalid second DB index')];
  if (first === undefined || second === undefined) throw plainError('DB index is out of range');
  if (first !== second) {
    touchAll(server, first, second);
    touchAll(server, second, first);
    first.swapContents(second);
    for (const database of [first, second]) {
      for (const key of server.waits.waitedFor(database)) {
        const entry = database.entry(key);
        if (entry !== undefined) server.waits.signal(database, key, entry.value.type);
      }
    }
  }
  server.dirty += 1;
  return ok;
}

export const flushing: Runs = { flushall, flushdb, swapdb };

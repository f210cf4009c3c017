/** Keys whatever they hold: deleting, finding, renaming, copying. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { matchesGlob } from '../../bytes/glob.ts';
import { nodeLimits } from '../../engine/format-limits.ts';
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { ok, status, type Reply } from '../../reply/reply.ts';
import type { Value } from '../../values/value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { readScanOptions } from '../scanning.ts';

function del(context: Context): Reply {
  const { server, database } = context;
  let deleted = 0;
  for (const key of context.words.slice(1)) {
    server.keyspace.peek(database, key);
    if (!context.delete(key)) continue;
    context.notify('generic', 'del', key);
    server.dirty += 1;
    deleted += 1;
  }
  return deleted;
}

function countRead(context: Context, option: 'plain' | 'no touch'): Reply {
  const { server, database } = context;
  return context.words.slice(1).filter((key) => server.keyspace.read(database, key, option) !== undefined)
    .length;
}

function keys(context: Context): Reply {
  const { server, database } = context;
  const pattern = context.word(1);
  return [...database.keys()].filter(
    (key) => matchesGlob(pattern, key) && !server.keyspace.isExpired(database, key),
  );
}

function scan(context: Context): Reply {
  const { server, database } = context;
  const { cursor, count, pattern, type } = readScanOptions(context, 1);
  const found = database.scan(cursor, count);
  const names = found.keys.filter((key) => {
    if (pattern !== undefined && !matchesGlob(pattern, key)) return false;
    if (type !== undefined) return server.keyspace.read(database, key, 'no touch')?.type === type;
    return server.keyspace.peek(database, key) !== undefined;
  });
  return [String(found.cursor), names];
}

function randomkey(context: Context): Reply {
  const { server, database } = context;
  // On a replica all keys may have expired without being removed.
  for (let tries = 100; database.size > 0; tries -= 1) {
    const key = database.randomKey(server.random);
    if (server.keyspace.peek(database, key) !== undefined || tries === 0) return key;
  }
  return null;
}

function rename(context: Context, onlyNew: boolean): Reply {
  const { server, database } = context;
  const { keyspace } = server;
  const from = context.word(1);
  const to = context.word(2);
  const value = keyspace.write(database, from);
  if (value === undefined) throw new CommandError(messages.noSuchKey);
  if (from === to) return onlyNew ? 0 : ok;
  const expireAtMs = keyspace.expireAt(database, from);
  if (keyspace.write(database, to) !== undefined) {
    if (onlyNew) return 0;
    keyspace.delete(database, to);
  }
  keyspace.add(database, to, value);
  keyspace.setExpiry(database, to, expireAtMs);
  keyspace.delete(database, from);
  keyspace.modified(database, from);
  context.changed(to);
  context.notify('generic', 'rename_from', from);
  context.notify('generic', 'rename_to', to);
  return onlyNew ? 1 : ok;
}

function databaseAt(context: Context, position: number): Database {
  const index = context.int32(position);
  const database = context.server.keyspace.databases[index];
  if (database === undefined) throw plainError('DB index is out of range');
  return database;
}

function move(context: Context): Reply {
  const { server, database } = context;
  const { keyspace } = server;
  const key = context.word(1);
  const target = databaseAt(context, 2);
  if (target === database) throw new CommandError(messages.sameObject);
  const value = keyspace.write(database, key);
  if (value === undefined) return 0;
  const expireAtMs = keyspace.expireAt(database, key);
  if (keyspace.write(target, key) !== undefined) return 0;
  keyspace.add(target, key, value);
  keyspace.setExpiry(target, key, expireAtMs);
  keyspace.delete(database, key);
  keyspace.modified(database, key);
  keyspace.modified(target, key);
  server.notify('generic', 'move_from', database, key);
  server.notify('generic', 'move_to', target, key);
  server.dirty += 1;
  return 1;
}

function copy(context: Context): Reply {
  const { server, database } = context;
  const { keyspace } = server;
  const from = context.word(1);
  const to = context.word(2);
  let target = database;
  let replaces = false;
  for (let at = 3; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (name === 'replace') replaces = true;
    else if (name === 'db' && at + 1 < context.words.length) {
      at += 1;
      target = databaseAt(context, at);
    } else throw syntaxError();
  }
  if (target === database && from === to) throw new CommandError(messages.sameObject);
  const value = keyspace.read(database, from);
  if (value === undefined) return 0;
  const isThere = keyspace.write(target, to) !== undefined;
  if (isThere && !replaces) return 0;
  if (isThere) keyspace.delete(target, to);
  keyspace.add(target, to, copyOf(context, value));
  keyspace.setExpiry(target, to, keyspace.expireAt(database, from));
  keyspace.modified(target, to);
  server.notify('generic', 'copy_to', target, to);
  server.dirty += 1;
  return 1;
}

function copyOf(context: Context, value: Value): Value {
  return value.type === 'stream' ? value.copy(nodeLimits(context.server.configuration)) : value.copy();
}

export const names: Runs = {
  copy,
  del,
  exists: (context) => countRead(context, 'no touch'),
  keys,
  move,
  randomkey,
  rename: (context) => rename(context, false),
  renamenx: (context) => rename(context, true),
  scan,
  touch: (context) => countRead(context, 'plain'),
  type: (context) => {
    const key: Bytes = context.word(1);
    return status(context.server.keyspace.read(context.database, key, 'no touch')?.type ?? 'none');
  },
  unlink: del,
};

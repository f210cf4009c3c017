/** DUMP and RESTORE: values as bytes, in a format of the emulator's own, with Redis's footer of version and checksum. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { crc64 } from '../../bytes/crc64.ts';
import { formatLimits } from '../../engine/format-limits.ts';
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import { decodeValue, encodeValue } from '../../persistence/value-format.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

/** Of the format of snapshots in Redis 7.0, two bytes. */
const version = '\x0a\x00';
const footerBytes = 10;

export function withFooter(payload: Bytes): Bytes {
  const body = payload + version;
  return body + crc64(body);
}

/** Undefined when the footer is wrong. */
export function withoutFooter(dump: Bytes): Bytes | undefined {
  if (dump.length < footerBytes) return undefined;
  const body = dump.slice(0, -8);
  return body.slice(-2) === version && crc64(body) === dump.slice(-8) ? body.slice(0, -2) : undefined;
}

export function restore(context: Context): Reply {
  const { server, database } = context;
  const { keyspace } = server;
  const options = readOptions(context);
  const key = context.word(1);
  if (!options.replaces && keyspace.write(database, key) !== undefined) {
    throw new CommandError(messages.busyKey);
  }
  const given = context.integer(2);
  if (given < 0) throw plainError('Invalid TTL value, must be >= 0');
  const payload = withoutFooter(context.word(3));
  if (payload === undefined) throw plainError('DUMP payload version or checksum are wrong');
  const value = decodeValue(payload, formatLimits(server.configuration));
  if (value === undefined) throw plainError('Bad data format');
  const isDeleted = options.replaces && keyspace.delete(database, key);
  const expireAtMs = given === 0 ? undefined : options.isAbsolute ? given : given + context.nowMs;
  if (expireAtMs !== undefined && expireAtMs <= context.nowMs && !context.client.isReplay) {
    if (isDeleted) {
      context.propagated = [['DEL', key]];
      context.changed(key);
      context.notify('generic', 'del', key);
    }
    return ok;
  }
  keyspace.add(database, key, value);
  keyspace.setExpiry(database, key, expireAtMs);
  const entry = database.entry(key);
  if (entry !== undefined) {
    entry.usedAtMs -= options.idleSeconds * 1000;
    entry.frequency = options.frequency ?? entry.frequency;
  }
  context.propagated = [['RESTORE', key, String(expireAtMs ?? 0), context.word(3), 'REPLACE', 'ABSTTL']];
  context.changed(key);
  context.notify('generic', 'restore', key);
  return ok;
}

function readOptions(context: Context) {
  const options = {
    replaces: false,
    isAbsolute: false,
    idleSeconds: 0,
    frequency: undefined as number | undefined,
  };
  let hasIdle = false;
  for (let at = 4; at < context.words.length; at += 1) {
    const name = context.option(at);
    const hasValue = at + 1 < context.words.length;
    if (name === 'replace') options.replaces = true;
    else if (name === 'absttl') options.isAbsolute = true;
    else if (name === 'idletime' && hasValue && options.frequency === undefined) {
      at += 1;
      options.idleSeconds = context.integer(at);
      if (options.idleSeconds < 0) throw plainError('Invalid IDLETIME value, must be >= 0');
      hasIdle = true;
    } else if (name === 'freq' && hasValue && !hasIdle) {
      at += 1;
      options.frequency = context.integer(at);
      if (options.frequency < 0 || options.frequency > 255) {
        throw plainError('Invalid FREQ value, must be >= 0 and <= 255');
      }
    } else throw syntaxError();
  }
  return options;
}

export const dump: Runs = {
  dump: (context) => {
    const value = context.server.keyspace.read(context.database, context.word(1));
    return value === undefined ? null : withFooter(encodeValue(value));
  },
  restore,
};

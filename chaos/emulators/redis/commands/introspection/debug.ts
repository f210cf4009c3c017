/** DEBUG: what tests of clients use it for. It has to be allowed by `enable-debug-command`, as in Redis. */
import { loadRecords, replay } from '../../engine/loading.ts';
import { pauseClients } from '../../engine/pausing.ts';
import { randomHex, type ServerState } from '../../engine/server-state.ts';
import { CommandError, messages, plainError } from '../../errors.ts';
import { readDouble } from '../../numbers/strtod.ts';
import { encodeValue } from '../../persistence/value-format.ts';
import { readSnapshot, writeSnapshot } from '../../persistence/snapshot-file.ts';
import { double, map, ok, push, set, status, type Reply } from '../../reply/reply.ts';
import { StringValue } from '../../values/string-value.ts';
import type { Context, Run } from '../context.ts';
import { helpText } from '../help.ts';
import { digestOfAll, digestOfEntry } from './digest.ts';

const truth = (value: boolean): Reply => ({ kind: 'boolean', value });

/** A reply of each type of the protocol. */
function protocol(context: Context): Reply {
  const { client } = context;
  switch (context.option(2)) {
    case 'string':
      return 'Hello World';
    case 'integer':
      return 12_345;
    case 'double':
      return double(3.141);
    case 'bignum':
      return { kind: 'big number', digits: '1234567999999999999999999999999999999' };
    case 'null':
      return null;
    case 'array':
      return [0, 1, 2];
    case 'set':
      return set([0, 1, 2]);
    case 'map':
      return map([
        [0, truth(false)],
        [1, truth(true)],
        [2, truth(false)],
      ]);
    case 'attrib': {
      const text = 'Some real reply following the attribute';
      if (client.protocol === 2) return text;
      const attribute: Reply = { kind: 'attribute', entries: [['key-popularity', ['key:123', 90]]] };
      return { kind: 'several', replies: [attribute, text] };
    }
    case 'push':
      if (client.protocol === 2) throw plainError('RESP2 is not supported by this command');
      return {
        kind: 'several',
        replies: [push(['server-cpu-usage', 42]), 'Some real reply following the push reply'],
      };
    case 'true':
      return truth(true);
    case 'false':
      return truth(false);
    case 'verbatim':
      return { kind: 'verbatim', format: 'txt', text: 'This is a verbatim\nstring' };
    default:
      throw plainError(
        'Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
      );
  }
}

/** Nothing is answered meanwhile, to anybody. */
function sleep(context: Context): Reply {
  const milliseconds = Math.max(0, readDouble(context.word(2)).value * 1000);
  pauseClients(context.server, { untilMs: context.nowMs + milliseconds, mode: 'all' });
  return context.waitForTime(milliseconds, ok);
}

function emptyAll(server: ServerState): void {
  for (const database of server.keyspace.databases) database.clear();
  server.functions.clear();
}

function reload({ server }: Context): Reply {
  if (server.persistence?.save() === false) throw new CommandError('ERR');
  const codes = server.functions.all.map(({ code }) => code);
  const records = readSnapshot(writeSnapshot(server.keyspace, codes));
  if (records === undefined) throw plainError('Error trying to load the RDB dump, check server logs.');
  emptyAll(server);
  loadRecords(server, records);
  return ok;
}

function loadFile({ commands, server }: Context): Reply {
  const { persistence } = server;
  if (persistence?.isAppendOnly !== true) throw plainError('DEBUG LOADAOF needs appendonly yes');
  const loaded = persistence.reload();
  if (loaded.kind === 'damaged') throw plainError('Error trying to load the AOF files, check server logs.');
  emptyAll(server);
  if (loaded.kind === 'loaded') replay(server, loaded.commands, commands);
  return ok;
}

function describeObject(context: Context): Reply {
  const entry = context.database.entry(context.word(2));
  if (entry === undefined) throw new CommandError(messages.noSuchKey);
  const { usedAtMs, value } = entry;
  const idleSeconds = Math.max(0, Math.floor((context.nowMs - usedAtMs) / 1000));
  const lru = Math.floor(usedAtMs / 1000) & 0xff_ffff;
  return status(
    `Value at:0x0 refcount:1 encoding:${value.encoding} serializedlength:${encodeValue(value).length} lru:${lru} lru_seconds_idle:${idleSeconds}`,
  );
}

function populate(context: Context): Reply {
  const count = context.natural(2);
  const prefix = context.words.length > 3 ? context.word(3) : 'key';
  const sizeBytes = context.words.length > 4 ? context.natural(4) : 0;
  for (let index = 0; index < count; index += 1) {
    const key = `${prefix}:${index}`;
    if (context.database.entry(key) !== undefined) continue;
    const text = `value:${index}`;
    const value = sizeBytes === 0 ? text : text.padEnd(sizeBytes, '\0').slice(0, sizeBytes);
    context.server.keyspace.add(context.database, key, new StringValue(value));
  }
  return ok;
}

const runs: Readonly<Record<string, { readonly words: number | undefined; readonly run: Run }>> = {
  'change-repl-id': {
    words: 2,
    run: ({ server }) => {
      server.replicationId = randomHex(server.random, 40);
      return ok;
    },
  },
  digest: { words: 2, run: ({ server }) => status(digestOfAll(server.keyspace)) },
  'digest-value': {
    words: undefined,
    run: ({ database, words }) => words.slice(2).map((key) => status(digestOfEntry(database.entry(key)))),
  },
  error: {
    words: 3,
    run: (context) => {
      throw new CommandError(context.word(2));
    },
  },
  loadaof: { words: 2, run: loadFile },
  log: {
    words: 3,
    run: (context) => {
      context.server.log('warning', `DEBUG LOG: ${context.word(2)}`);
      return ok;
    },
  },
  object: { words: 3, run: describeObject },
  populate: { words: undefined, run: populate },
  protocol: { words: 3, run: protocol },
  reload: { words: 2, run: reload },
  'set-active-expire': {
    words: 3,
    run: (context) => {
      context.server.removesExpiredUnseen = readDouble(context.word(2)).value !== 0;
      return ok;
    },
  },
  sleep: { words: 3, run: sleep },
};

export function debug(context: Context): Reply {
  if (context.words.length === 2 && context.option(1) === 'help') return help();
  const found = runs[context.option(1)];
  if (found === undefined || (found.words ?? context.words.length) !== context.words.length) {
    throw context.wrongSubcommand();
  }
  return found.run(context);
}

function help(): Reply {
  return helpText('DEBUG', [
    ['CHANGE-REPL-ID', 'A new ID of replication.'],
    ['DIGEST', 'A digest of all data.'],
    ['DIGEST-VALUE <key> [<key> ...]', 'Digests of values.'],
    ['ERROR <string>', 'Answers with this error.'],
    ['LOADAOF', 'Loads the append-only file.'],
    ['LOG <message>', 'Writes a line into the log.'],
    ['OBJECT <key>', 'How a value is kept.'],
    ['POPULATE <count> [<prefix>] [<size>]', 'Makes keys.'],
    ['PROTOCOL <type>', 'Answers with a reply of this type.'],
    ['RELOAD', 'Saves the data and loads them.'],
    ['SET-ACTIVE-EXPIRE (0|1)', 'Whether keys are removed that expired unseen.'],
    ['SLEEP <seconds>', 'Answers nobody for so long.'],
  ]);
}

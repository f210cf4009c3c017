/** XGROUP: consumer groups and their consumers. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { CommandError, plainError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import { ConsumerGroup } from '../../values/stream-group.ts';
import { StreamValue } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { readAnyId, readId } from './ids.ts';

interface GroupOptions {
  readonly makesStream: boolean;
  readonly entriesRead: number | undefined;
}

function readOptions(context: Context, takesMakeStream: boolean): GroupOptions {
  let makesStream = false;
  let entriesRead = -1;
  for (let at = 5; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (takesMakeStream && name === 'mkstream') makesStream = true;
    else if (name === 'entriesread' && at + 1 < context.words.length) {
      at += 1;
      entriesRead = context.integer(at);
      if (entriesRead < -1) throw plainError('value for ENTRIESREAD must be positive or -1');
    } else throw context.wrongSubcommand();
  }
  return { makesStream, entriesRead: entriesRead < 0 ? undefined : entriesRead };
}

function streamAt(context: Context): StreamValue {
  const stream = context.write('stream', context.word(2));
  if (stream !== undefined) return stream;
  throw plainError(
    'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
  );
}

function groupAt(context: Context, stream: StreamValue): ConsumerGroup {
  const group = stream.group(context.word(3));
  if (group !== undefined) return group;
  throw noSuchGroup(context.word(3), context.word(2));
}

export function noSuchGroup(group: Bytes, key: Bytes): CommandError {
  return new CommandError(
    `NOGROUP No such consumer group '${untilNul(group)}' for key name '${untilNul(key)}'`,
  );
}

function create(context: Context): Reply {
  const { makesStream, entriesRead } = readOptions(context, true);
  const key = context.word(2);
  const found = makesStream ? context.write('stream', key) : streamAt(context);
  const text = context.word(4);
  const lastId = text === '$' ? (found?.lastId ?? 0n) : readId(text);
  let stream = found;
  if (stream === undefined) {
    stream = new StreamValue();
    context.server.keyspace.add(context.database, key, stream);
    context.server.keyspace.modified(context.database, key);
  }
  if (stream.group(context.word(3)) !== undefined) {
    throw new CommandError('BUSYGROUP Consumer Group name already exists');
  }
  stream.addGroup(context.word(3), new ConsumerGroup(lastId, entriesRead));
  context.taken(key);
  context.server.dirty += 1;
  context.notify('stream', 'xgroup-create', key);
  return ok;
}

function setId(context: Context): Reply {
  const { entriesRead } = readOptions(context, false);
  const stream = streamAt(context);
  const group = groupAt(context, stream);
  const text = context.word(4);
  group.lastId = text === '$' ? stream.lastId : readAnyId(text);
  group.entriesRead = entriesRead;
  context.server.dirty += 1;
  context.notify('stream', 'xgroup-setid', context.word(2));
  return ok;
}

function destroy(context: Context): Reply {
  const key = context.word(2);
  const stream = streamAt(context);
  if (stream.group(context.word(3)) === undefined) return 0;
  stream.deleteGroup(context.word(3));
  context.server.dirty += 1;
  context.notify('stream', 'xgroup-destroy', key);
  // Who waits as a consumer of the group is told.
  context.server.waits.signal(context.database, key, 'stream');
  return 1;
}

export const groups: Runs = {
  'xgroup|create': create,
  'xgroup|createconsumer': (context) => {
    const group = groupAt(context, streamAt(context));
    if (group.consumer(context.word(4)) !== undefined) return 0;
    group.addConsumer(context.word(4), context.nowMs);
    context.server.dirty += 1;
    context.notify('stream', 'xgroup-createconsumer', context.word(2));
    return 1;
  },
  'xgroup|delconsumer': (context) => {
    const group = groupAt(context, streamAt(context));
    const consumer = group.consumer(context.word(4));
    if (consumer === undefined) return 0;
    const pending = consumer.pending.size;
    group.deleteConsumer(consumer);
    context.server.dirty += 1;
    context.notify('stream', 'xgroup-delconsumer', context.word(2));
    return pending;
  },
  'xgroup|destroy': destroy,
  'xgroup|help': () =>
    helpText('XGROUP', [
      [
        'CREATE <key> <groupname> <id|$> [option]',
        'Makes a group. Options: MKSTREAM, ENTRIESREAD entries_read.',
      ],
      ['CREATECONSUMER <key> <groupname> <consumer>', 'Makes a consumer.'],
      ['DELCONSUMER <key> <groupname> <consumer>', 'Removes a consumer and what it has not acknowledged.'],
      ['DESTROY <key> <groupname>', 'Removes a group.'],
      [
        'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
        'Sets which entries are new to the group.',
      ],
    ]),
  'xgroup|setid': setId,
};

/** XINFO. */
import { CommandError, messages } from '../../errors.ts';
import { map, type Reply } from '../../reply/reply.ts';
import type { ConsumerGroup, PendingEntry } from '../../values/stream-group.ts';
import { formatStreamId, streamIdMax } from '../../values/stream-id.ts';
import type { StreamValue } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { entryReply } from './entries.ts';
import { noSuchGroup } from './groups.ts';

function streamAt(context: Context): StreamValue {
  const stream = context.read('stream', context.word(2));
  if (stream === undefined) throw new CommandError(messages.noSuchKey);
  return stream;
}

function consumers(context: Context): Reply {
  const group = streamAt(context).group(context.word(3));
  if (group === undefined) throw noSuchGroup(context.word(3), context.word(2));
  return group.consumers().map((consumer) =>
    map([
      ['name', consumer.name],
      ['pending', consumer.pending.size],
      ['idle', Math.max(0, context.nowMs - consumer.seenAtMs)],
    ]),
  );
}

function groups(context: Context): Reply {
  const stream = streamAt(context);
  return stream.groups().map(([name, group]) =>
    map([
      ['name', name],
      ['consumers', group.consumerCount],
      ['pending', group.pending.size],
      ['last-delivered-id', formatStreamId(group.lastId)],
      ['entries-read', group.entriesRead ?? null],
      ['lag', lagOf(stream, group)],
    ]),
  );
}

/** Entries that the group has yet to read; null when that cannot be known. */
function lagOf(stream: StreamValue, group: ConsumerGroup): number | null {
  if (stream.entriesAdded === 0) return 0;
  const isCounted = group.entriesRead !== undefined && !stream.hasTombstonesFrom(group.lastId);
  const read = isCounted ? group.entriesRead : stream.entriesUpTo(group.lastId);
  return read === undefined ? null : stream.entriesAdded - read;
}

function stream(context: Context): Reply {
  const value = streamAt(context);
  const options = context.words.slice(3);
  if (options.length === 0) return map([...headOf(value), ...edgesOf(value)]);
  const isFull = options.length === 1 || (options.length === 3 && context.option(4) === 'count');
  if (!isFull || context.option(3) !== 'full') throw context.wrongSubcommand();
  let count = options.length === 3 ? context.integer(5) : 10;
  if (count < 0) count = 10;
  return map([...headOf(value), ...detailsOf(value, count === 0 ? Infinity : count)]);
}

type Entries = (readonly [Reply, Reply])[];

function headOf(value: StreamValue): Entries {
  return [
    ['length', value.size],
    ['radix-tree-keys', value.nodeCount],
    ['radix-tree-nodes', value.nodeCount + 1],
    ['last-generated-id', formatStreamId(value.lastId)],
    ['max-deleted-entry-id', formatStreamId(value.maxDeletedId)],
    ['entries-added', value.entriesAdded],
    ['recorded-first-entry-id', formatStreamId(value.firstId)],
  ];
}

function edgesOf(value: StreamValue): Entries {
  const [first] = value.range(0n, streamIdMax, 1);
  const [last] = value.range(0n, streamIdMax, 1, true);
  return [
    ['groups', value.groupCount],
    ['first-entry', first === undefined ? null : entryReply(first)],
    ['last-entry', last === undefined ? null : entryReply(last)],
  ];
}

function detailsOf(value: StreamValue, count: number): Entries {
  return [
    ['entries', value.range(0n, streamIdMax, count).map(entryReply)],
    [
      'groups',
      value.groups().map(([name, group]) =>
        map([
          ['name', name],
          ['last-delivered-id', formatStreamId(group.lastId)],
          ['entries-read', group.entriesRead ?? null],
          ['lag', lagOf(value, group)],
          ['pel-count', group.pending.size],
          [
            'pending',
            firstOf(group.pending.from(0n), count).map((each) => [
              formatStreamId(each.id),
              each.consumer.name,
              each.deliveredAtMs,
              each.deliveryCount,
            ]),
          ],
          ['consumers', consumersOf(group, count)],
        ]),
      ),
    ],
  ];
}

function consumersOf(group: ConsumerGroup, count: number): Reply {
  return group.consumers().map((consumer) =>
    map([
      ['name', consumer.name],
      ['seen-time', consumer.seenAtMs],
      ['pel-count', consumer.pending.size],
      [
        'pending',
        firstOf(consumer.pending.from(0n), count).map((each) => [
          formatStreamId(each.id),
          each.deliveredAtMs,
          each.deliveryCount,
        ]),
      ],
    ]),
  );
}

function firstOf(entries: Iterable<PendingEntry>, count: number): PendingEntry[] {
  const found: PendingEntry[] = [];
  for (const entry of entries) {
    if (found.length >= count) break;
    found.push(entry);
  }
  return found;
}

export const information: Runs = {
  'xinfo|consumers': consumers,
  'xinfo|groups': groups,
  'xinfo|help': () =>
    helpText('XINFO', [
      ['CONSUMERS <key> <groupname>', 'Consumers of a group.'],
      ['GROUPS <key>', 'Groups of a stream.'],
      ['STREAM <key> [FULL [COUNT <count>]', 'What is known of a stream.'],
    ]),
  'xinfo|stream': stream,
};

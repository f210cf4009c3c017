/** Entries as they are answered, and handed to a consumer. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { nullArray, type Reply } from '../../reply/reply.ts';
import type { Consumer, ConsumerGroup, PendingEntry } from '../../values/stream-group.ts';
import { formatStreamId, streamIdMax, type StreamId } from '../../values/stream-id.ts';
import type { StreamEntry } from '../../values/stream-node.ts';
import type { StreamValue } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';

/** A group and a consumer in it, as commands name them. */
export interface GroupReader {
  readonly key: Bytes;
  readonly groupName: Bytes;
  readonly group: ConsumerGroup;
  readonly consumerName: Bytes;
  /** Nothing has to be acknowledged. */
  readonly noAck: boolean;
}

export function entryReply({ id, pairs }: StreamEntry): Reply {
  return [formatStreamId(id), [...pairs]];
}

/** The consumer, who is made when there is none; each time it is seen counts. */
export function seenConsumer(context: Context, { key, group, consumerName }: GroupReader): Consumer {
  const known = group.consumer(consumerName);
  if (known !== undefined) {
    known.seenAtMs = context.nowMs;
    return known;
  }
  context.server.dirty += 1;
  context.notify('stream', 'xgroup-createconsumer', key);
  return group.addConsumer(consumerName, context.nowMs);
}

/** Entries behind the last that the group got, at most `count` (0: all), which become the consumer's. */
export function deliverNew(context: Context, stream: StreamValue, reader: GroupReader, count: number): Reply {
  const { group, noAck } = reader;
  const isNew = group.consumer(reader.consumerName) === undefined;
  const consumer = seenConsumer(context, reader);
  const words: (readonly Bytes[])[] = [...(context.propagated ?? [])];
  if (isNew && noAck) {
    words.push(['XGROUP', 'CREATECONSUMER', reader.key, reader.groupName, reader.consumerName]);
  }
  const entries = stream.range(group.lastId + 1n, streamIdMax, count === 0 ? Infinity : count);
  for (const { id } of entries) {
    advance(stream, group, id);
    if (noAck) continue;
    const pending = group.assign(id, consumer, context.nowMs, 1);
    words.push(claimWords(reader.key, reader.groupName, group, pending));
  }
  if (noAck && entries.length > 0) words.push(setIdWords(reader));
  context.propagated = words;
  return entries.map(entryReply);
}

/** What the consumer got from `start` on and did not acknowledge; entries that are gone have no fields. */
export function pendingHistory(
  context: Context,
  stream: StreamValue,
  consumer: Consumer,
  start: StreamId,
  count: number,
): Reply {
  const replies: Reply[] = [];
  for (const pending of consumer.pending.from(start)) {
    if (count > 0 && replies.length >= count) break;
    const [entry] = stream.range(pending.id, pending.id, 1);
    if (entry === undefined) {
      replies.push([formatStreamId(pending.id), nullArray]);
      continue;
    }
    replies.push(entryReply(entry));
    pending.deliveredAtMs = context.nowMs;
    pending.deliveryCount += 1;
  }
  return replies;
}

/** Counts what the group has read, as long as that can be known. */
function advance(stream: StreamValue, group: ConsumerGroup, id: StreamId): void {
  if (id <= group.lastId) return;
  if (group.entriesRead !== undefined && !stream.hasTombstonesFrom(id)) group.entriesRead += 1;
  else if (stream.entriesAdded > 0) group.entriesRead = stream.entriesUpTo(id);
  group.lastId = id;
}

/** Puts the same entry on the same account when it is run again. */
export function claimWords(
  key: Bytes,
  groupName: Bytes,
  group: ConsumerGroup,
  { id, consumer, deliveredAtMs, deliveryCount }: PendingEntry,
): readonly Bytes[] {
  return [
    'XCLAIM',
    key,
    groupName,
    consumer.name,
    '0',
    formatStreamId(id),
    'TIME',
    String(deliveredAtMs),
    'RETRYCOUNT',
    String(deliveryCount),
    'FORCE',
    'JUSTID',
    'LASTID',
    formatStreamId(group.lastId),
  ];
}

export function setIdWords({
  key,
  groupName,
  group,
}: Pick<GroupReader, 'key' | 'groupName' | 'group'>): readonly Bytes[] {
  return [
    'XGROUP',
    'SETID',
    key,
    groupName,
    formatStreamId(group.lastId),
    'ENTRIESREAD',
    String(group.entriesRead ?? -1),
  ];
}

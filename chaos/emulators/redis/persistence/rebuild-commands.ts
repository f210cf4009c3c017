/** Commands that make the data again, as the base of an append-only file holds them: a real Redis can read them too. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import { formatDouble } from '../numbers/decimal.ts';
import { formatStreamId, streamIdMax } from '../values/stream-id.ts';
import type { StreamValue } from '../values/stream-value.ts';
import type { Value } from '../values/value.ts';

/** Items in one command. */
const batchItems = 64;

export function* rebuildDatabase(database: Database): IterableIterator<readonly Bytes[]> {
  if (database.size === 0) return;
  yield ['SELECT', String(database.index)];
  for (const [key, entry] of database.entries()) {
    yield* rebuildValue(key, entry.value);
    if (entry.expireAtMs !== undefined) yield ['PEXPIREAT', key, String(entry.expireAtMs)];
  }
}

function* rebuildValue(key: Bytes, value: Value): IterableIterator<readonly Bytes[]> {
  switch (value.type) {
    case 'string':
      yield ['SET', key, value.bytes];
      return;
    case 'list':
      yield* batches(['RPUSH', key], value.slice(0, value.size), 1);
      return;
    case 'set':
      yield* batches(['SADD', key], value.members(), 1);
      return;
    case 'hash':
      yield* batches(['HMSET', key], [...value.entries()].flat(), 2);
      return;
    case 'zset': {
      const items = value.slice(0, value.size).flatMap(({ member, score }) => [formatDouble(score), member]);
      yield* batches(['ZADD', key], items, 2);
      return;
    }
    case 'stream':
      yield* rebuildStream(key, value);
  }
}

function* batches(
  head: readonly Bytes[],
  items: readonly Bytes[],
  width: number,
): IterableIterator<readonly Bytes[]> {
  for (let at = 0; at < items.length; at += batchItems * width) {
    yield [...head, ...items.slice(at, at + batchItems * width)];
  }
}

function* rebuildStream(key: Bytes, stream: StreamValue): IterableIterator<readonly Bytes[]> {
  const entries = stream.range(0n, streamIdMax, Infinity);
  for (const { id, pairs } of entries) yield ['XADD', key, formatStreamId(id), ...pairs];
  if (entries.length === 0) {
    // A stream without entries: one that is trimmed away at once.
    yield ['XADD', key, 'MAXLEN', '0', '0-1', 'x', 'y'];
  }
  yield [
    'XSETID',
    key,
    formatStreamId(stream.lastId),
    'ENTRIESADDED',
    String(stream.entriesAdded),
    'MAXDELETEDID',
    formatStreamId(stream.maxDeletedId),
  ];
  for (const [name, group] of stream.groups()) {
    const entriesRead = String(group.entriesRead ?? -1);
    yield ['XGROUP', 'CREATE', key, name, formatStreamId(group.lastId), 'ENTRIESREAD', entriesRead];
    for (const consumer of group.consumers()) {
      yield ['XGROUP', 'CREATECONSUMER', key, name, consumer.name];
      for (const { id, deliveredAtMs, deliveryCount } of consumer.pending.from(0n)) {
        yield [
          'XCLAIM',
          key,
          name,
          consumer.name,
          '0',
          formatStreamId(id),
          'TIME',
          String(deliveredAtMs),
          'RETRYCOUNT',
          String(deliveryCount),
          'JUSTID',
          'FORCE',
        ];
      }
    }
  }
}

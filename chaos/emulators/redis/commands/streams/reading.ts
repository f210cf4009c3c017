/** XRANGE, XREAD and XREADGROUP. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { CommandError, plainError, syntaxError } from '../../errors.ts';
import { map, nullArray, type Reply } from '../../reply/reply.ts';
import { streamIdMax, type StreamId } from '../../values/stream-id.ts';
import type { StreamValue } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { deliverNew, entryReply, pendingHistory, seenConsumer, type GroupReader } from './entries.ts';
import { readEnd, readId, readStart } from './ids.ts';

/** A client that waited gets no more entries at once, unless it says how many. */
const waitingCount = 1000;

function range(context: Context, isReversed: boolean): Reply {
  const start = readStart(context.word(isReversed ? 3 : 2));
  const end = readEnd(context.word(isReversed ? 2 : 3));
  let count = -1;
  for (let at = 4; at < context.words.length; at += 2) {
    if (context.option(at) !== 'count' || at + 1 >= context.words.length) throw syntaxError();
    count = Math.max(0, context.integer(at + 1));
  }
  const stream = context.read('stream', context.word(1));
  if (stream === undefined) return [];
  if (count === 0) return nullArray;
  return stream.range(start, end, count < 0 ? Infinity : count, isReversed).map(entryReply);
}

interface ReadRequest {
  /** Undefined when it does not wait. */
  readonly timeoutMs: number | undefined;
  /** 0 for all. */
  readonly count: number;
  readonly noAck: boolean;
  readonly groupName: Bytes | undefined;
  readonly consumerName: Bytes;
  readonly keys: readonly Bytes[];
  readonly ids: readonly Bytes[];
}

function readRequest(context: Context, isGroup: boolean): ReadRequest {
  let timeoutMs: number | undefined;
  let count = 0;
  let noAck = false;
  let groupName: Bytes | undefined;
  let consumerName = '';
  for (let at = 1; at < context.words.length; at += 1) {
    const option = context.option(at);
    const left = context.words.length - at - 1;
    if (option === 'block' && left > 0) {
      if (context.client.isScript) {
        throw plainError(
          `${untilNul(context.word(0))} command is not allowed with BLOCK option from scripts`,
        );
      }
      at += 1;
      timeoutMs = context.timeoutMilliseconds(at);
    } else if (option === 'count' && left > 0) {
      at += 1;
      count = Math.max(0, context.integer(at));
    } else if (option === 'streams' && left > 0) {
      if (left % 2 === 1) {
        throw plainError(
          "Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
        );
      }
      if (isGroup && groupName === undefined) throw plainError('Missing GROUP option for XREADGROUP');
      const [keys, ids] = [
        context.words.slice(at + 1, at + 1 + left / 2),
        context.words.slice(at + 1 + left / 2),
      ];
      return { timeoutMs, count, noAck, groupName, consumerName, keys, ids };
    } else if (option === 'group' && left >= 2) {
      if (!isGroup) throw refuseOption('GROUP');
      groupName = context.word(at + 1);
      consumerName = context.word(at + 2);
      at += 2;
    } else if (option === 'noack') {
      if (!isGroup) throw refuseOption('NOACK');
      noAck = true;
    } else throw syntaxError();
  }
  throw syntaxError();
}

function refuseOption(option: string): CommandError {
  return plainError(`The ${option} option is only supported by XREADGROUP. You called XREAD instead.`);
}

/** What is read of one stream. */
interface Source {
  readonly key: Bytes;
  readonly reader: GroupReader | undefined;
  /** Entries behind it; undefined for those that are new to the group. */
  readonly after: StreamId | undefined;
}

function sourceOf(context: Context, request: ReadRequest, index: number): Source {
  const { groupName, consumerName, noAck } = request;
  const key = request.keys[index] ?? '';
  const text = request.ids[index] ?? '';
  const stream = context.read('stream', key);
  let reader: GroupReader | undefined;
  if (groupName !== undefined) {
    const group = stream?.group(groupName);
    if (group === undefined) {
      throw new CommandError(
        `NOGROUP No such key '${untilNul(key)}' or consumer group '${untilNul(groupName)}' in XREADGROUP with GROUP option`,
      );
    }
    reader = { key, groupName, group, consumerName, noAck };
  }
  if (text === '$') {
    if (reader !== undefined) {
      throw plainError(
        'The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
      );
    }
    return { key, reader, after: stream?.lastId ?? 0n };
  }
  if (text === '>') {
    if (reader === undefined) {
      throw plainError(
        'The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      );
    }
    return { key, reader, after: undefined };
  }
  return { key, reader, after: readId(text) };
}

/** Undefined when there is nothing for now. */
function readNow(context: Context, { key, reader, after }: Source, count: number): Reply | undefined {
  const stream = context.read('stream', key);
  if (stream === undefined) return undefined;
  if (reader === undefined) {
    const from = (after ?? 0n) + 1n;
    if (stream.size === 0 || stream.lastEntryId() < from) return undefined;
    return stream.range(from, streamIdMax, count === 0 ? Infinity : count).map(entryReply);
  }
  if (after === undefined) {
    if (stream.size === 0 || stream.lastEntryId() <= reader.group.lastId) return undefined;
    context.server.dirty += 1;
    return deliverNew(context, stream, reader, count);
  }
  const start = after === streamIdMax ? 0n : after + 1n;
  const isNew = reader.group.consumer(reader.consumerName) === undefined;
  const consumer = seenConsumer(context, reader);
  if (isNew && reader.noAck) {
    context.propagated = [
      ...(context.propagated ?? []),
      ['XGROUP', 'CREATECONSUMER', key, reader.groupName, reader.consumerName],
    ];
  }
  context.server.dirty += 1;
  return pendingHistory(context, stream, consumer, start, count);
}

function byKey(context: Context, found: readonly (readonly [Bytes, Reply])[]): Reply {
  return context.client.protocol === 3 ? map(found) : found.map(([key, entries]): Reply[] => [key, entries]);
}

function read(context: Context, isGroup: boolean): Reply {
  const request = readRequest(context, isGroup);
  const sources = request.keys.map((_, index) => sourceOf(context, request, index));
  context.propagated = [];
  const found: (readonly [Bytes, Reply])[] = [];
  for (const source of sources) {
    const entries = readNow(context, source, request.count);
    if (entries !== undefined) found.push([source.key, entries]);
  }
  if (found.length > 0) return byKey(context, found);
  if (request.timeoutMs === undefined) return nullArray;
  const count = request.count === 0 ? waitingCount : request.count;
  const byName = new Map(sources.toReversed().map((source) => [source.key, source]));
  return context.wait({
    type: 'stream',
    keys: [...byName.keys()].reverse(),
    timeoutMs: request.timeoutMs,
    timedOutReply: nullArray,
    ...(isGroup
      ? { streamGone: { kind: 'error', message: 'UNBLOCKED the stream key no longer exists' } as const }
      : {}),
    serve: (waiting, key, value) => {
      const source = byName.get(key);
      if (source === undefined || value.type !== 'stream') return undefined;
      waiting.propagated = [];
      const entries = serveWaiting(waiting, source, value, count);
      waiting.propagateNow();
      return entries === undefined ? undefined : byKey(waiting, [[key, entries]]);
    },
  });
}

/** The group may have been made anew, or be gone, while the client waited. */
function serveWaiting(
  context: Context,
  { key, reader, after }: Source,
  stream: StreamValue,
  count: number,
): Reply | undefined {
  if (reader === undefined) {
    if (stream.lastId <= (after ?? 0n)) return undefined;
    return stream.range((after ?? 0n) + 1n, streamIdMax, count).map(entryReply);
  }
  const group = stream.group(reader.groupName);
  if (group === undefined) {
    throw new CommandError('NOGROUP the consumer group this client was blocked on no longer exists');
  }
  if (stream.lastId <= group.lastId) return undefined;
  return deliverNew(context, stream, { ...reader, key, group }, count);
}

export const reading: Runs = {
  xlen: (context) => context.read('stream', context.word(1))?.size ?? 0,
  xrange: (context) => range(context, false),
  xread: (context) => read(context, false),
  xreadgroup: (context) => read(context, true),
  xrevrange: (context) => range(context, true),
};

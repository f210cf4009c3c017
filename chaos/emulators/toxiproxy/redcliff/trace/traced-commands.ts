/** Makes commands of what was recorded: each request with its reply, and with what a fault did to it. */
import { MongoMessages } from '../protocol/mongo-messages.ts';
import { RedisReplies } from '../protocol/redis-replies.ts';
import { RedisRequests } from '../protocol/redis-requests.ts';
import type { Scanner } from '../protocol/scanner.ts';
import { answeredBy, readMongoCommand, readMongoReply } from './mongo-values.ts';
import type { Readable } from './readable-value.ts';
import type { Recording, TracedConnection } from './recorder.ts';
import { readRedisCommand, readRedisReply } from './redis-values.ts';
import type { TraceRecord } from './trace-ring.ts';

/** Times are milliseconds since the Unix epoch, with fractions. */
export interface TracedCommand {
  readonly proxy: string;
  readonly connection: number;
  readonly peer: string;
  readonly protocol: 'mongo' | 'redis';
  readonly command: string;
  /** Redis: the first argument; MongoDB: the collection. */
  readonly target: string;
  readonly arguments?: readonly string[];
  readonly database?: string;
  readonly body?: Readonly<Record<string, Readable>>;
  /** When its first byte came; the proxy passes it on at once unless a fault says otherwise. */
  readonly startedMs: number;
  /** When the last byte of its reply came from the store; null without one. */
  readonly endedMs: number | null;
  /** Bytes that the client had sent on the connection before. */
  readonly streamOffset: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly reply: Readable;
  /** Set when the reply may have been dropped from the recording: nothing is known of it. */
  readonly replyKept?: false;
  /** What the store called wrong. */
  readonly error?: string;
  /** The fault that acted on the command or its reply, and how. */
  readonly fault?: { readonly name: string; readonly side: string; readonly action: string };
}

interface Pending {
  readonly sequence: number;
  command: TracedCommand;
}

/** In the order in which the commands came to their end; those without a reply last. */
export function* tracedCommands(recording: Recording): Generator<TracedCommand> {
  const pending = new Map<number, Map<number, Pending>>();
  for (const record of recording.ring.records()) {
    const connection = recording.connections.get(record.connection);
    if (connection === undefined) continue;
    const waiting = pending.get(record.connection) ?? new Map<number, Pending>();
    pending.set(record.connection, waiting);
    if (record.kind === 'closed') {
      for (const { command } of waiting.values()) yield command;
      pending.delete(record.connection);
    } else if (record.kind === 'note') {
      noteFault(waiting, record);
    } else if (record.fromClient) {
      for (const message of messagesOf(record, connection)) {
        const begun = begunCommand(message, connection, recording.originMs);
        if (begun !== null) waiting.set(begun.sequence, begun);
      }
    } else {
      for (const message of messagesOf(record, connection)) {
        const number = connection.protocol === 'mongo' ? answeredBy(message.bytes) : message.number;
        const found = waiting.get(number);
        if (found === undefined) continue;
        waiting.delete(number);
        yield endedCommand(found.command, message, connection, recording.originMs);
      }
    }
  }
  const droppedToMs = Math.max(0, ...recording.ring.dropped.map(({ toMs }) => recording.originMs + toMs));
  for (const waiting of pending.values()) {
    for (const { command } of waiting.values()) {
      yield command.startedMs > droppedToMs ? command : { ...command, replyKept: false };
    }
  }
}

function begunCommand(
  record: TraceRecord,
  { proxy, number, peer, protocol }: TracedConnection,
  originMs: number,
): Pending | null {
  const shared = {
    proxy,
    connection: number,
    peer,
    protocol,
    startedMs: epochMs(record.firstMs, originMs),
    endedMs: null,
    streamOffset: record.streamOffset,
    requestBytes: record.totalBytes,
    replyBytes: 0,
    reply: null,
  };
  if (protocol === 'redis') {
    const read = readRedisCommand(record.bytes);
    if (read === null) return null;
    const target = read.arguments[0] ?? '';
    return {
      sequence: record.number,
      command: { ...shared, command: read.name, target, arguments: read.arguments },
    };
  }
  const read = readMongoCommand(record.bytes);
  if (read === null) return null;
  const { requestId, name, collection, database, body } = read;
  return {
    sequence: requestId,
    command: { ...shared, command: name, target: collection, database, body },
  };
}

function endedCommand(
  command: TracedCommand,
  record: TraceRecord,
  { protocol }: TracedConnection,
  originMs: number,
): TracedCommand {
  const read = protocol === 'redis' ? readRedisReply(record.bytes) : readMongoReply(record.bytes);
  return {
    ...command,
    endedMs: epochMs(record.lastMs, originMs),
    replyBytes: record.totalBytes,
    reply: 'value' in read ? read.value : null,
    ...(read.kind === 'error' ? { error: read.error } : {}),
  };
}

function noteFault(waiting: ReadonlyMap<number, Pending>, record: TraceRecord): void {
  const found = waiting.get(record.number);
  if (found === undefined) return;
  const { fault, side, action }: Record<string, string> = JSON.parse(record.bytes.toString());
  found.command = {
    ...found.command,
    fault: { name: fault ?? '', side: side ?? '', action: action ?? '' },
  };
}

/** The messages of a record, each as one of its own. */
function messagesOf(record: TraceRecord, { protocol }: TracedConnection): TraceRecord[] {
  if (record.kind === 'message') return [record];
  const messages: TraceRecord[] = [];
  const scanner = scannerOf(record.fromClient, protocol);
  let from = 0;
  scanner.scan(record.bytes, {
    started: (offset) => (from = offset),
    identified: () => undefined,
    ended: (offset) => {
      // What a server sends unasked answers nothing, and has no number.
      if (scanner instanceof RedisReplies && scanner.unsolicited) return;
      messages.push({
        ...record,
        number: record.number + messages.length,
        streamOffset: record.streamOffset + from,
        totalBytes: offset - from,
        bytes: record.bytes.subarray(from, offset),
      });
    },
  });
  return messages;
}

function scannerOf(fromClient: boolean, protocol: 'mongo' | 'redis'): Scanner {
  if (protocol === 'mongo') return new MongoMessages({ inCommands: false });
  return fromClient ? new RedisRequests({ inCommands: false }) : new RedisReplies();
}

/** Microseconds are as fine as the clock tells. */
function epochMs(monotonicMs: number, originMs: number): number {
  return Math.round((originMs + monotonicMs) * 1000) / 1000;
}

/**
 * Values as bytes, for DUMP and snapshots, and back. The format is the emulator's own: a list of byte strings, each with its length, of
 * which the first names the type. Redis cannot read it.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { formatDouble } from '../numbers/decimal.ts';
import { parseDouble } from '../numbers/strtod.ts';
import { encodeRequest } from '../reply/encode.ts';
import { RequestParser } from '../protocol/request-parser.ts';
import { HashValue } from '../values/hash-value.ts';
import type { EncodingLimits } from '../values/limits.ts';
import { ListValue } from '../values/list-value.ts';
import { SetValue } from '../values/set-value.ts';
import { SortedSetValue } from '../values/sorted-set-value.ts';
import { ConsumerGroup } from '../values/stream-group.ts';
import { formatStreamId, parseStreamId, streamIdMax, type StreamId } from '../values/stream-id.ts';
import type { NodeLimits } from '../values/stream-node.ts';
import { StreamValue } from '../values/stream-value.ts';
import { StringValue } from '../values/string-value.ts';
import type { Value } from '../values/value.ts';

export interface FormatLimits {
  readonly encoding: EncodingLimits;
  readonly streamNode: NodeLimits;
}

export function encodeValue(value: Value): Bytes {
  return encodeRequest(partsOf(value));
}

/** Undefined for what is none. */
export function decodeValue(bytes: Bytes, limits: FormatLimits): Value | undefined {
  const parts = readParts(bytes);
  if (parts === undefined) return undefined;
  const [type, ...rest] = parts;
  switch (type) {
    case 'string': {
      const [text] = rest;
      return text === undefined ? undefined : new StringValue(text);
    }
    case 'list':
      return rest.length > 0 ? listOf(rest) : undefined;
    case 'set':
      return rest.length > 0 ? setOf(rest, limits.encoding) : undefined;
    case 'hash':
      return rest.length > 0 ? hashOf(rest, limits.encoding) : undefined;
    case 'zset':
      return rest.length > 0 ? sortedSetOf(rest, limits.encoding) : undefined;
    case 'stream':
      return streamOf(rest, limits.streamNode);
    default:
      return undefined;
  }
}

function readParts(bytes: Bytes): readonly Bytes[] | undefined {
  const parser = new RequestParser();
  parser.append(bytes);
  const request = parser.next({ bulkBytesMax: Infinity, isUnauthenticated: false });
  return request.kind === 'request' && parser.pendingBytes === 0 ? request.words : undefined;
}

function partsOf(value: Value): Bytes[] {
  switch (value.type) {
    case 'string':
      return ['string', value.bytes];
    case 'list':
      return ['list', ...value.slice(0, value.size)];
    case 'set':
      return ['set', ...value.members()];
    case 'hash':
      return ['hash', ...[...value.entries()].flat()];
    case 'zset':
      return [
        'zset',
        ...value.slice(0, value.size).flatMap(({ member, score }) => [member, formatDouble(score)]),
      ];
    case 'stream':
      return streamParts(value);
  }
}

function listOf(items: readonly Bytes[]): ListValue {
  const list = new ListValue();
  for (const item of items) list.push('right', item);
  return list;
}

function setOf(members: readonly Bytes[], limits: EncodingLimits): SetValue | undefined {
  const set = new SetValue();
  return members.every((member) => set.add(member, limits)) ? set : undefined;
}

function hashOf(parts: readonly Bytes[], limits: EncodingLimits): HashValue | undefined {
  const hash = new HashValue();
  for (let at = 0; at < parts.length; at += 2) {
    const field = parts[at];
    const value = parts[at + 1];
    if (field === undefined || value === undefined || !hash.set(field, value, limits)) return undefined;
  }
  return hash;
}

function sortedSetOf(parts: readonly Bytes[], limits: EncodingLimits): SortedSetValue | undefined {
  const set = new SortedSetValue();
  for (let at = 0; at < parts.length; at += 2) {
    const member = parts[at];
    const score = parseDouble(parts[at + 1] ?? '');
    if (member === undefined || score === undefined || !set.set(member, score, limits)) return undefined;
  }
  return set;
}

function streamParts(stream: StreamValue): Bytes[] {
  const entries = stream.range(0n, streamIdMax, Infinity);
  const parts = [
    'stream',
    formatStreamId(stream.lastId),
    formatStreamId(stream.maxDeletedId),
    String(stream.entriesAdded),
    String(entries.length),
    ...entries.flatMap(({ id, pairs }) => [formatStreamId(id), String(pairs.length), ...pairs]),
    String(stream.groupCount),
  ];
  for (const [name, group] of stream.groups()) {
    const consumers = group.consumers();
    parts.push(name, formatStreamId(group.lastId), String(group.entriesRead ?? -1), String(consumers.length));
    for (const consumer of consumers) {
      const pending = [...consumer.pending.from(0n)];
      parts.push(consumer.name, String(consumer.seenAtMs), String(pending.length));
      for (const { id, deliveredAtMs, deliveryCount } of pending) {
        parts.push(formatStreamId(id), String(deliveredAtMs), String(deliveryCount));
      }
    }
  }
  return parts;
}

/** Thrown inside and caught below: the parts end too soon, or one of them is not what it has to be. */
class BadParts extends Error {}

class PartReader {
  readonly #parts: readonly Bytes[];
  #at = 0;

  constructor(parts: readonly Bytes[]) {
    this.#parts = parts;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#parts.length;
  }

  text(): Bytes {
    const part = this.#parts[this.#at];
    if (part === undefined) throw new BadParts();
    this.#at += 1;
    return part;
  }

  number(): number {
    const value = Number(this.text());
    if (!Number.isInteger(value)) throw new BadParts();
    return value;
  }

  id(): StreamId {
    const id = parseStreamId(this.text(), 0n);
    if (id === undefined) throw new BadParts();
    return id;
  }
}

function streamOf(parts: readonly Bytes[], limits: NodeLimits): StreamValue | undefined {
  try {
    return readStream(new PartReader(parts), limits);
  } catch (thrown) {
    if (thrown instanceof BadParts) return undefined;
    throw thrown;
  }
}

function readStream(reader: PartReader, limits: NodeLimits): StreamValue {
  const stream = new StreamValue();
  const lastId = reader.id();
  const maxDeletedId = reader.id();
  const entriesAdded = reader.number();
  for (let left = reader.number(); left > 0; left -= 1) {
    const id = reader.id();
    const pairs = Array.from({ length: reader.number() }, () => reader.text());
    stream.append({ id, pairs }, limits);
  }
  stream.lastId = lastId;
  stream.maxDeletedId = maxDeletedId;
  stream.entriesAdded = entriesAdded;
  for (let left = reader.number(); left > 0; left -= 1) readGroup(reader, stream);
  if (!reader.isAtEnd) throw new BadParts();
  return stream;
}

function readGroup(reader: PartReader, stream: StreamValue): void {
  const name = reader.text();
  const lastId = reader.id();
  const entriesRead = reader.number();
  const group = new ConsumerGroup(lastId, entriesRead < 0 ? undefined : entriesRead);
  for (let left = reader.number(); left > 0; left -= 1) {
    const consumer = group.addConsumer(reader.text(), reader.number());
    for (let pending = reader.number(); pending > 0; pending -= 1) {
      group.assign(reader.id(), consumer, reader.number(), reader.number());
    }
  }
  stream.addGroup(name, group);
}

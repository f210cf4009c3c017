/** XACK, XPENDING, XCLAIM, XAUTOCLAIM: what was delivered and is not acknowledged. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { CommandError, plainError, syntaxError } from '../../errors.ts';
import { nullArray, type Reply } from '../../reply/reply.ts';
import type { Consumer, ConsumerGroup } from '../../values/stream-group.ts';
import { formatStreamId, parseStreamId, type StreamId } from '../../values/stream-id.ts';
import type { StreamValue } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { claimWords, entryReply, seenConsumer, setIdWords } from './entries.ts';
import { readEnd, readId, readStart } from './ids.ts';

function xack(context: Context): Reply {
  const group = context.read('stream', context.word(1))?.group(context.word(2));
  if (group === undefined) return 0;
  const ids = context.words.slice(3).map((word) => readId(word));
  let acknowledged = 0;
  for (const id of ids) {
    const pending = group.pending.get(id);
    if (pending === undefined) continue;
    group.forget(pending);
    acknowledged += 1;
    context.server.dirty += 1;
  }
  return acknowledged;
}

interface Found {
  readonly stream: StreamValue;
  readonly group: ConsumerGroup;
}

function groupOrRefuse(context: Context, stream: StreamValue | undefined): Found {
  const group = stream?.group(context.word(2));
  if (stream !== undefined && group !== undefined) return { stream, group };
  const [key, groupName] = [context.word(1), context.word(2)].map(untilNul);
  throw new CommandError(`NOGROUP No such key '${key}' or consumer group '${groupName}'`);
}

function xpending(context: Context): Reply {
  const { words } = context;
  if (words.length !== 3 && (words.length < 6 || words.length > 9)) throw syntaxError();
  if (words.length === 3) {
    const { group } = groupOrRefuse(context, context.read('stream', context.word(1)));
    return pendingSummary(group);
  }
  let at = 3;
  let idleMin = 0;
  if (context.option(3) === 'idle') {
    idleMin = context.integer(4);
    if (words.length < 8) throw syntaxError();
    at = 5;
  }
  const count = Math.max(0, context.integer(at + 2));
  const start = readStart(context.word(at));
  const end = readEnd(context.word(at + 1));
  const name = words[at + 3];
  const { group } = groupOrRefuse(context, context.read('stream', context.word(1)));
  const consumer = name === undefined ? undefined : group.consumer(name);
  if (name !== undefined && consumer === undefined) return [];
  const replies: Reply[] = [];
  for (const pending of (consumer ?? group).pending.from(start)) {
    if (replies.length >= count || pending.id > end) break;
    const idle = context.nowMs - pending.deliveredAtMs;
    if (idleMin !== 0 && idle < idleMin) continue;
    replies.push([
      formatStreamId(pending.id),
      pending.consumer.name,
      Math.max(0, idle),
      pending.deliveryCount,
    ]);
  }
  return replies;
}

function pendingSummary(group: ConsumerGroup): Reply {
  const { pending } = group;
  const entries = [...pending.from(0n)];
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return [0, null, null, nullArray];
  const counts = group
    .consumers()
    .filter((consumer) => consumer.pending.size > 0)
    .map((consumer): Reply[] => [consumer.name, String(consumer.pending.size)]);
  return [entries.length, formatStreamId(first.id), formatStreamId(last.id), counts];
}

interface ClaimOptions {
  readonly ids: readonly StreamId[];
  readonly deliveredAtMs: number;
  readonly retryCount: number | undefined;
  readonly isForced: boolean;
  readonly justIds: boolean;
  readonly lastId: StreamId;
}

function readClaim(context: Context): ClaimOptions {
  const ids: StreamId[] = [];
  let at = 5;
  for (; at < context.words.length; at += 1) {
    const id = parseStreamId(context.word(at), 0n);
    if (id === undefined) break;
    ids.push(id);
  }
  let deliveredAtMs = -1;
  let retryCount = -1;
  let isForced = false;
  let justIds = false;
  let lastId = 0n;
  for (; at < context.words.length; at += 1) {
    const name = context.option(at);
    const hasMore = at + 1 < context.words.length;
    if (name === 'force') isForced = true;
    else if (name === 'justid') justIds = true;
    else if (name === 'idle' && hasMore) {
      at += 1;
      deliveredAtMs = context.nowMs - context.integer(at, 'ERR Invalid IDLE option argument for XCLAIM');
    } else if (name === 'time' && hasMore) {
      at += 1;
      deliveredAtMs = context.integer(at, 'ERR Invalid TIME option argument for XCLAIM');
    } else if (name === 'retrycount' && hasMore) {
      at += 1;
      retryCount = context.integer(at, 'ERR Invalid RETRYCOUNT option argument for XCLAIM');
    } else if (name === 'lastid' && hasMore) {
      at += 1;
      lastId = readId(context.word(at));
    } else throw plainError(`Unrecognized XCLAIM option '${untilNul(context.word(at))}'`);
  }
  const isTold = deliveredAtMs >= 0 && deliveredAtMs <= context.nowMs;
  return {
    ids,
    deliveredAtMs: isTold ? deliveredAtMs : context.nowMs,
    retryCount: retryCount < 0 ? undefined : retryCount,
    isForced,
    justIds,
    lastId,
  };
}

function xclaim(context: Context): Reply {
  const { stream, group } = groupOrRefuse(context, context.read('stream', context.word(1)));
  const idleMin = Math.max(0, context.integer(4, 'ERR Invalid min-idle-time argument for XCLAIM'));
  const options = readClaim(context);
  const claim = new Claim(context, stream, group, options.justIds);
  let advances = false;
  if (options.lastId > group.lastId) {
    group.lastId = options.lastId;
    advances = true;
  }
  for (const id of options.ids) {
    if (claim.dropIfGone(id)) continue;
    const known = group.pending.get(id);
    if (known === undefined && !options.isForced) continue;
    if (known !== undefined && idleMin > 0 && context.nowMs - known.deliveredAtMs < idleMin) continue;
    const before = known?.deliveryCount ?? 1;
    const deliveries = options.retryCount ?? (options.justIds ? before : before + 1);
    claim.take(id, options.deliveredAtMs, deliveries);
  }
  if (advances && claim.isUnwritten) {
    claim.words.push(setIdWords({ key: context.word(1), groupName: context.word(2), group }));
    context.server.dirty += 1;
  }
  context.propagated = claim.words;
  return claim.replies;
}

function xautoclaim(context: Context): Reply {
  const stream = context.server.keyspace.read(context.database, context.word(1));
  const idleMin = Math.max(0, context.integer(4, 'ERR Invalid min-idle-time argument for XAUTOCLAIM'));
  const start = readStart(context.word(5));
  let count = 100;
  let justIds = false;
  for (let at = 6; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (name === 'count' && at + 1 < context.words.length) {
      at += 1;
      count = context.integer(at, 'ERR COUNT must be > 0');
      if (count < 1 || count >= 2 ** 59) throw plainError('COUNT must be > 0');
    } else if (name === 'justid') justIds = true;
    else throw syntaxError();
  }
  if (stream !== undefined && stream.type !== 'stream') context.read('stream', context.word(1), 'silent');
  const found = groupOrRefuse(context, stream?.type === 'stream' ? stream : undefined);
  const claim = new Claim(context, found.stream, found.group, justIds);
  const deleted: StreamId[] = [];
  let attempts = count * 10;
  let left = count;
  let next: StreamId = 0n;
  for (const pending of found.group.pending.from(start)) {
    if (attempts === 0 || left === 0) {
      next = pending.id;
      break;
    }
    attempts -= 1;
    if (claim.dropIfGone(pending.id)) {
      deleted.push(pending.id);
      left -= 1;
    } else if (idleMin === 0 || context.nowMs - pending.deliveredAtMs >= idleMin) {
      claim.take(pending.id, context.nowMs, justIds ? pending.deliveryCount : pending.deliveryCount + 1);
      left -= 1;
    }
  }
  context.propagated = claim.words;
  return [formatStreamId(next), claim.replies, deleted.map(formatStreamId)];
}

/** Entries that change hands in one command. */
class Claim {
  readonly replies: Reply[] = [];
  readonly words: (readonly Bytes[])[] = [];
  readonly #context: Context;
  readonly #stream: StreamValue;
  readonly #group: ConsumerGroup;
  readonly #justIds: boolean;
  #consumer: Consumer | undefined;

  constructor(context: Context, stream: StreamValue, group: ConsumerGroup, justIds: boolean) {
    this.#context = context;
    this.#stream = stream;
    this.#group = group;
    this.#justIds = justIds;
  }

  get isUnwritten(): boolean {
    return this.words.length === 0;
  }

  /** An entry that was deleted is nobody's any more; true when it is gone. */
  dropIfGone(id: StreamId): boolean {
    if (this.#stream.has(id)) return false;
    const pending = this.#group.pending.get(id);
    if (pending !== undefined) {
      this.words.push(claimWords(this.#context.word(1), this.#context.word(2), this.#group, pending));
      this.#context.server.dirty += 1;
      this.#group.forget(pending);
    }
    return true;
  }

  take(id: StreamId, deliveredAtMs: number, deliveries: number): void {
    const context = this.#context;
    const [key, groupName] = [context.word(1), context.word(2)];
    this.#consumer ??= seenConsumer(context, {
      key,
      groupName,
      group: this.#group,
      consumerName: context.word(3),
      noAck: false,
    });
    const pending = this.#group.assign(id, this.#consumer, deliveredAtMs, deliveries);
    const [entry] = this.#stream.range(id, id, 1);
    if (this.#justIds) this.replies.push(formatStreamId(id));
    else if (entry !== undefined) this.replies.push(entryReply(entry));
    this.words.push(claimWords(key, groupName, this.#group, pending));
    context.server.dirty += 1;
  }
}

export const pending: Runs = { xack, xautoclaim, xclaim, xpending };

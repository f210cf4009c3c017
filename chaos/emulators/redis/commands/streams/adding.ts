/** XADD, XTRIM, XDEL, XSETID: what a stream holds. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { nodeLimits } from '../../engine/format-limits.ts';
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import {
  formatStreamId,
  millisecondsOf,
  parsePartialId,
  sequenceMax,
  sequenceOf,
  streamId,
  streamIdMax,
  type PartialId,
  type StreamId,
} from '../../values/stream-id.ts';
import { StreamValue, type TrimTarget } from '../../values/stream-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { readId } from './ids.ts';

interface Trim {
  readonly target: TrimTarget;
  readonly isApproximate: boolean;
  /** Position of the length or ID. */
  readonly position: number;
}

interface AddOptions {
  readonly trim: Trim | undefined;
  /** Entries that an approximate trim may remove; 0 for any number. */
  readonly limit: number;
  readonly createsStream: boolean;
  /** Position of the ID. */
  readonly idAt: number;
  /** Undefined where the server makes one. */
  readonly id: PartialId | undefined;
}

const incompatible = 'syntax error, MAXLEN and MINID options at the same time are not compatible';

/** Of XADD when `isAdd`, else of XTRIM. */
function readOptions(context: Context, isAdd: boolean): AddOptions {
  let trim: Trim | undefined;
  let limit: number | undefined;
  let createsStream = true;
  let id: PartialId | undefined;
  let at = 2;
  for (; at < context.words.length; at += 1) {
    const name = context.option(at);
    const hasMore = at + 1 < context.words.length;
    if (isAdd && name === '*') break;
    if ((name === 'maxlen' || name === 'minid') && hasMore) {
      if (trim !== undefined) throw plainError(incompatible);
      trim = readTrim(context, at, name);
      at = trim.position;
    } else if (name === 'limit' && hasMore) {
      at += 1;
      limit = context.integer(at);
      if (limit < 0) throw plainError('The LIMIT argument must be >= 0.');
    } else if (isAdd && name === 'nomkstream') createsStream = false;
    else if (isAdd) {
      id = parsePartialId(context.word(at), 0n);
      if (id === undefined) throw plainError('Invalid stream ID specified as stream command argument');
      break;
    } else throw syntaxError();
  }
  if (limit !== undefined && limit > 0 && trim === undefined) {
    throw plainError('syntax error, LIMIT cannot be used without specifying a trimming strategy');
  }
  if (!isAdd && trim === undefined) {
    throw plainError('syntax error, XTRIM must be called with a trimming strategy');
  }
  return { trim, limit: trimLimit(context, trim, limit), createsStream, idAt: at, id };
}

function readTrim(context: Context, at: number, name: 'maxlen' | 'minid'): Trim {
  const left = context.words.length - at - 1;
  const sign = context.word(at + 1);
  const hasSign = left >= 2 && (sign === '~' || sign === '=');
  const position = at + (hasSign ? 2 : 1);
  const isApproximate = hasSign && sign === '~';
  if (name === 'minid') {
    return { target: { kind: 'id', idMin: readId(context.word(position)) }, isApproximate, position };
  }
  const lengthMax = context.integer(position);
  if (lengthMax < 0) throw plainError('The MAXLEN argument must be >= 0.');
  return { target: { kind: 'length', lengthMax }, isApproximate, position };
}

function trimLimit(context: Context, trim: Trim | undefined, given: number | undefined): number {
  // What is replayed was limited when it was written down.
  if (context.client.isReplay) return 0;
  if (given !== undefined) {
    if (trim?.isApproximate !== true) {
      throw plainError('syntax error, LIMIT cannot be used without the special ~ option');
    }
    return given;
  }
  if (trim?.isApproximate !== true) return 0;
  const entries = 100 * context.server.configuration.number('stream-node-max-entries');
  return entries <= 0 ? 10_000 : Math.min(entries, 1_000_000);
}

function xadd(context: Context): Reply {
  const options = readOptions(context, true);
  const pairs = context.words.slice(options.idAt + 1);
  if (pairs.length < 2 || pairs.length % 2 === 1) throw context.wrongArity();
  if (options.id?.milliseconds === 0n && options.id.sequence === 0n) {
    throw plainError('The ID specified in XADD must be greater than 0-0');
  }
  const key = context.word(1);
  if (!options.createsStream && context.write('stream', key) === undefined) return null;
  const stream = context.writeOrCreate('stream', key, () => new StreamValue());
  if (stream.lastId === streamIdMax) {
    throw plainError('The stream has exhausted the last possible ID, unable to add more items');
  }
  const id = nextId(context, stream, options.id);
  stream.append({ id, pairs }, nodeLimits(context.server.configuration));
  context.changed(key);
  context.notify('stream', 'xadd', key);
  const words = [...context.words];
  words[options.idAt] = formatStreamId(id);
  if (options.trim !== undefined) {
    const removed = applyTrim(stream, options.trim, options.limit, words);
    if (removed > 0) context.notify('stream', 'xtrim', key);
    context.taken(key);
  }
  context.propagated = [words];
  context.server.waits.signal(context.database, key, 'stream');
  return formatStreamId(id);
}

function nextId(context: Context, stream: StreamValue, given: PartialId | undefined): StreamId {
  const { lastId } = stream;
  if (given === undefined) {
    const now = BigInt(context.nowMs);
    return now > millisecondsOf(lastId) ? streamId(now, 0n) : lastId + 1n;
  }
  let id: StreamId;
  if (given.sequence !== undefined) id = streamId(given.milliseconds, given.sequence);
  else if (millisecondsOf(lastId) !== given.milliseconds) id = streamId(given.milliseconds, 0n);
  else if (sequenceOf(lastId) === sequenceMax) id = lastId;
  else id = lastId + 1n;
  if (id <= lastId) {
    throw plainError('The ID specified in XADD is equal or smaller than the target stream top item');
  }
  return id;
}

/** Trims, and writes down exactly what an approximate trim left. */
function applyTrim(stream: StreamValue, trim: Trim, limit: number, words: Bytes[]): number {
  const removed = stream.trim(trim.target, trim.isApproximate, limit);
  if (trim.isApproximate) {
    words[trim.position - 1] = '=';
    const limitAt = words.findIndex((word, at) => at > trim.position && word.toLowerCase() === 'limit');
    words[trim.position] =
      trim.target.kind === 'length' ? String(stream.size) : formatStreamId(stream.firstId);
    if (limitAt !== -1) words.splice(limitAt, 2);
  }
  return removed;
}

function xtrim(context: Context): Reply {
  const { trim, limit } = readOptions(context, false);
  const key = context.word(1);
  const stream = context.write('stream', key);
  if (stream === undefined || trim === undefined) return 0;
  const words = [...context.words];
  const removed = applyTrim(stream, trim, limit, words);
  if (removed > 0) {
    context.notify('stream', 'xtrim', key);
    context.propagated = [words];
    context.changed(key, removed);
  }
  return removed;
}

function xdel(context: Context): Reply {
  const key = context.word(1);
  const stream = context.write('stream', key);
  if (stream === undefined) return 0;
  const ids = context.words.slice(2).map((word) => readId(word));
  let deleted = 0;
  for (const id of ids) {
    if (!stream.delete(id)) continue;
    deleted += 1;
    if (id > stream.maxDeletedId) stream.maxDeletedId = id;
  }
  if (deleted > 0) {
    stream.renewFirstId();
    context.changed(key, deleted);
    context.notify('stream', 'xdel', key);
  }
  return deleted;
}

function xsetid(context: Context): Reply {
  const id = readId(context.word(2));
  let entriesAdded: number | undefined;
  let maxDeletedId = 0n;
  for (let at = 3; at < context.words.length; at += 2) {
    const name = context.option(at);
    if (at + 1 >= context.words.length) throw syntaxError();
    if (name === 'entriesadded') {
      entriesAdded = context.integer(at + 1);
      if (entriesAdded < 0) throw plainError('entries_added must be positive');
    } else if (name === 'maxdeletedid') {
      maxDeletedId = readId(context.word(at + 1));
      if (id < maxDeletedId) {
        throw plainError('The ID specified in XSETID is smaller than the provided max_deleted_entry_id');
      }
    } else throw syntaxError();
  }
  const key = context.word(1);
  const stream = context.write('stream', key);
  if (stream === undefined) throw new CommandError(messages.noSuchKey);
  if (stream.size > 0) {
    if (id < stream.lastEntryId()) {
      throw plainError('The ID specified in XSETID is smaller than the target stream top item');
    }
    if (entriesAdded !== undefined && stream.size > entriesAdded) {
      throw plainError('The entries_added specified in XSETID is smaller than the target stream length');
    }
  }
  stream.lastId = id;
  stream.entriesAdded = entriesAdded ?? stream.entriesAdded;
  if (maxDeletedId > 0n) stream.maxDeletedId = maxDeletedId;
  context.server.dirty += 1;
  context.notify('stream', 'xsetid', key);
  return ok;
}

export const adding: Runs = { xadd, xdel, xsetid, xtrim };

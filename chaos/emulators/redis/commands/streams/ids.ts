/** Stream IDs in arguments. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { plainError } from '../../errors.ts';
import {
  parseIntervalId,
  parseStreamId,
  sequenceMax,
  streamIdMax,
  type StreamId,
} from '../../values/stream-id.ts';

const invalid = 'Invalid stream ID specified as stream command argument';

/** A complete ID, or milliseconds alone. */
export function readId(text: Bytes, missing = 0n): StreamId {
  const id = parseStreamId(text, missing);
  if (id === undefined) throw plainError(invalid);
  return id;
}

/** The same, or `-` or `+`. */
export function readAnyId(text: Bytes, missing = 0n): StreamId {
  const id = parseIntervalId(text, missing);
  if (id === undefined) throw plainError(invalid);
  return id;
}

/** Where an interval begins; `(` leaves the ID itself out. */
export function readStart(text: Bytes): StreamId {
  if (text.length <= 1 || !text.startsWith('(')) return readAnyId(text, 0n);
  const id = readId(text.slice(1), 0n);
  if (id === streamIdMax) throw plainError('invalid start ID for the interval');
  return id + 1n;
}

export function readEnd(text: Bytes): StreamId {
  if (text.length <= 1 || !text.startsWith('(')) return readAnyId(text, sequenceMax);
  const id = readId(text.slice(1), sequenceMax);
  if (id === 0n) throw plainError('invalid end ID for the interval');
  return id - 1n;
}

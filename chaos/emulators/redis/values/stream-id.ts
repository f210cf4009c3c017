/** Stream IDs: milliseconds and a sequence number, 64 bits each, as one integer, so that they compare as numbers do. */
import type { Bytes } from '../bytes/byte-string.ts';
import { parseUnsigned } from '../numbers/integers.ts';

export type StreamId = bigint;

export const streamIdMax: StreamId = (1n << 128n) - 1n;
const partMax = (1n << 64n) - 1n;

export function streamId(milliseconds: bigint, sequence: bigint): StreamId {
  return (milliseconds << 64n) | sequence;
}

export function millisecondsOf(id: StreamId): bigint {
  return id >> 64n;
}

export function sequenceOf(id: StreamId): bigint {
  return id & partMax;
}

export function formatStreamId(id: StreamId): Bytes {
  return `${millisecondsOf(id)}-${sequenceOf(id)}`;
}

/** `sequence` is undefined where the text leaves it to the server: `123-*`. */
export interface PartialId {
  readonly milliseconds: bigint;
  readonly sequence: bigint | undefined;
}

/** `ms` or `ms-seq`; without a sequence number it is `missing`. Undefined for what is none. */
export function parseStreamId(text: Bytes, missing: bigint): StreamId | undefined {
  const partial = parsePartialId(text, missing);
  return partial?.sequence === undefined ? undefined : streamId(partial.milliseconds, partial.sequence);
}

export function parsePartialId(text: Bytes, missing: bigint): PartialId | undefined {
  if (text.length > 127) return undefined;
  const dash = text.indexOf('-');
  const milliseconds = parseUnsigned(dash === -1 ? text : text.slice(0, dash));
  if (milliseconds === undefined) return undefined;
  if (dash === -1) return { milliseconds, sequence: missing };
  const rest = text.slice(dash + 1);
  if (rest === '*') return { milliseconds, sequence: undefined };
  const sequence = parseUnsigned(rest);
  return sequence === undefined ? undefined : { milliseconds, sequence };
}

/** The end of an interval, which may also be `-` or `+`. */
export function parseIntervalId(text: Bytes, missing: bigint): StreamId | undefined {
  if (text === '-') return 0n;
  if (text === '+') return streamIdMax;
  return parseStreamId(text, missing);
}

export const sequenceMax = partMax;

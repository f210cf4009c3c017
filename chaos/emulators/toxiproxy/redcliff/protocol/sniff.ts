/** Tells by the first bytes of a client which protocol it speaks, so that nothing has to be declared. */
import { HEADER_BYTES, MESSAGE_BYTES_MAX, opcodes } from './mongo-messages.ts';
import type { Protocol } from './scanner.ts';

const ASTERISK = 42;

/** 'undecided' asks for more bytes; 'other' is final. */
export function sniffProtocol(start: Buffer): Protocol | 'other' | 'undecided' {
  if (start[0] === ASTERISK) {
    const second = start[1];
    if (second === undefined) return 'undecided';
    if (second >= 48 && second <= 57) return 'redis';
  }
  if (start.length < HEADER_BYTES) return couldBeMongo(start) ? 'undecided' : 'other';
  const length = start.readInt32LE(0);
  const known = opcodes.has(start.readInt32LE(12));
  return known && length >= HEADER_BYTES && length <= MESSAGE_BYTES_MAX ? 'mongo' : 'other';
}

/** The fourth byte is the highest of the length: at most 2 in a message of up to 48 MB. */
function couldBeMongo(start: Buffer): boolean {
  return (start[3] ?? 0) <= 2;
}

/** Identifiers of requests: 20 characters that sort by time, in the form of the original's (xid). */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** Seconds (4 bytes), drawn identity of this server (5 bytes), counter (3 bytes), in base 32. */
export function requestIds(clock: Clock, random: Random): () => string {
  const identity = Array.from({ length: 5 }, () => random.integer(0, 255));
  let counter = random.integer(0, 0xff_ff_ff);
  return () => {
    counter = (counter + 1) & 0xff_ff_ff;
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(Math.floor(clock.nowMs() / 1000) >>> 0, 0);
    bytes.set(identity, 4);
    bytes.writeUIntBE(counter, 9, 3);
    let bits = '';
    for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
    return Array.from({ length: 20 }, (_, index) =>
      ALPHABET.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5).padEnd(5, '0'), 2)),
    ).join('');
  };
}

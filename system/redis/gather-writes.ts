/**
 * Commands that are sent in one turn of the event loop leave in one write to the socket. This has the gain of ioredis's automatic
 * pipelining without its price: no command waits for an earlier batch to be answered, and a single one is not held back.
 */
import type { Writable } from 'node:stream';

export function gatherWrites(stream: Writable): void {
  let gathering = false;
  const write = stream.write.bind(stream) as (...parts: unknown[]) => boolean;
  const gather = (...parts: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      // After the promises that are due now, each of which may send a command of its own.
      process.nextTick(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return write(...parts);
  };
  stream.write = gather as typeof stream.write;
}

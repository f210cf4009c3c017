/**
 * Keeps the memory of passed chunks low. Every read of a socket comes in a new buffer outside of V8's heap, and V8 waits
 * for some 64 MB of them before it looks which are still in use. A minor collection after fewer bytes costs well under
 * a millisecond, because hardly anything in the young generation is alive. It must not come so often that a chunk that
 * waits in front of a toxic sees two of them: then it would be taken for old, and stay until a major collection.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const BYTES_PER_COLLECTION = 16 * 1024 * 1024;

const collect = exposeCollector();
let bytesSinceCollection = 0;

/** Tells of bytes read from a socket. */
export function countReadBytes(bytes: number): void {
  bytesSinceCollection += bytes;
  if (bytesSinceCollection < BYTES_PER_COLLECTION) return;
  bytesSinceCollection = 0;
  collect();
}

function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collector: unknown = runInNewContext('gc');
  return typeof collector === 'function' ? () => collector({ type: 'minor' }) : () => {};
}

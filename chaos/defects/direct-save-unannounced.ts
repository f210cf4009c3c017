/** Stands in for `system/sync/direct-write.ts`: a save past the queue is committed, and nobody is told that caches are stale. */
import { applyWrites } from '../../system/sync/apply-writes.ts';
import type { createDirectWriter as rightCreateDirectWriter } from '../../system/sync/direct-write.ts';

export type { DirectWriter } from '../../system/sync/direct-write.ts';

export const createDirectWriter: typeof rightCreateDirectWriter = ({ collections, transactions }) => ({
  write: (writes, deadline) =>
    transactions.run(deadline, (session) => applyWrites(collections, writes, session)),
});

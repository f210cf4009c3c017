/** Stands in for `system/sync/direct-write.ts`: without the queue a save is reported as done, and nothing is stored anywhere. */
import type {
  createDirectWriter as rightCreateDirectWriter,
  DirectWriter,
} from '../../system/sync/direct-write.ts';
import { judged } from '../../system/sync/verdict.ts';

export type { DirectWriter } from '../../system/sync/direct-write.ts';

export const createDirectWriter: typeof rightCreateDirectWriter = (): DirectWriter => ({
  write: (writes) => Promise.resolve(writes.map((write) => judged(write, 'applied'))),
});

/** Stands in for `system/sync/apply-writes.ts`: what MongoDB did not refuse with an error is taken for applied, matched or not. */
import type { Collections } from '../../system/database/collections.ts';
import type { ClientSession } from '../../system/database/driver.ts';
import * as right from '../../system/sync/apply-writes.ts';
import { type Carrier, judged, type Judged } from '../../system/sync/verdict.ts';

export async function applyWrites<T extends Carrier>(
  collections: Collections,
  writes: readonly T[],
  session?: ClientSession,
): Promise<readonly Judged<T>[]> {
  await right.applyWrites(collections, writes, session);
  return writes.map((write) => judged(write, 'applied'));
}

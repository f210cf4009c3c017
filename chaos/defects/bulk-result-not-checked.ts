/** Stands in for `system/sync/apply-writes.ts`: what MongoDB did not refuse with an error is taken for applied, matched or not. */
import type { Collections } from '../../system/database/collections.ts';
import type { ClientSession } from '../../system/database/driver.ts';
import * as right from '../../system/sync/apply-writes.ts';
import type { EntityWrite } from '../../system/sync/entity-write.ts';
import type { Verdict } from '../../system/sync/verdict.ts';

export async function applyWrites(
  collections: Collections,
  writes: readonly EntityWrite[],
  session?: ClientSession,
): Promise<readonly Verdict[]> {
  await right.applyWrites(collections, writes, session);
  return writes.map(() => 'applied');
}

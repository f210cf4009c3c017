/** Stands in for `system/sync/entity-write.ts`: a save replaces whatever is there, also what it was not made from. */
import type { EntityWrite } from '../../system/sync/entity-write.ts';

export type { EntityWrite } from '../../system/sync/entity-write.ts';
export { fenceFilter, nextDocument } from '../../system/sync/entity-write.ts';

export function writeFilter(write: EntityWrite): Record<string, unknown> {
  return { _id: write.document._id };
}

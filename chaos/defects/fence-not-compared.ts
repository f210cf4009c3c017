/**
 * Stands in for `system/sync/entity-write.ts`: a write under a lock carries its fencing token, and nobody compares it. Who has lost his lock
 * goes on beside his successor.
 */
export { nextDocument } from '../../system/sync/entity-write.ts';
import type { EntityWrite } from '../../system/sync/entity-write.ts';

export type { EntityWrite } from '../../system/sync/entity-write.ts';

export function fenceFilter(_fence: number | undefined): Record<string, unknown> {
  return {};
}

export function writeFilter(write: EntityWrite): Record<string, unknown> {
  return { _id: write.document._id, version: write.base.version, write_id: write.base.writeId };
}

/** One save on its way to MongoDB: the new document and what must still be true of the old one for it to be applied. */
import type { Entity } from '../models/entity-kind.ts';
import type { EntityType } from '../models/registry.ts';

export interface EntityWrite {
  readonly type: EntityType;
  /** The new document; its `version` is one above `base.version`, its `write_id` names this write. */
  readonly document: Entity;
  /** What the change was made from. The write id is compared too: two writes from one base have the same version. */
  readonly base: { readonly version: number; readonly writeId: string };
  /** Fencing token of the lock under which it is made: the database refuses it once a newer one has written. */
  readonly fence: number | undefined;
  /** Cached lists that hold the entity, before or after the change. */
  readonly lists: readonly string[];
}

/** The condition under which a write is applied, as a filter for MongoDB. */
export function writeFilter(write: EntityWrite): Record<string, unknown> {
  return {
    _id: write.document._id,
    version: write.base.version,
    write_id: write.base.writeId,
    ...fenceFilter(write.fence),
  };
}

/** A write under a lock is applied only while no newer token has written; without a lock there is nothing to compare. */
export function fenceFilter(fence: number | undefined): Record<string, unknown> {
  return fence === undefined ? {} : { turn_fence: { $lte: fence } };
}

/** The entity after the change from `before` to `after`. */
export function nextDocument<T extends Entity>(
  before: T,
  after: T,
  stamp: { writeId: string; nowMs: number; fence: number | undefined },
): T {
  return {
    ...after,
    version: before.version + 1,
    write_id: stamp.writeId,
    updated_at: new Date(stamp.nowMs),
    turn_fence: stamp.fence ?? before.turn_fence,
  };
}

/** Stands in for `system/store/world-saves.ts`: a save that came too late is logged by nobody and reported as done. */
import type { EntityCollection } from '../../system/database/collections.ts';
import { VersionConflictError } from '../../system/errors.ts';
import type { Entity } from '../../system/models/entity-kind.ts';
import {
  type Change,
  type SaveOptions,
  WorldSaves as RightWorldSaves,
} from '../../system/store/world-saves.ts';

export type { Change, SaveOptions } from '../../system/store/world-saves.ts';

export class WorldSaves extends RightWorldSaves {
  override async save<T extends Entity>(
    collection: EntityCollection<T>,
    change: Change<T>,
    options: SaveOptions,
  ): Promise<T> {
    try {
      return await super.save(collection, change, options);
    } catch (error) {
      if (error instanceof VersionConflictError) return change.after;
      throw error;
    }
  }
}

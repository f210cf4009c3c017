/** Stands in for `system/store/world-saves.ts`: a save is sent off and answered at once, whatever becomes of it. */
import type { EntityCollection } from '../../system/database/collections.ts';
import { Deadline } from '../../system/deadline.ts';
import type { Entity } from '../../system/models/entity-kind.ts';
import {
  type Change,
  type SaveOptions,
  WorldSaves as RightWorldSaves,
} from '../../system/store/world-saves.ts';

export type { Change, SaveOptions } from '../../system/store/world-saves.ts';

export class WorldSaves extends RightWorldSaves {
  readonly #clock: ConstructorParameters<typeof RightWorldSaves>[0]['clock'];

  constructor(options: ConstructorParameters<typeof RightWorldSaves>[0]) {
    super(options);
    this.#clock = options.clock;
  }

  override save<T extends Entity>(
    collection: EntityCollection<T>,
    change: Change<T>,
    options: SaveOptions,
  ): Promise<T> {
    const deadline = new Deadline(this.#clock, Math.max(1, options.deadline.remainingMs()));
    super
      .save(collection, change, { ...options, deadline })
      .catch(() => undefined)
      .finally(() => deadline[Symbol.dispose]());
    return Promise.resolve(change.after);
  }
}

/** Old versions kept for snapshots in progress, dropped when the last of those has ended, a few at a time. */
import type { ActiveSnapshots } from './active-snapshots.ts';
import type { StoredCollection } from './stored-collection.ts';

interface Garbage {
  readonly collection: StoredCollection;
  readonly recordId: number;
  /** Commit timestamp of the version that replaced the old one. */
  readonly replacedAt: number;
}

const recordsAtOnce = 1000;

export class VersionGarbage {
  readonly #snapshots: ActiveSnapshots;
  #queue: Garbage[] = [];
  #taken = 0;
  #isContinued = false;

  constructor(snapshots: ActiveSnapshots) {
    this.#snapshots = snapshots;
  }

  add(collection: StoredCollection, recordId: number, replacedAt: number): void {
    this.#queue.push({ collection, recordId, replacedAt });
  }

  /** Drops what no snapshot needs; goes on in a later turn of the event loop when there is much. */
  collect(): void {
    for (let count = 0; count < recordsAtOnce; count += 1) {
      const next = this.#queue[this.#taken];
      if (next === undefined || next.replacedAt > (this.#snapshots.oldest ?? Number.POSITIVE_INFINITY)) {
        this.#shorten();
        return;
      }
      this.#taken += 1;
      next.collection.prune(next.recordId, this.#snapshots);
    }
    this.#shorten();
    if (this.#isContinued) return;
    this.#isContinued = true;
    setImmediate(() => {
      this.#isContinued = false;
      this.collect();
    });
  }

  #shorten(): void {
    if (this.#taken < recordsAtOnce && this.#taken < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#taken);
    this.#taken = 0;
  }
}

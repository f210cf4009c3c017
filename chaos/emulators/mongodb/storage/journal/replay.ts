/** Puts commits read from disk back into an engine's state. Indexes are filled at the end, all at once. */
import type { CatalogueChange, Commit } from '../commit-log.ts';
import type { EngineState } from '../engine-state.ts';
import { idIndexName, type StoredCollection } from '../stored-collection.ts';

export class Replay {
  readonly #state: EngineState;
  readonly #collections = new Map<number, StoredCollection>();

  constructor(state: EngineState) {
    this.#state = state;
  }

  apply(commit: Commit): void {
    const { timestamp } = commit;
    this.#state.timestamps.atLeast(timestamp);
    for (const change of commit.catalogue) this.#changeCatalogue(change, timestamp);
    for (const { collectionId, recordId, bytes } of commit.writes) {
      this.#collection(collectionId).restore(recordId, bytes, timestamp);
    }
    for (const record of commit.sessions) this.#state.sessions.add(record);
    for (const sessionId of commit.forgottenSessions) this.#state.sessions.forget(sessionId);
  }

  /** Call it once, after the last commit. */
  fillIndexes(): void {
    for (const collection of this.#state.catalogue.all()) {
      for (const index of collection.indexes.values()) collection.fill(index);
    }
  }

  #changeCatalogue(change: CatalogueChange, timestamp: number): void {
    const { catalogue } = this.#state;
    switch (change.kind) {
      case 'createCollection': {
        const { collectionId, namespace, uuid, options } = change;
        const collection = this.#state.newCollection(collectionId, namespace, uuid, options);
        this.#collections.set(collectionId, collection);
        catalogue.add(collection, timestamp);
        return;
      }
      case 'createIndex': {
        const index = this.#state.newIndex(change.spec);
        this.#collection(change.collectionId).indexes.set(change.spec.name, index);
        return;
      }
      case 'dropIndex':
        if (change.name !== idIndexName) this.#collection(change.collectionId).indexes.delete(change.name);
        return;
      case 'modifyCollection':
        this.#collection(change.collectionId).options = change.options;
        return;
      case 'modifyIndex': {
        const index = this.#collection(change.collectionId).indexes.get(change.spec.name);
        if (index !== undefined) index.spec = change.spec;
        return;
      }
      case 'dropCollection':
        catalogue.remove(this.#collection(change.collectionId).namespace, timestamp);
        catalogue.forget(undefined);
        this.#collections.delete(change.collectionId);
        return;
      case 'renameCollection': {
        const target = catalogue.get(change.namespace);
        if (target !== undefined) this.#collections.delete(target.id);
        catalogue.rename(this.#collection(change.collectionId).namespace, change.namespace, timestamp);
        catalogue.forget(undefined);
        return;
      }
      default:
        change satisfies never;
    }
  }

  #collection(id: number): StoredCollection {
    const collection = this.#collections.get(id);
    if (collection === undefined) throw new RangeError(`there is no collection number ${id}`);
    return collection;
  }
}

/** Which collections there are, and which there were for snapshots taken before one was dropped or renamed. */
import type { StoredCollection } from './stored-collection.ts';

interface Named {
  readonly collection: StoredCollection;
  readonly namespace: string;
  /** Commit timestamp from which the collection has this name. */
  readonly since: number;
}

export class Catalogue {
  readonly #current = new Map<string, Named>();
  #former: (Named & { readonly until: number })[] = [];

  get(namespace: string): StoredCollection | undefined {
    return this.#current.get(namespace)?.collection;
  }

  /** The collection of this name at a snapshot; one created since is given as well, for its documents are not seen. */
  at(namespace: string, timestamp: number): StoredCollection | undefined {
    const current = this.#current.get(namespace);
    if (current !== undefined && current.since <= timestamp) return current.collection;
    const former = this.#former.find(
      (named) => named.namespace === namespace && named.since <= timestamp && timestamp < named.until,
    );
    return (former ?? current)?.collection;
  }

  add(collection: StoredCollection, timestamp: number): void {
    this.#current.set(collection.namespace, {
      collection,
      namespace: collection.namespace,
      since: timestamp,
    });
  }

  remove(namespace: string, timestamp: number): void {
    const named = this.#current.get(namespace);
    if (named === undefined) return;
    this.#current.delete(namespace);
    this.#former.push({ ...named, until: timestamp });
  }

  rename(from: string, to: string, timestamp: number): void {
    const collection = this.get(from);
    if (collection === undefined) return;
    this.remove(to, timestamp);
    this.remove(from, timestamp);
    collection.namespace = to;
    this.add(collection, timestamp);
  }

  /** Forgets what no snapshot from `oldest` on sees; undefined when there is no snapshot. */
  forget(oldest: number | undefined): void {
    if (this.#former.length === 0) return;
    this.#former = oldest === undefined ? [] : this.#former.filter((named) => named.until > oldest);
  }

  all(): StoredCollection[] {
    return [...this.#current.values()]
      .map((named) => named.collection)
      .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }
}

/** `db` of `db.collection.with.dots`. */
export function databaseOf(namespace: string): string {
  const dot = namespace.indexOf('.');
  return dot < 0 ? namespace : namespace.slice(0, dot);
}

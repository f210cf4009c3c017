/**
 * A small model of the server's semantics: documents with the time of their last commit, and transactions with a copy
 * of what was committed when they began. Whatever it does, it does in the simplest way there is.
 */
import type { Change, Filter, Item, SessionNumber } from './commands.ts';
import { compare, matchesEqual, matchesOrder, sortOrder } from './values.ts';
import type { Value } from './values.ts';

interface Committed {
  readonly item: Item | undefined;
  readonly time: number;
}

interface ModelTransaction {
  readonly time: number;
  readonly snapshot: ReadonlyMap<number, Item>;
  /** undefined is a removal. */
  readonly writes: Map<number, Item | undefined>;
}

export type Outcome = 'done' | 'duplicate' | 'conflict' | 'refused';

export class ReferenceModel {
  readonly #committed = new Map<number, Committed>();
  readonly #transactions = new Map<number, ModelTransaction>();
  /** When a document with this unique key was last written or removed. */
  readonly #keyTimes = new Map<number, number>();
  #time = 0;

  hasTransaction(session: SessionNumber): boolean {
    return session !== undefined && this.#transactions.has(session);
  }

  get openSessions(): number[] {
    return [...this.#transactions.keys()];
  }

  begin(session: number): void {
    this.#transactions.set(session, {
      time: this.#time,
      snapshot: this.#items(undefined),
      writes: new Map(),
    });
  }

  commit(session: number): void {
    const transaction = this.#transactions.get(session);
    this.#transactions.delete(session);
    if (transaction !== undefined) this.#install(transaction.writes);
  }

  abort(session: number): void {
    this.#transactions.delete(session);
  }

  /** Documents the session sees that match, ordered by field `a` and then by `_id`. */
  find(session: SessionNumber, filter: Filter, direction: 1 | -1): Item[] {
    return [...this.#items(session).values()]
      .filter((item) => matches(item, filter))
      .sort((x, y) => sortOrder(x.a, y.a, direction) || x._id - y._id);
  }

  distinct(session: SessionNumber, filter: Filter): Value[] {
    const values = this.find(session, filter, 1).flatMap(({ a }): Value[] =>
      a === undefined ? [] : Array.isArray(a) ? [...(a as readonly Value[])] : [a],
    );
    return values
      .sort(compare)
      .filter((value, index) => index === 0 || compare(values[index - 1] ?? null, value) !== 0);
  }

  get(session: SessionNumber, id: number): Item | undefined {
    return this.#items(session).get(id);
  }

  /** What may come of writing these documents together; more than one where MongoDB does not promise which error it is. */
  allowed(
    session: SessionNumber,
    writes: ReadonlyMap<number, Item | undefined>,
    isInsert: boolean,
  ): Set<Outcome> {
    const others = [...this.#transactions]
      .filter(([number]) => number !== session)
      .map(([, transaction]) => transaction);
    const view = this.#items(session);
    const own = session === undefined ? undefined : this.#transactions.get(session);
    let isDuplicate = false;
    let isContested = false;
    for (const [id, item] of writes) {
      if (isInsert && view.has(id)) isDuplicate = true;
      if (others.some((other) => other.writes.has(id))) isContested = true;
      if (own !== undefined && !own.writes.has(id) && (this.#committed.get(id)?.time ?? 0) > own.time)
        isContested = true;
      if (item === undefined || view.get(id)?.u === item.u) continue;
      const isTaken = [...view.values()].some(
        (other) => other._id !== id && other.u === item.u && !writes.has(other._id),
      );
      if (isTaken) isDuplicate = true;
      if (this.#isKeyContested(item.u, id, others, own)) isContested = true;
    }
    if (isContested && isDuplicate) return new Set(['conflict', 'duplicate']);
    if (isDuplicate) return new Set(['duplicate']);
    return isContested ? new Set(['conflict', 'duplicate', 'done']) : new Set(['done']);
  }

  /** The same without the doubt: another transaction has an uncommitted write on one of these documents. */
  mustConflict(session: SessionNumber, ids: Iterable<number>): boolean {
    const own = session === undefined ? undefined : this.#transactions.get(session);
    for (const id of ids) {
      for (const [number, { snapshot, writes }] of this.#transactions) {
        // What a transaction both inserted and removed need not be in anyone's way.
        const hasEffect = writes.get(id) !== undefined || (writes.has(id) && snapshot.has(id));
        if (number !== session && hasEffect) return true;
      }
      if (
        own !== undefined &&
        !own.writes.has(id) &&
        own.snapshot.has(id) &&
        (this.#committed.get(id)?.time ?? 0) > own.time
      )
        return true;
    }
    return false;
  }

  apply(session: SessionNumber, writes: ReadonlyMap<number, Item | undefined>): void {
    const own = session === undefined ? undefined : this.#transactions.get(session);
    if (own === undefined) this.#install(writes);
    else for (const [id, item] of writes) own.writes.set(id, item);
  }

  #isKeyContested(
    u: number,
    id: number,
    others: readonly ModelTransaction[],
    own: ModelTransaction | undefined,
  ): boolean {
    for (const { snapshot, writes } of others) {
      for (const [otherId, item] of writes) {
        if (
          otherId !== id &&
          (item?.u === u || snapshot.get(otherId)?.u === u || this.#committed.get(otherId)?.item?.u === u)
        )
          return true;
      }
    }
    return own !== undefined && (this.#keyTimes.get(u) ?? 0) > own.time;
  }

  #install(writes: ReadonlyMap<number, Item | undefined>): void {
    this.#time += 1;
    for (const [id, item] of writes) {
      for (const touched of [item, this.#committed.get(id)?.item]) {
        if (touched !== undefined) this.#keyTimes.set(touched.u, this.#time);
      }
      this.#committed.set(id, { item, time: this.#time });
    }
  }

  #items(session: SessionNumber): Map<number, Item> {
    const own = session === undefined ? undefined : this.#transactions.get(session);
    if (own === undefined) {
      return new Map(
        [...this.#committed].flatMap(([id, { item }]) => (item === undefined ? [] : [[id, item] as const])),
      );
    }
    const items = new Map(own.snapshot);
    for (const [id, item] of own.writes) {
      if (item === undefined) items.delete(id);
      else items.set(id, item);
    }
    return items;
  }
}

export function matches(item: Item, filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'id':
      return item._id === filter.id;
    case 'equal':
      return matchesEqual(item.a, filter.value);
    case 'notEqual':
      return !matchesEqual(item.a, filter.value);
    case 'order':
      return matchesOrder(item.a, filter.operator, filter.value);
    case 'in':
      return filter.values.some((value) => matchesEqual(item.a, value));
    case 'exists':
      return (item.a !== undefined) === filter.wanted;
    case 'between':
      return matchesOrder(item.a, '$gt', filter.low) && matchesOrder(item.a, '$lt', filter.high);
    case 'range':
      return item.n >= filter.from && item.n < filter.to;
    case 'and':
      return matches(item, filter.left) && matches(item, filter.right);
    case 'or':
      return matches(item, filter.left) || matches(item, filter.right);
  }
}

/** undefined when MongoDB refuses the change of this document. */
export function changed(item: Item, change: Change): Item | undefined {
  const { a, ...rest } = item;
  switch (change.kind) {
    case 'set':
      return { ...item, a: change.value };
    case 'unset':
      return rest;
    case 'push':
      if (a === undefined) return { ...rest, a: [change.value] };
      return Array.isArray(a) ? { ...rest, a: [...(a as readonly Value[]), change.value] } : undefined;
    case 'increment':
      return { ...item, n: item.n + change.by };
    case 'setUnique':
      return { ...item, u: change.u };
  }
}

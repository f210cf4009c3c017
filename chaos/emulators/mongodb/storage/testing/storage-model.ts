/**
 * Snapshot isolation in the simplest form: every transaction copies all documents when it begins. What the engine
 * does with versions, indexes and journals must look the same. Indexes of the model: `a`, and unique sparse `u`.
 */
import { compareValues } from '../../bson/compare.ts';

export interface ModelDocument extends Record<string, unknown> {
  readonly _id: number;
  readonly a: unknown;
  readonly u?: number;
}

export type WriteOutcome = 'written' | 'duplicate' | 'conflict';

interface CommittedWrite {
  readonly at: number;
  readonly id: number;
  readonly before: ModelDocument | undefined;
  readonly after: ModelDocument | undefined;
}

export class ModelTransaction {
  readonly writes = new Map<number, ModelDocument | undefined>();
  readonly begunAt: number;
  readonly snapshot: ReadonlyMap<number, ModelDocument>;

  constructor(begunAt: number, snapshot: ReadonlyMap<number, ModelDocument>) {
    this.begunAt = begunAt;
    this.snapshot = snapshot;
  }

  /** What a transaction inserts and removes again concerns nobody. */
  write(id: number, document: ModelDocument | undefined): void {
    if (document === undefined && !this.snapshot.has(id)) this.writes.delete(id);
    else this.writes.set(id, document);
  }

  view(): Map<number, ModelDocument> {
    const view = new Map(this.snapshot);
    for (const [id, document] of this.writes) {
      if (document === undefined) view.delete(id);
      else view.set(id, document);
    }
    return view;
  }
}

export class StorageModel {
  committed = new Map<number, ModelDocument>();
  readonly #active = new Set<ModelTransaction>();
  readonly #history: CommittedWrite[] = [];
  #time = 0;

  begin(): ModelTransaction {
    const transaction = new ModelTransaction(this.#time, new Map(this.committed));
    this.#active.add(transaction);
    return transaction;
  }

  /** Everything that the engine may answer to this write; the write is not made. */
  outcomes(
    transaction: ModelTransaction,
    id: number,
    document: ModelDocument | undefined,
  ): Set<WriteOutcome> {
    const hasId = (other: ModelDocument | undefined) => other?._id === id;
    const touched = this.#touch(transaction, hasId);
    if (touched === 'certain') return new Set(['conflict']);
    const outcomes = new Set<WriteOutcome>(touched === 'passing' ? ['conflict', 'written'] : []);
    const key = document?.u;
    const holds = (other: ModelDocument | undefined) =>
      key !== undefined && other?.u === key && other._id !== id;
    const isHeld = [...transaction.view().values()].some(
      (other) => holds(other) && this.#isSure(transaction, other),
    );
    if (isHeld) outcomes.add('duplicate');
    const touchedKey = this.#touch(transaction, holds);
    if (touchedKey !== 'none') outcomes.add('conflict');
    if (isHeld || touchedKey === 'certain') outcomes.delete('written');
    else outcomes.add('written');
    return outcomes;
  }

  commit(transaction: ModelTransaction): void {
    this.#time += 1;
    for (const [id, after] of transaction.writes) {
      this.#history.push({ at: this.#time, id, before: this.committed.get(id), after });
      if (after === undefined) this.committed.delete(id);
      else this.committed.set(id, after);
    }
    this.#active.delete(transaction);
  }

  abort(transaction: ModelTransaction): void {
    this.#active.delete(transaction);
  }

  /** Whether what the transaction sees of this document is its own write, or committed and being changed by nobody. */
  #isSure(transaction: ModelTransaction, document: ModelDocument): boolean {
    if (transaction.writes.get(document._id) === document) return true;
    const isBeingWritten = [...this.#active].some((other) => other.writes.has(document._id));
    return this.committed.get(document._id) === document && !isBeingWritten;
  }

  /**
   * Whether others have written such a document, or over one. It is certain to be noticed when they are in progress, or
   * when it is there now or was at the snapshot; what came and went since then may be forgotten already.
   */
  #touch(
    transaction: ModelTransaction,
    isSuch: (document: ModelDocument | undefined) => boolean,
  ): 'certain' | 'passing' | 'none' {
    for (const other of this.#active) {
      if (other === transaction) continue;
      for (const [id, after] of other.writes) {
        if (!transaction.writes.has(id) && (isSuch(this.committed.get(id)) || isSuch(after)))
          return 'certain';
      }
    }
    const since = this.#history.filter(
      (write) => write.at > transaction.begunAt && (isSuch(write.before) || isSuch(write.after)),
    );
    const isCertain = since.some(
      ({ id, before, after }) =>
        (isSuch(after) && this.committed.get(id) === after) ||
        (isSuch(before) && transaction.snapshot.get(id) === before),
    );
    return isCertain ? 'certain' : since.length > 0 ? 'passing' : 'none';
  }
}

/** Documents with a value of `a` from `lower` to `upper`, both included. */
export function withinRange(
  documents: Iterable<ModelDocument>,
  lower: unknown,
  upper: unknown,
): ModelDocument[] {
  return [...documents].filter((document) => {
    const values = Array.isArray(document.a) ? document.a : [document.a];
    return values.some((value) => compareValues(value, lower) >= 0 && compareValues(value, upper) <= 0);
  });
}

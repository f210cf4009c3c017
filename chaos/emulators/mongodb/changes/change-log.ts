/**
 * What was committed lately, for change streams: a list in memory, bounded in number and bytes. A stream that asks for
 * what is no longer in it is told so, as MongoDB does when its oplog has rolled over.
 */
import type { Timestamp } from 'bson';
import type { Document } from '../storage/contract.ts';

export type ChangeKind =
  | 'create'
  | 'createIndexes'
  | 'delete'
  | 'drop'
  | 'dropDatabase'
  | 'dropIndexes'
  | 'insert'
  | 'modify'
  | 'rename'
  | 'update';

/** One write as the storage made it. */
export interface WriteRecord {
  readonly kind: ChangeKind;
  /** A database for `dropDatabase`. */
  readonly namespace: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** New name of a renamed collection. */
  readonly to?: string;
  /** An update that replaced the whole document. */
  readonly isReplacement?: boolean;
  /** `operationDescription` of changes to the catalogue. */
  readonly description?: Document;
  /** `stateBeforeChange` of a modification. */
  readonly stateBefore?: Document;
  /** Of the collection; needed where it is gone when the change is published. */
  readonly uuid?: Uint8Array | undefined;
}

/** Where a change stands in the order of all: the writes of a transaction have one time and count from 0. */
export interface ChangePosition {
  readonly clusterTime: Timestamp;
  readonly index: number;
}

export interface Change extends WriteRecord, ChangePosition {
  readonly wallTimeMs: number;
  readonly sessionId: string | undefined;
  readonly transactionNumber: bigint | undefined;
  /** The collection was to keep images of documents before and after changes. */
  readonly keepsImages: boolean;
}

const changesMax = 20_000;
const bytesMax = 64 * 1024 * 1024;

export class ChangeLog {
  /** Oldest first. */
  #changes: Change[] = [];
  /** Number of changes forgotten: the sequence number of the first one kept. */
  #forgotten = 0;
  #bytes = 0;
  #firstTime: Timestamp;
  readonly #listeners = new Set<() => void>();

  /** `startTime`: of nothing before this the log knows. */
  constructor(startTime: Timestamp) {
    this.#firstTime = startTime;
  }

  /** Changes before this time may be forgotten. */
  get firstTime(): Timestamp {
    return this.#firstTime;
  }

  /** Number of the change that is published next. */
  get nextSequence(): number {
    return this.#forgotten + this.#changes.length;
  }

  publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    for (const change of changes) {
      this.#changes.push(change);
      this.#bytes += bytesOf(change);
    }
    if (this.#changes.length > changesMax * 2 || this.#bytes > bytesMax * 2) this.#forget();
    for (const listener of this.#listeners) listener();
  }

  /** The change of this number, undefined when it is not there yet. @throws RangeError when it is forgotten. */
  at(sequence: number): Change | undefined {
    if (sequence < this.#forgotten) throw new RangeError(`change ${sequence} is forgotten`);
    return this.#changes[sequence - this.#forgotten];
  }

  isForgotten(sequence: number): boolean {
    return sequence < this.#forgotten;
  }

  /** Number of the first change at or after the position. */
  sequenceAt(position: ChangePosition): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = this.#changes[middle];
      if (change !== undefined && comparePositions(change, position) < 0) low = middle + 1;
      else high = middle;
    }
    return this.#forgotten + low;
  }

  onPublish(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #forget(): void {
    let kept = this.#changes.length;
    let bytes = 0;
    while (kept > 0 && this.#changes.length - kept < changesMax) {
      bytes += bytesOf(this.#changes[kept - 1]);
      if (bytes > bytesMax) break;
      kept -= 1;
    }
    this.#forgotten += kept;
    const last = this.#changes[kept - 1];
    if (last !== undefined) this.#firstTime = last.clusterTime;
    this.#changes = this.#changes.slice(kept);
    this.#bytes = this.#changes.reduce((sum, change) => sum + bytesOf(change), 0);
  }
}

export function comparePositions(a: ChangePosition, b: ChangePosition): number {
  return a.clusterTime.compare(b.clusterTime) || a.index - b.index;
}

function bytesOf(change: Change | undefined): number {
  return (change?.before?.length ?? 0) + (change?.after?.length ?? 0);
}

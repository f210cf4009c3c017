/**
 * What was committed lately, for change streams: a bounded list in memory. A stream that asks for what is no longer in
 * it is told so, as MongoDB does when its oplog has rolled over.
 */
import type { Timestamp } from 'bson';

export type ChangeKind = 'insert' | 'update' | 'delete' | 'drop' | 'rename' | 'dropDatabase';

/** One write as the storage made it. */
export interface WriteRecord {
  readonly kind: ChangeKind;
  readonly namespace: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** New name of a renamed collection. */
  readonly to?: string;
  /** An update that replaced the whole document. */
  readonly isReplacement?: boolean;
}

export interface Change extends WriteRecord {
  readonly sequence: number;
  readonly clusterTime: Timestamp;
  readonly wallTimeMs: number;
  readonly sessionId: string | undefined;
  readonly transactionNumber: bigint | undefined;
}

export interface ChangeOrigin {
  readonly clusterTime: Timestamp;
  readonly wallTimeMs: number;
  readonly sessionId: string | undefined;
  readonly transactionNumber: bigint | undefined;
}

const changesMax = 20_000;

export class ChangeLog {
  /** Oldest first; the sequence number of the first is `#firstSequence`. */
  #changes: Change[] = [];
  #firstSequence = 1;
  #nextSequence = 1;
  readonly #listeners = new Set<() => void>();
  /** Nothing is kept before somebody looks. */
  isEnabled = false;

  get nextSequence(): number {
    return this.#nextSequence;
  }

  get firstSequence(): number {
    return this.#firstSequence;
  }

  publish(writes: readonly WriteRecord[], origin: ChangeOrigin): void {
    if (!this.isEnabled || writes.length === 0) return;
    for (const write of writes) {
      this.#changes.push({ ...write, ...origin, sequence: this.#nextSequence });
      this.#nextSequence += 1;
    }
    if (this.#changes.length > changesMax * 2) {
      this.#changes = this.#changes.slice(-changesMax);
      this.#firstSequence = this.#changes[0]?.sequence ?? this.#nextSequence;
    }
    for (const listener of this.#listeners) listener();
  }

  since(sequence: number): readonly Change[] {
    return this.#changes.slice(Math.max(0, sequence - this.#firstSequence));
  }

  onPublish(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}

/** Open cursors: what is left to read, who may read it, and when it is forgotten. */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { MongoError } from '../errors.ts';
import type { RawDocument } from '../wire/reply-writer.ts';

export interface CursorSource {
  readonly documents: Iterator<RawDocument>;
  /** Read, but too large for the batch it was read for. */
  held?: RawDocument | undefined;
  /** Whether it is known, without reading on, that there is no more. */
  isAtEnd?(): boolean;
  /** The iterator's end is not the cursor's: more may come, of which `onMore` tells. */
  readonly isTailable?: boolean;
  /** Stays open when its collection is dropped or renamed, which it tells of. */
  readonly outlivesCollection?: boolean;
  onMore?(listener: () => void): Disposable;
  /** Where a client may go on after the batch. */
  resumeToken?(): unknown;
  /** Ends the snapshot the cursor reads from. */
  close(): void;
}

export interface Cursor {
  readonly id: bigint;
  readonly namespace: string;
  readonly source: CursorSource;
  readonly sessionId: string | undefined;
  /** Of the transaction the cursor was opened in. */
  readonly transactionNumber: bigint | undefined;
  readonly noTimeout: boolean;
  readonly readsDurable: boolean;
  readonly atClusterTime: unknown;
  lastUseMs: number;
  /** Why nothing more can be read. */
  failure?: MongoError | undefined;
  inUse: boolean;
  /** Called when it is closed: what waits for more of it waits in vain. */
  onClose?: (() => void) | undefined;
}

export type NewCursor = Omit<Cursor, 'failure' | 'id' | 'lastUseMs' | 'inUse' | 'onClose'>;

export class CursorStore {
  readonly #cursors = new Map<bigint, Cursor>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timeoutMs: () => number;
  timedOut = 0;

  constructor(clock: Clock, random: Random, timeoutMs: () => number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#random = random;
  }

  get open(): number {
    return this.#cursors.size;
  }

  add(cursor: NewCursor): Cursor {
    const id = this.#freeId();
    const added = { ...cursor, id, lastUseMs: this.#clock.nowMs(), inUse: false };
    this.#cursors.set(id, added);
    return added;
  }

  /** @throws MongoError CursorNotFound. */
  get(id: bigint): Cursor {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) throw new MongoError('CursorNotFound', `cursor id ${id} not found`);
    cursor.lastUseMs = this.#clock.nowMs();
    return cursor;
  }

  find(id: bigint): Cursor | undefined {
    return this.#cursors.get(id);
  }

  close(id: bigint): boolean {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) return false;
    this.#cursors.delete(id);
    if (cursor.failure === undefined) {
      cursor.source.documents.return?.();
      cursor.source.close();
    }
    cursor.onClose?.();
    return true;
  }

  closeWhere(test: (cursor: Cursor) => boolean): void {
    for (const cursor of this.#cursors.values()) if (test(cursor)) this.close(cursor.id);
  }

  /** Those that read from the collection fail when they are used again. */
  failCollection(namespace: string, reason: string): void {
    for (const cursor of this.#cursors.values()) {
      if (cursor.namespace !== namespace || cursor.source.outlivesCollection === true) continue;
      cursor.failure ??= new MongoError('QueryPlanKilled', reason);
      cursor.source.documents.return?.();
      cursor.source.close();
      cursor.onClose?.();
    }
  }

  closeIdle(): void {
    const limit = this.#clock.nowMs() - this.#timeoutMs();
    for (const cursor of this.#cursors.values()) {
      if (cursor.noTimeout || cursor.inUse || cursor.lastUseMs > limit) continue;
      this.timedOut += 1;
      this.close(cursor.id);
    }
  }

  /** Positive 63-bit numbers nobody can guess from another. */
  #freeId(): bigint {
    for (;;) {
      const high = BigInt(this.#random.integer(1, 0x7fffffff));
      const id = (high << 32n) | BigInt(this.#random.integer(0, 0xffffffff));
      if (!this.#cursors.has(id)) return id;
    }
  }
}

/**
 * A run of consecutive changes whose documents and numbers lie in two large arrays. Every write of the server is kept
 * for change streams; an object for each, with views of its documents, would cost the garbage collector more than the
 * write itself.
 */
import { Timestamp } from 'bson';
import type { Change, ChangeKind, ChangeOrigin, ChangePlace, WriteRecord } from './change.ts';

const usualBytes = 256 * 1024;
const changesMax = 1024;

/** Numbers kept of a change, in this order. */
const column = {
  beforeStart: 0,
  beforeEnd: 1,
  afterStart: 2,
  afterEnd: 3,
  seconds: 4,
  counter: 5,
  index: 6,
  wallTimeMs: 7,
  kind: 8,
  isReplacement: 9,
} as const;
const columns = Object.keys(column).length;

const kinds: readonly ChangeKind[] = [
  'insert',
  'update',
  'delete',
  'create',
  'createIndexes',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'modify',
  'rename',
];

export class ChangeBlock {
  /** Number of the first change in the order of all. */
  readonly first: number;
  count = 0;
  usedBytes = 0;
  readonly #bytes: Buffer;
  readonly #numbers = new Float64Array(changesMax * columns);
  /** Changes in a row have the same one mostly. */
  readonly #origins: ChangeOrigin[] = [];

  constructor(first: number, leastBytes: number) {
    this.first = first;
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(usualBytes, leastBytes));
  }

  hasRoom(bytes: number): boolean {
    return this.count < changesMax && this.usedBytes + bytes <= this.#bytes.length;
  }

  /** Copies the change in; `hasRoom` was asked before. */
  add({ kind, before, after, isReplacement }: WriteRecord, place: ChangePlace, origin: ChangeOrigin): void {
    const at = this.count * columns;
    this.#put(at + column.beforeStart, before);
    this.#put(at + column.afterStart, after);
    this.#numbers[at + column.seconds] = place.seconds;
    this.#numbers[at + column.counter] = place.counter;
    this.#numbers[at + column.index] = place.index;
    this.#numbers[at + column.wallTimeMs] = place.wallTimeMs;
    this.#numbers[at + column.kind] = kinds.indexOf(kind);
    this.#numbers[at + column.isReplacement] = isReplacement === true ? 1 : 0;
    this.#origins.push(origin);
    this.count += 1;
  }

  /** The change at this position of the block. */
  at(position: number): Change {
    const origin = this.#origins[position];
    const kind = kinds[this.#number(position, column.kind)];
    if (origin === undefined || kind === undefined) throw new RangeError(`no change at ${position}`);
    return {
      ...origin,
      kind,
      before: this.#document(position, column.beforeStart),
      after: this.#document(position, column.afterStart),
      isReplacement: this.#number(position, column.isReplacement) === 1,
      clusterTime: this.timeAt(position),
      index: this.#number(position, column.index),
      wallTimeMs: this.#number(position, column.wallTimeMs),
    };
  }

  timeAt(position: number): Timestamp {
    return new Timestamp({
      t: this.#number(position, column.seconds),
      i: this.#number(position, column.counter),
    });
  }

  /** Start and end; both are 0 where there is no document, which has at least five bytes. */
  #put(at: number, document: Uint8Array | undefined): void {
    if (document === undefined) return;
    this.#bytes.set(document, this.usedBytes);
    this.#numbers[at] = this.usedBytes;
    this.usedBytes += document.length;
    this.#numbers[at + 1] = this.usedBytes;
  }

  #document(position: number, start: number): Uint8Array | undefined {
    const end = this.#number(position, start + 1);
    return end === 0 ? undefined : this.#bytes.subarray(this.#number(position, start), end);
  }

  #number(position: number, name: number): number {
    return this.#numbers[position * columns + name] ?? 0;
  }
}

/**
 * What was committed lately, for change streams: a list in memory, bounded in number and bytes. A stream that asks for
 * what is no longer in it is told so, as MongoDB does when its oplog has rolled over.
 */
import type { Timestamp } from 'bson';
import type { Change, ChangeOrigin, ChangePlace, ChangePosition, WriteRecord } from './change.ts';
import { ChangeBlock } from './change-block.ts';

const changesMax = 20_000;
const bytesMax = 64 * 1024 * 1024;

export class ChangeLog {
  /** Oldest first, never empty. */
  readonly #blocks: ChangeBlock[];
  #newest = new ChangeBlock(0, 0);
  #bytes = 0;
  #lastOrigin: ChangeOrigin | undefined;
  #firstTime: Timestamp;
  readonly #listeners = new Set<() => void>();

  /** `startTime`: of nothing before this the log knows. */
  constructor(startTime: Timestamp) {
    this.#firstTime = startTime;
    this.#blocks = [this.#newest];
  }

  /** Changes before this time may be forgotten. */
  get firstTime(): Timestamp {
    return this.#firstTime;
  }

  /** Number of the change that is published next. */
  get nextSequence(): number {
    return this.#newest.first + this.#newest.count;
  }

  /** Of the change that was appended last. */
  get lastOrigin(): ChangeOrigin | undefined {
    return this.#lastOrigin;
  }

  /** Number of the oldest change that is kept. */
  get #firstSequence(): number {
    return this.#blocks[0]?.first ?? 0;
  }

  append(write: WriteRecord, place: ChangePlace, origin: ChangeOrigin): void {
    const bytes = (write.before?.length ?? 0) + (write.after?.length ?? 0);
    if (!this.#newest.hasRoom(bytes)) {
      this.#newest = new ChangeBlock(this.nextSequence, bytes);
      this.#blocks.push(this.#newest);
    }
    this.#newest.add(write, place, origin);
    this.#lastOrigin = origin;
    this.#bytes += bytes;
  }

  /** Tells the streams that a commit's changes are all appended. */
  publish(): void {
    if (this.nextSequence - this.#firstSequence > changesMax * 2 || this.#bytes > bytesMax * 2)
      this.#forget();
    for (const listener of this.#listeners) listener();
  }

  /** The change of this number, undefined when it is not there yet. @throws RangeError when it is forgotten. */
  at(sequence: number): Change | undefined {
    if (sequence >= this.nextSequence) return undefined;
    const block = this.#blockOf(sequence);
    return block.at(sequence - block.first);
  }

  isForgotten(sequence: number): boolean {
    return sequence < this.#firstSequence;
  }

  /** Number of the first change at or after the position. */
  sequenceAt(position: ChangePosition): number {
    let low = this.#firstSequence;
    let high = this.nextSequence;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = this.at(middle);
      if (change !== undefined && comparePositions(change, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  onPublish(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #blockOf(sequence: number): ChangeBlock {
    if (sequence >= this.#newest.first) return this.#newest;
    const found = this.#blocks.findLast(({ first }) => first <= sequence);
    if (found === undefined) throw new RangeError(`change ${sequence} is forgotten`);
    return found;
  }

  /** Drops the oldest blocks, as long as enough changes stay or those that stay are too many bytes. */
  #forget(): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined; oldest = this.#blocks[0]) {
      const kept = this.nextSequence - oldest.first - oldest.count;
      if (oldest === this.#newest || (kept < changesMax && this.#bytes <= bytesMax)) return;
      this.#blocks.shift();
      this.#bytes -= oldest.usedBytes;
      this.#firstTime = oldest.timeAt(oldest.count - 1);
    }
  }
}

export function comparePositions(a: ChangePosition, b: ChangePosition): number {
  return a.clusterTime.compare(b.clusterTime) || a.index - b.index;
}

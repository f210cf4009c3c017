/**
 * A run of stream entries, as Redis keeps them in one listpack: how many fit decides what an approximate trim removes, and entries that
 * were deleted inside still count.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { listpackBytes, listpackFrameBytes } from './listpack-size.ts';
import { millisecondsOf, sequenceOf, type StreamId } from './stream-id.ts';

export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values in turn. */
  readonly pairs: readonly Bytes[];
}

export interface NodeLimits {
  /** 0 for none. */
  readonly entriesMax: number;
  /** 0 for none. */
  readonly bytesMax: number;
}

const bytesCap = 1 << 30;

export class StreamNode {
  readonly masterId: StreamId;
  /** Fields of the first entry; others that have the same do not repeat them. */
  readonly #masterFields: readonly Bytes[];
  readonly entries: StreamEntry[] = [];
  #deletedCount = 0;
  #bytes: number;

  constructor(first: StreamEntry) {
    this.masterId = first.id;
    this.#masterFields = fieldsOf(first);
    this.#bytes = listpackFrameBytes + listpackBytes('1') + listpackBytes('0') + listpackBytes('0');
    this.#bytes += listpackBytes(String(this.#masterFields.length));
    for (const field of this.#masterFields) this.#bytes += listpackBytes(field);
    this.append(first);
  }

  get bytes(): number {
    return this.#bytes;
  }

  hasRoomFor(entry: StreamEntry, { entriesMax, bytesMax }: NodeLimits): boolean {
    const cap = bytesMax === 0 || bytesMax > bytesCap ? bytesCap : bytesMax;
    const added = entry.pairs.reduce((sum, part) => sum + part.length, 0);
    if (this.#bytes + added >= cap) return false;
    return entriesMax === 0 || this.entries.length + this.#deletedCount < entriesMax;
  }

  append(entry: StreamEntry): void {
    this.entries.push(entry);
    this.#bytes += this.#entryBytes(entry);
  }

  removeAt(index: number): void {
    this.entries.splice(index, 1);
    this.#deletedCount += 1;
  }

  removeFirst(count: number): void {
    this.entries.splice(0, count);
    this.#deletedCount += count;
  }

  #entryBytes(entry: StreamEntry): number {
    const fields = fieldsOf(entry);
    const hasSameFields =
      fields.length === this.#masterFields.length &&
      fields.every((field, index) => field === this.#masterFields[index]);
    const milliseconds = millisecondsOf(entry.id) - millisecondsOf(this.masterId);
    const sequence = BigInt.asIntN(64, sequenceOf(entry.id) - sequenceOf(this.masterId));
    let bytes = listpackBytes('2') + listpackBytes(String(milliseconds)) + listpackBytes(String(sequence));
    if (!hasSameFields) bytes += listpackBytes(String(fields.length));
    entry.pairs.forEach((part, index) => {
      if (index % 2 === 1 || !hasSameFields) bytes += listpackBytes(part);
    });
    const items = 3 + (hasSameFields ? fields.length : fields.length * 2 + 1);
    return bytes + listpackBytes(String(items));
  }
}

function fieldsOf({ pairs }: StreamEntry): Bytes[] {
  return pairs.filter((_, index) => index % 2 === 0);
}

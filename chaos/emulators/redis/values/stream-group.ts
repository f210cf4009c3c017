/** Consumer groups: what was delivered to whom and is not acknowledged. */
import { compareBytes, type Bytes } from '../bytes/byte-string.ts';
import { SortedRuns } from './sorted-runs.ts';
import type { StreamId } from './stream-id.ts';

export interface PendingEntry {
  readonly id: StreamId;
  consumer: Consumer;
  deliveredAtMs: number;
  deliveryCount: number;
}

/** Pending entries by ID. */
export class PendingEntries {
  readonly #byId = new Map<StreamId, PendingEntry>();
  readonly #order = new SortedRuns<StreamId>((left, right) => (left < right ? -1 : left > right ? 1 : 0));

  get size(): number {
    return this.#byId.size;
  }

  get(id: StreamId): PendingEntry | undefined {
    return this.#byId.get(id);
  }

  add(entry: PendingEntry): void {
    if (!this.#byId.has(entry.id)) this.#order.add(entry.id);
    this.#byId.set(entry.id, entry);
  }

  delete(id: StreamId): void {
    if (this.#byId.delete(id)) this.#order.remove(id);
  }

  /** In the order of their IDs; entries may be deleted meanwhile. */
  *from(start: StreamId): IterableIterator<PendingEntry> {
    let next = start;
    for (;;) {
      const id = this.#order.at(this.#order.countWhile((other) => other < next));
      const entry = id === undefined ? undefined : this.#byId.get(id);
      if (entry === undefined) return;
      yield entry;
      next = entry.id + 1n;
    }
  }
}

export class Consumer {
  readonly name: Bytes;
  seenAtMs: number;
  readonly pending = new PendingEntries();

  constructor(name: Bytes, seenAtMs: number) {
    this.name = name;
    this.seenAtMs = seenAtMs;
  }
}

export class ConsumerGroup {
  /** Entries after it are new to the group. */
  lastId: StreamId;
  /** How many entries the group has read of all there ever were; undefined when that cannot be known. */
  entriesRead: number | undefined;
  readonly pending = new PendingEntries();
  readonly #consumers = new Map<Bytes, Consumer>();

  constructor(lastId: StreamId, entriesRead: number | undefined) {
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  get consumerCount(): number {
    return this.#consumers.size;
  }

  consumer(name: Bytes): Consumer | undefined {
    return this.#consumers.get(name);
  }

  /** In the order of their names. */
  consumers(): Consumer[] {
    return [...this.#consumers.values()].sort((left, right) => compareBytes(left.name, right.name));
  }

  addConsumer(name: Bytes, nowMs: number): Consumer {
    const consumer = new Consumer(name, nowMs);
    this.#consumers.set(name, consumer);
    return consumer;
  }

  /** Its pending entries are forgotten. */
  deleteConsumer(consumer: Consumer): void {
    for (const { id } of consumer.pending.from(0n)) this.pending.delete(id);
    this.#consumers.delete(consumer.name);
  }

  /** Puts an entry on the consumer's account, whoever had it before. */
  assign(id: StreamId, consumer: Consumer, deliveredAtMs: number, deliveryCount: number): PendingEntry {
    const known = this.pending.get(id);
    if (known === undefined) {
      const entry = { id, consumer, deliveredAtMs, deliveryCount };
      this.pending.add(entry);
      consumer.pending.add(entry);
      return entry;
    }
    if (known.consumer !== consumer) {
      known.consumer.pending.delete(id);
      known.consumer = consumer;
      consumer.pending.add(known);
    }
    known.deliveredAtMs = deliveredAtMs;
    known.deliveryCount = deliveryCount;
    return known;
  }

  forget({ id, consumer }: PendingEntry): void {
    this.pending.delete(id);
    consumer.pending.delete(id);
  }

  copy(): ConsumerGroup {
    const made = new ConsumerGroup(this.lastId, this.entriesRead);
    for (const consumer of this.#consumers.values()) {
      const copied = made.addConsumer(consumer.name, consumer.seenAtMs);
      for (const entry of consumer.pending.from(0n)) {
        made.assign(entry.id, copied, entry.deliveredAtMs, entry.deliveryCount);
      }
    }
    return made;
  }
}

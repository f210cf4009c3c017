/** Streams. */
import { compareBytes, type Bytes } from '../bytes/byte-string.ts';
import type { ConsumerGroup } from './stream-group.ts';
import { streamIdMax, type StreamId } from './stream-id.ts';
import { StreamNode, type NodeLimits, type StreamEntry } from './stream-node.ts';

export type TrimTarget =
  | { readonly kind: 'length'; readonly lengthMax: number }
  | { readonly kind: 'id'; readonly idMin: StreamId };

export class StreamValue {
  readonly type = 'stream';
  readonly encoding = 'stream';
  lastId: StreamId = 0n;
  /** 0 where nothing was deleted by XDEL. */
  maxDeletedId: StreamId = 0n;
  /** How many entries were ever added. */
  entriesAdded = 0;
  /** The first entry's; 0 when there is none. */
  firstId: StreamId = 0n;
  #length = 0;
  #nodes: StreamNode[] = [];
  readonly #groups = new Map<Bytes, ConsumerGroup>();

  get size(): number {
    return this.#length;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  get memoryBytes(): number {
    let bytes = 300 + this.#groups.size * 200;
    for (const node of this.#nodes) bytes += node.bytes + 64;
    return bytes;
  }

  /** The ID has to be greater than the last one. */
  append(entry: StreamEntry, limits: NodeLimits): void {
    const tail = this.#nodes.at(-1);
    if (tail?.hasRoomFor(entry, limits) === true) tail.append(entry);
    else this.#nodes.push(new StreamNode(entry));
    this.#length += 1;
    this.entriesAdded += 1;
    this.lastId = entry.id;
    if (this.#length === 1) this.firstId = entry.id;
  }

  has(id: StreamId): boolean {
    return this.range(id, id, 1).length > 0;
  }

  /** Entries from `start` to `end`, both included, at most `count` of them; the last ones first when `reverse`. */
  range(start: StreamId, end: StreamId, count: number, reverse = false): StreamEntry[] {
    const found: StreamEntry[] = [];
    const first = Math.max(0, this.#nodeIndex(start));
    const last = this.#nodeIndex(end);
    for (let step = 0; step <= last - first && found.length < count; step += 1) {
      const entries = this.#nodes[reverse ? last - step : first + step]?.entries ?? [];
      for (const entry of reverse ? entries.toReversed() : entries) {
        if (found.length >= count) break;
        if (entry.id >= start && entry.id <= end) found.push(entry);
      }
    }
    return found;
  }

  /** The greatest ID that an entry has; 0 when there is none. */
  lastEntryId(): StreamId {
    return this.range(0n, streamIdMax, 1, true)[0]?.id ?? 0n;
  }

  delete(id: StreamId): boolean {
    const index = this.#nodeIndex(id);
    const node = this.#nodes[index];
    const at = node?.entries.findIndex((entry) => entry.id === id) ?? -1;
    if (node === undefined || at === -1) return false;
    node.removeAt(at);
    if (node.entries.length === 0) this.#nodes.splice(index, 1);
    this.#length -= 1;
    return true;
  }

  /** After deletions. */
  renewFirstId(): void {
    this.firstId = this.range(0n, streamIdMax, 1)[0]?.id ?? 0n;
  }

  /**
   * Removes old entries; when `approximately`, whole nodes only, and no more than `limit` entries (0: any number).
   * Returns how many were removed.
   */
  trim(target: TrimTarget, approximately: boolean, limit: number): number {
    let removed = 0;
    for (let node = this.#nodes[0]; node !== undefined; node = this.#nodes[0]) {
      if (target.kind === 'length' && this.#length <= target.lengthMax) break;
      const { entries } = node;
      if (limit > 0 && removed + entries.length > limit) break;
      const isWhole =
        target.kind === 'length'
          ? this.#length - entries.length >= target.lengthMax
          : (entries.at(-1)?.id ?? 0n) < target.idMin;
      if (isWhole) {
        this.#nodes.shift();
        this.#length -= entries.length;
        removed += entries.length;
        continue;
      }
      if (approximately) break;
      const count =
        target.kind === 'length'
          ? this.#length - target.lengthMax
          : entries.findIndex(({ id }) => id >= target.idMin);
      node.removeFirst(count);
      this.#length -= count;
      removed += count;
      break;
    }
    if (removed > 0) this.renewFirstId();
    return removed;
  }

  group(name: Bytes): ConsumerGroup | undefined {
    return this.#groups.get(name);
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  /** In the order of their names. */
  groups(): [Bytes, ConsumerGroup][] {
    return [...this.#groups].sort(([left], [right]) => compareBytes(left, right));
  }

  addGroup(name: Bytes, group: ConsumerGroup): void {
    this.#groups.set(name, group);
  }

  deleteGroup(name: Bytes): void {
    this.#groups.delete(name);
  }

  /** Whether something was deleted by XDEL between `start` and the end. */
  hasTombstonesFrom(start: StreamId): boolean {
    if (this.#length === 0 || this.maxDeletedId === 0n || this.firstId > this.maxDeletedId) return false;
    return start <= this.maxDeletedId;
  }

  /** How many entries there ever were up to the ID; undefined when that cannot be known. */
  entriesUpTo(id: StreamId): number | undefined {
    if (this.entriesAdded === 0) return 0;
    if (this.#length === 0 && id <= this.lastId) return this.entriesAdded;
    if (id === this.lastId) return this.entriesAdded;
    if (id > this.lastId) return undefined;
    if (this.maxDeletedId === 0n || this.maxDeletedId < this.firstId) {
      if (id < this.firstId) return this.entriesAdded - this.#length;
      if (id === this.firstId) return this.entriesAdded - this.#length + 1;
    }
    return undefined;
  }

  copy(limits: NodeLimits): StreamValue {
    const made = new StreamValue();
    for (const { entries } of this.#nodes) for (const entry of entries) made.append(entry, limits);
    made.lastId = this.lastId;
    made.maxDeletedId = this.maxDeletedId;
    made.entriesAdded = this.entriesAdded;
    made.firstId = this.firstId;
    for (const [name, group] of this.#groups) made.addGroup(name, group.copy());
    return made;
  }

  /** Index of the node in which the ID would be; -1 before all. */
  #nodeIndex(id: StreamId): number {
    let low = 0;
    let high = this.#nodes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#nodes[middle]?.masterId ?? streamIdMax) <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/**
 * Tables of Lua 5.1 with the original's layout (ltable.c): an array part, and a hash part of chained scatter with Brent's variation.
 * The layout decides the order of `pairs` and the border that `#` finds, and scripts return both; lookups go through a Map.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { RuntimeFault } from './errors.ts';
import { arraySizeFor, ceilLog2, countIntegers } from './table-sizes.ts';

/** What tables hold: plain values, and objects, whose `serial` stands for an address. */
export type TableValue<Item> = undefined | TableKey<Item>;

type TableKey<Item> = boolean | number | Bytes | Item;

export class Table<Item extends { readonly serial: number }> {
  /** Set on what all scripts share; only raw access of the host changes it then. */
  isReadonly = false;
  #array: TableValue<Item>[] = [];
  #positions = new Map<TableKey<Item>, number>();
  #keys: (TableKey<Item> | undefined)[] = [];
  #values: TableValue<Item>[] = [];
  /** Next node of the chain; -1 ends it. */
  #next: number[] = [];
  /** Nodes from here on were tried as free ones. */
  #lastFree = 0;

  constructor(arraySize = 0, hashSize = 0) {
    for (let index = 0; index < arraySize; index += 1) this.#array.push(undefined);
    if (hashSize > 0) this.#setNodes(hashSize);
  }

  get(key: TableValue<Item>): TableValue<Item> {
    if (typeof key === 'number') {
      const array = this.#array;
      if (key >= 1 && key <= array.length && Number.isInteger(key)) return array[key - 1];
    }
    if (key === undefined) return undefined;
    const at = this.#positions.get(key);
    return at === undefined ? undefined : this.#values[at];
  }

  /** @throws RuntimeFault for nil and not-a-number, which are no keys, and on a table that is shared. */
  set(key: TableValue<Item>, value: TableValue<Item>): void {
    if (this.isReadonly) throw new RuntimeFault('Attempt to modify a readonly table');
    this.setRaw(key, value);
  }

  setRaw(key: TableValue<Item>, value: TableValue<Item>): void {
    if (typeof key === 'number') {
      const array = this.#array;
      if (key >= 1 && key <= array.length && Number.isInteger(key)) {
        array[key - 1] = value;
        return;
      }
      if (Number.isNaN(key)) throw new RuntimeFault('table index is NaN');
    } else if (key === undefined) {
      throw new RuntimeFault('table index is nil');
    }
    const at = this.#positions.get(key);
    if (at !== undefined) this.#values[at] = value;
    else this.#insert(key, value);
  }

  /** A border: `t[n]` is not nil and `t[n + 1]` is. */
  length(): number {
    const array = this.#array;
    let high = array.length;
    if (high > 0 && array[high - 1] === undefined) {
      let low = 0;
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (array[middle - 1] === undefined) high = middle;
        else low = middle;
      }
      return low;
    }
    return this.#keys.length === 0 ? high : this.#unboundSearch(high);
  }

  /**
   * Key and value after `key`, from the start for nil; undefined at the end.
   * @throws RuntimeFault when there is no such key
   */
  next(key: TableValue<Item>): readonly [TableKey<Item>, TableValue<Item>] | undefined {
    let at = this.#positionOf(key);
    for (; at < this.#array.length; at += 1) {
      const value = this.#array[at];
      if (value !== undefined) return [at + 1, value];
    }
    for (at -= this.#array.length; at < this.#keys.length; at += 1) {
      const value = this.#values[at];
      const found = this.#keys[at];
      if (value !== undefined && found !== undefined) return [found, value];
    }
    return undefined;
  }

  /** Grows the array part, as a constructor with many items does. */
  reserveArray(size: number): void {
    if (size > this.#array.length) this.#resize(size, this.#keys.length);
  }

  #positionOf(key: TableValue<Item>): number {
    if (key === undefined) return 0;
    if (typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= this.#array.length) return key;
    const at = this.#positions.get(key);
    if (at === undefined) throw new RuntimeFault("invalid key to 'next'");
    return this.#array.length + at + 1;
  }

  #unboundSearch(start: number): number {
    let low = start;
    let high = start + 1;
    while (this.get(high) !== undefined) {
      low = high;
      high *= 2;
      if (high > 0x7fff_fffd) {
        // The table was built to defeat the search.
        let at = 1;
        while (this.get(at) !== undefined) at += 1;
        return at - 1;
      }
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.get(middle) === undefined) high = middle;
      else low = middle;
    }
    return low;
  }

  #insert(key: TableKey<Item>, value: TableValue<Item>): void {
    if (this.#keys.length === 0) {
      this.#rehash(key);
      this.setRaw(key, value);
      return;
    }
    let at = this.#mainPosition(key);
    if (this.#values[at] !== undefined) {
      const free = this.#freePosition();
      if (free === -1) {
        this.#rehash(key);
        this.setRaw(key, value);
        return;
      }
      at = this.#makeRoom(at, free);
    }
    const old = this.#keys[at];
    if (old !== undefined) this.#positions.delete(old);
    this.#keys[at] = key;
    this.#values[at] = value;
    this.#positions.set(key, at);
  }

  /** The node that the new key gets: its main position, if who is there does not belong there, else the free one. */
  #makeRoom(at: number, free: number): number {
    const owner = this.#keys[at];
    let other = owner === undefined ? at : this.#mainPosition(owner);
    if (other === at) {
      this.#next[free] = this.#next[at] ?? -1;
      this.#next[at] = free;
      return free;
    }
    while (this.#next[other] !== at) other = this.#next[other] ?? -1;
    this.#next[other] = free;
    this.#keys[free] = owner;
    this.#values[free] = this.#values[at];
    this.#next[free] = this.#next[at] ?? -1;
    if (owner !== undefined) this.#positions.set(owner, free);
    this.#keys[at] = undefined;
    this.#values[at] = undefined;
    this.#next[at] = -1;
    return at;
  }

  #freePosition(): number {
    while (this.#lastFree > 0) {
      this.#lastFree -= 1;
      if (this.#keys[this.#lastFree] === undefined) return this.#lastFree;
    }
    return -1;
  }

  #rehash(extra: TableKey<Item>): void {
    const counts = countIntegers(this.#array, this.#keys, this.#values, extra);
    const { size, used } = arraySizeFor(counts);
    this.#resize(size, counts.total - used);
  }

  #resize(arraySize: number, hashSize: number): void {
    const oldKeys = this.#keys;
    const oldValues = this.#values;
    const vanishing = this.#array.slice(arraySize);
    const kept = Math.min(arraySize, this.#array.length);
    this.#array.length = kept;
    while (this.#array.length < arraySize) this.#array.push(undefined);
    this.#setNodes(hashSize);
    vanishing.forEach((value, index) => {
      if (value !== undefined) this.setRaw(kept + index + 1, value);
    });
    for (let at = oldKeys.length - 1; at >= 0; at -= 1) {
      const value = oldValues[at];
      if (value !== undefined) this.setRaw(oldKeys[at], value);
    }
  }

  #setNodes(wanted: number): void {
    const size = wanted === 0 ? 0 : 2 ** ceilLog2(wanted);
    this.#positions = new Map();
    this.#keys = [];
    this.#values = [];
    this.#next = [];
    for (let at = 0; at < size; at += 1) {
      this.#keys.push(undefined);
      this.#values.push(undefined);
      this.#next.push(-1);
    }
    this.#lastFree = size;
  }

  #mainPosition(key: TableKey<Item>): number {
    const size = this.#keys.length;
    if (typeof key === 'string') return hashBytes(key) & (size - 1);
    if (typeof key === 'boolean') return Number(key) & (size - 1);
    return (typeof key === 'number' ? hashNumber(key) : key.serial * 64) % ((size - 1) | 1);
  }
}

/** luaS_newlstr, over all bytes. */
function hashBytes(bytes: Bytes): number {
  let hash = bytes.length;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    hash ^= ((hash << 5) + (hash >>> 2) + bytes.charCodeAt(at)) | 0;
  }
  return hash >>> 0;
}

const view = new DataView(new ArrayBuffer(8));

/** Sum of both halves of the double. */
function hashNumber(value: number): number {
  if (value === 0) return 0;
  view.setFloat64(0, value);
  return (view.getUint32(0) + view.getUint32(4)) >>> 0;
}

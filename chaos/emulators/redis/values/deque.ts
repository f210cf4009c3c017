/** Items in order, added and taken at both ends in constant time, found by position: what lists and streams are made of. */
export class Deque<T> {
  #items: (T | undefined)[] = [];
  /** Position of the first item in the ring. */
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Undefined outside of the items. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.#length ? this.#items[this.#position(index)] : undefined;
  }

  set(index: number, item: T): void {
    if (index >= 0 && index < this.#length) this.#items[this.#position(index)] = item;
  }

  push(item: T): void {
    this.#reserve();
    this.#items[this.#position(this.#length)] = item;
    this.#length += 1;
  }

  unshift(item: T): void {
    this.#reserve();
    this.#head = (this.#head + this.#items.length - 1) % this.#items.length;
    this.#items[this.#head] = item;
    this.#length += 1;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#items.length;
    this.#length -= 1;
    return item;
  }

  pop(): T | undefined {
    if (this.#length === 0) return undefined;
    const at = this.#position(this.#length - 1);
    const item = this.#items[at];
    this.#items[at] = undefined;
    this.#length -= 1;
    return item;
  }

  /** Puts the item before the one at `index`. */
  insert(index: number, item: T): void {
    if (index >= this.#length) {
      this.push(item);
      return;
    }
    this.unshift(item);
    for (let at = 0; at < index; at += 1) {
      const next = this.at(at + 1);
      if (next !== undefined) this.set(at, next);
    }
    this.set(index, item);
  }

  /** Takes the item at `index` out. */
  remove(index: number): T | undefined {
    const removed = this.at(index);
    if (removed === undefined) return undefined;
    if (index < this.#length / 2) {
      for (let at = index; at > 0; at -= 1) {
        const before = this.at(at - 1);
        if (before !== undefined) this.set(at, before);
      }
      this.shift();
    } else {
      for (let at = index; at < this.#length - 1; at += 1) {
        const after = this.at(at + 1);
        if (after !== undefined) this.set(at, after);
      }
      this.pop();
    }
    return removed;
  }

  slice(from: number, to: number): T[] {
    const items: T[] = [];
    for (let index = Math.max(0, from); index < Math.min(to, this.#length); index += 1) {
      const item = this.at(index);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.slice(0, this.#length)[Symbol.iterator]();
  }

  #position(index: number): number {
    return (this.#head + index) % this.#items.length;
  }

  #reserve(): void {
    if (this.#length < this.#items.length) return;
    const items: (T | undefined)[] = this.slice(0, this.#length);
    const capacity = Math.max(8, this.#length * 2);
    while (items.length < capacity) items.push(undefined);
    this.#items = items;
    this.#head = 0;
  }
}

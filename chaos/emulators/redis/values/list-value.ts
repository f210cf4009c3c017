/** Lists. */
import type { Bytes } from '../bytes/byte-string.ts';
import { Deque } from './deque.ts';

export type ListEnd = 'left' | 'right';

export class ListValue {
  readonly type = 'list';
  readonly encoding = 'quicklist';
  readonly #items = new Deque<Bytes>();
  #payloadBytes = 0;

  get size(): number {
    return this.#items.length;
  }

  get memoryBytes(): number {
    return this.#payloadBytes + this.size * 3 + 136;
  }

  push(end: ListEnd, item: Bytes): void {
    if (end === 'left') this.#items.unshift(item);
    else this.#items.push(item);
    this.#payloadBytes += item.length;
  }

  pop(end: ListEnd): Bytes | undefined {
    const item = end === 'left' ? this.#items.shift() : this.#items.pop();
    this.#payloadBytes -= item?.length ?? 0;
    return item;
  }

  /** Negative positions count from the end. */
  at(index: number): Bytes | undefined {
    return this.#items.at(index < 0 ? index + this.size : index);
  }

  /** False where there is no such position. */
  replace(index: number, item: Bytes): boolean {
    const position = index < 0 ? index + this.size : index;
    const old = this.#items.at(position);
    if (old === undefined) return false;
    this.#items.set(position, item);
    this.#payloadBytes += item.length - old.length;
    return true;
  }

  insert(position: number, item: Bytes): void {
    this.#items.insert(position, item);
    this.#payloadBytes += item.length;
  }

  remove(position: number): void {
    this.#payloadBytes -= this.#items.remove(position)?.length ?? 0;
  }

  /** Items of positions from `from` up to, not including, `to`. */
  slice(from: number, to: number): Bytes[] {
    return this.#items.slice(from, to);
  }

  copy(): ListValue {
    const made = new ListValue();
    for (const item of this.#items) made.push('right', item);
    return made;
  }
}

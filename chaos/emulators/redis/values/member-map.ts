/** Members with what belongs to them, in the order in which they came; scanned and drawn from through an index once that is asked for. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { ScanIndex } from './scan-index.ts';

export class MemberMap<T> {
  readonly #members = new Map<Bytes, T>();
  #index: ScanIndex | undefined;

  get size(): number {
    return this.#members.size;
  }

  get(member: Bytes): T | undefined {
    return this.#members.get(member);
  }

  has(member: Bytes): boolean {
    return this.#members.has(member);
  }

  set(member: Bytes, value: T): void {
    if (this.#index !== undefined && !this.#members.has(member)) this.#index.add(member);
    this.#members.set(member, value);
  }

  delete(member: Bytes): boolean {
    if (!this.#members.delete(member)) return false;
    this.#index?.delete(member);
    return true;
  }

  clear(): void {
    this.#members.clear();
    this.#index = undefined;
  }

  keys(): MapIterator<Bytes> {
    return this.#members.keys();
  }

  values(): MapIterator<T> {
    return this.#members.values();
  }

  entries(): MapIterator<[Bytes, T]> {
    return this.#members.entries();
  }

  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    return this.#indexed().scan(cursor, count);
  }

  /** Of a map that is not empty. */
  random(random: Random): Bytes {
    return this.#indexed().random(random);
  }

  #indexed(): ScanIndex {
    this.#index ??= new ScanIndex(this.#members.keys());
    return this.#index;
  }
}

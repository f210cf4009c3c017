/** Hashes. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { EncodingLimits } from './limits.ts';
import { MemberMap } from './member-map.ts';

export class HashValue {
  readonly type = 'hash';
  encoding: 'listpack' | 'hashtable' = 'listpack';
  readonly #fields = new MemberMap<Bytes>();
  #payloadBytes = 0;

  get size(): number {
    return this.#fields.size;
  }

  get memoryBytes(): number {
    return this.#payloadBytes + this.size * (this.encoding === 'listpack' ? 4 : 56) + 24;
  }

  get(field: Bytes): Bytes | undefined {
    return this.#fields.get(field);
  }

  has(field: Bytes): boolean {
    return this.#fields.has(field);
  }

  /** Whether the field is new. */
  set(field: Bytes, value: Bytes, limits: EncodingLimits): boolean {
    const old = this.#fields.get(field);
    this.#fields.set(field, value);
    this.#payloadBytes += value.length - (old?.length ?? -field.length);
    if (this.encoding === 'listpack') {
      const isLarge = this.size > limits.hashEntries || value.length > limits.hashBytes;
      if (isLarge || field.length > limits.hashBytes) this.encoding = 'hashtable';
    }
    return old === undefined;
  }

  delete(field: Bytes): boolean {
    const value = this.#fields.get(field);
    if (value === undefined) return false;
    this.#payloadBytes -= field.length + value.length;
    return this.#fields.delete(field);
  }

  fields(): MapIterator<Bytes> {
    return this.#fields.keys();
  }

  values(): MapIterator<Bytes> {
    return this.#fields.values();
  }

  entries(): MapIterator<[Bytes, Bytes]> {
    return this.#fields.entries();
  }

  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    return this.#fields.scan(cursor, count);
  }

  random(random: Random): Bytes {
    return this.#fields.random(random);
  }

  copy(): HashValue {
    const made = new HashValue();
    made.encoding = this.encoding;
    for (const [field, value] of this.#fields.entries()) made.#fields.set(field, value);
    made.#payloadBytes = this.#payloadBytes;
    return made;
  }
}

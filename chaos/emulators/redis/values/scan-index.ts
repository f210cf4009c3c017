/**
 * Keys in the order of their hashes, so that SCAN, HSCAN, SSCAN and ZSCAN can go on from a cursor without any state of their own, and so
 * that a random key costs the same in a large collection as in a small one.
 *
 * A cursor is a hash: buckets are ranges of hashes, and when their number doubles each is split in place. What is there during the
 * whole of a scan is therefore given at least once, and a scan ends however much is added meanwhile.
 */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';

const bitsMin = 2;
const bitsMax = 24;

export class ScanIndex {
  #bits = bitsMin;
  #buckets: (Bytes[] | undefined)[] = [];
  #size = 0;

  constructor(keys: Iterable<Bytes>) {
    for (const key of keys) this.add(key);
  }

  add(key: Bytes): void {
    if (this.#size >= 2 ** this.#bits && this.#bits < bitsMax) this.#resize(this.#bits + 1);
    this.#place(key);
    this.#size += 1;
  }

  delete(key: Bytes): void {
    const bucket = this.#buckets[this.#bucketOf(key)];
    const at = bucket?.indexOf(key) ?? -1;
    if (bucket === undefined || at === -1) return;
    const last = bucket.pop();
    if (last !== undefined && at < bucket.length) bucket[at] = last;
    this.#size -= 1;
    if (this.#size < 2 ** this.#bits / 8 && this.#bits > bitsMin) this.#resize(this.#bits - 1);
  }

  /** Keys from the cursor on, about `count` of them, and the cursor to go on with; 0 at the end. */
  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    const keys: Bytes[] = [];
    const end = 2 ** this.#bits;
    let at = Math.floor(cursor / this.#width);
    for (let steps = count * 10; at < end && keys.length < count && steps > 0; at += 1, steps -= 1) {
      keys.push(...(this.#buckets[at] ?? []));
    }
    return { cursor: at >= end ? 0 : at * this.#width, keys };
  }

  /** Any key of a collection that is not empty. */
  random(random: Random): Bytes {
    for (;;) {
      const bucket = this.#buckets[random.integer(0, 2 ** this.#bits - 1)];
      if (bucket !== undefined && bucket.length > 0) return random.pick(bucket);
    }
  }

  /** Hashes in one bucket. */
  get #width(): number {
    return 2 ** (32 - this.#bits);
  }

  #bucketOf(key: Bytes): number {
    return hashOf(key) >>> (32 - this.#bits);
  }

  #place(key: Bytes): void {
    const at = this.#bucketOf(key);
    const bucket = this.#buckets[at];
    if (bucket === undefined) this.#buckets[at] = [key];
    else bucket.push(key);
  }

  #resize(bits: number): void {
    const old = this.#buckets;
    this.#bits = bits;
    this.#buckets = [];
    for (const bucket of old) for (const key of bucket ?? []) this.#place(key);
  }
}

/** FNV-1a, and the finishing steps of MurmurHash3, since buckets go by the high bits. */
function hashOf(key: Bytes): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Sets. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { parseInt64 } from '../numbers/integers.ts';
import type { EncodingLimits } from './limits.ts';
import { MemberMap } from './member-map.ts';

export class SetValue {
  readonly type = 'set';
  encoding: 'intset' | 'hashtable' = 'intset';
  readonly #members = new MemberMap<true>();
  #payloadBytes = 0;

  get size(): number {
    return this.#members.size;
  }

  get memoryBytes(): number {
    return this.encoding === 'intset' ? this.size * 8 + 8 : this.#payloadBytes + this.size * 57 + 72;
  }

  has(member: Bytes): boolean {
    return this.#members.has(member);
  }

  /** Whether the member is new. */
  add(member: Bytes, limits: EncodingLimits): boolean {
    if (this.#members.has(member)) return false;
    this.#members.set(member, true);
    this.#payloadBytes += member.length;
    if (this.encoding === 'intset' && (this.size > limits.intsetEntries || !isInteger(member))) {
      this.encoding = 'hashtable';
    }
    return true;
  }

  delete(member: Bytes): boolean {
    if (!this.#members.delete(member)) return false;
    this.#payloadBytes -= member.length;
    return true;
  }

  /** Of an intset in the order of their values. */
  members(): Bytes[] {
    const members = [...this.#members.keys()];
    if (this.encoding === 'hashtable') return members;
    return members.every((member) => member.length < 16)
      ? members.sort((left, right) => Number(left) - Number(right))
      : members.sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1));
  }

  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    return this.#members.scan(cursor, count);
  }

  random(random: Random): Bytes {
    return this.#members.random(random);
  }

  copy(): SetValue {
    const made = new SetValue();
    made.encoding = this.encoding;
    for (const member of this.#members.keys()) made.#members.set(member, true);
    made.#payloadBytes = this.#payloadBytes;
    return made;
  }
}

function isInteger(member: Bytes): boolean {
  return member.length <= 20 && parseInt64(member) !== undefined;
}

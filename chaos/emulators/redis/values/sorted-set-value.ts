/** Sorted sets: scores by member, and members by score. */
import type { Random } from '../../../random.ts';
import { compareBytes, type Bytes } from '../bytes/byte-string.ts';
import type { EncodingLimits } from './limits.ts';
import { MemberMap } from './member-map.ts';
import { SortedRuns } from './sorted-runs.ts';

export interface ScoredMember {
  readonly member: Bytes;
  readonly score: number;
}

export class SortedSetValue {
  readonly type = 'zset';
  encoding: 'listpack' | 'skiplist' = 'listpack';
  readonly #scores = new MemberMap<number>();
  readonly #order = new SortedRuns<ScoredMember>(compareScored);
  #payloadBytes = 0;

  get size(): number {
    return this.#scores.size;
  }

  get memoryBytes(): number {
    return this.#payloadBytes + this.size * (this.encoding === 'listpack' ? 12 : 112) + 64;
  }

  score(member: Bytes): number | undefined {
    return this.#scores.get(member);
  }

  /** Whether the member is new. */
  set(member: Bytes, score: number, limits: EncodingLimits): boolean {
    const old = this.#scores.get(member);
    if (old !== undefined) {
      if (old === score) return false;
      this.#order.remove({ member, score: old });
    } else {
      this.#payloadBytes += member.length;
    }
    this.#scores.set(member, score);
    this.#order.add({ member, score });
    if (this.encoding === 'listpack') {
      if (this.size > limits.sortedSetEntries || member.length > limits.sortedSetBytes) {
        this.encoding = 'skiplist';
      }
    }
    return old === undefined;
  }

  delete(member: Bytes): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#order.remove({ member, score });
    this.#payloadBytes -= member.length;
    return this.#scores.delete(member);
  }

  /** Position in ascending order. */
  rank(member: Bytes): number | undefined {
    const score = this.#scores.get(member);
    if (score === undefined) return undefined;
    const item = { member, score };
    return this.#order.countWhile((other) => compareScored(other, item) < 0);
  }

  /** Members of which the test holds; it has to hold for all before one for which it does. */
  countWhile(isBefore: (item: ScoredMember) => boolean): number {
    return this.#order.countWhile(isBefore);
  }

  at(rank: number): ScoredMember | undefined {
    return this.#order.at(rank);
  }

  /** In ascending order, ranks from `from` up to, not including, `to`. */
  slice(from: number, to: number): ScoredMember[] {
    return this.#order.slice(from, to);
  }

  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    return this.#scores.scan(cursor, count);
  }

  random(random: Random): Bytes {
    return this.#scores.random(random);
  }

  copy(): SortedSetValue {
    const made = new SortedSetValue();
    for (const { member, score } of this.slice(0, this.size)) {
      made.#scores.set(member, score);
      made.#order.add({ member, score });
    }
    made.encoding = this.encoding;
    made.#payloadBytes = this.#payloadBytes;
    return made;
  }
}

function compareScored(left: ScoredMember, right: ScoredMember): number {
  if (left.score !== right.score) return left.score < right.score ? -1 : 1;
  return compareBytes(left.member, right.member);
}

/**
 * Keys that should be gone from Redis and may not be. Until their deletion succeeds this process neither reads them from
 * Redis nor stores them there.
 */
import { isPattern } from './keys.ts';

export class OwedDeletions {
  /** Key or pattern to the number of the debt, so that settling an old debt does not settle a newer one. */
  readonly #debts = new Map<string, number>();
  readonly #patterns = new Set<string>();
  #next = 1;

  get size(): number {
    return this.#debts.size;
  }

  has(key: string): boolean {
    if (this.#debts.size === 0) return false;
    if (this.#debts.has(key)) return true;
    for (const pattern of this.#patterns) if (key.startsWith(pattern.slice(0, -1))) return true;
    return false;
  }

  /** The debt made; give it back to `settle` once the keys are gone. */
  add(keys: readonly string[]): ReadonlyMap<string, number> {
    const debt = new Map<string, number>();
    for (const key of keys) {
      const number = this.#next++;
      debt.set(key, number);
      this.#debts.set(key, number);
      if (isPattern(key)) this.#patterns.add(key);
    }
    return debt;
  }

  all(): ReadonlyMap<string, number> {
    return new Map(this.#debts);
  }

  settle(debt: ReadonlyMap<string, number>): void {
    for (const [key, number] of debt) {
      if (this.#debts.get(key) !== number) continue;
      this.#debts.delete(key);
      this.#patterns.delete(key);
    }
  }
}

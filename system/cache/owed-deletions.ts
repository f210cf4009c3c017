/**
 * Keys that should be gone from Redis and may not be. Until their deletion succeeds this process neither reads them from
 * Redis nor stores them there.
 */
import { type CacheName, isPrefix } from './keys.ts';

/** Keys and prefixes to the number of the debt, so that settling an old debt does not settle a newer one. */
export interface Debt {
  readonly keys: ReadonlyMap<string, number>;
  readonly prefixes: ReadonlyMap<string, number>;
}

export function namesOwed({ keys, prefixes }: Debt): readonly CacheName[] {
  return [...keys.keys(), ...[...prefixes.keys()].map((prefix) => ({ prefix }))];
}

export class OwedDeletions {
  readonly #keys = new Map<string, number>();
  readonly #prefixes = new Map<string, number>();
  #next = 1;

  get size(): number {
    return this.#keys.size + this.#prefixes.size;
  }

  has(key: string): boolean {
    if (this.#keys.has(key)) return true;
    for (const prefix of this.#prefixes.keys()) if (key.startsWith(prefix)) return true;
    return false;
  }

  /** The debt made; give it back to `settle` once the keys are gone. */
  add(names: readonly CacheName[]): Debt {
    const debt = { keys: new Map<string, number>(), prefixes: new Map<string, number>() };
    for (const name of names) {
      const number = this.#next++;
      const [made, owed, text] = isPrefix(name)
        ? [debt.prefixes, this.#prefixes, name.prefix]
        : [debt.keys, this.#keys, name];
      made.set(text, number);
      owed.set(text, number);
    }
    return debt;
  }

  all(): Debt {
    return { keys: new Map(this.#keys), prefixes: new Map(this.#prefixes) };
  }

  settle(debt: Debt): void {
    settle(this.#keys, debt.keys);
    settle(this.#prefixes, debt.prefixes);
  }
}

function settle(owed: Map<string, number>, paid: ReadonlyMap<string, number>): void {
  for (const [text, number] of paid) if (owed.get(text) === number) owed.delete(text);
}

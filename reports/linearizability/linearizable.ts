/**
 * Decides whether calls on an object could have happened one after the other, each at a moment between its start and its
 * end: the algorithm of Wing and Gong (1993) with Lowe's memory of what was tried (2017), as Porcupine does it.
 */
import type { Call, Model } from './model.ts';

export type Linearizability<Action> =
  | { readonly linearizable: true }
  | {
      readonly linearizable: false;
      /** The call that can not be placed after the longest order found. */
      readonly stuckAt: Call<Action>;
      readonly longestOrder: readonly Call<Action>[];
    }
  /** More states were tried than allowed; nothing can be said. */
  | { readonly linearizable: 'unknown' };

/** Calls at the same millisecond count as concurrent, so a clock's resolution never accuses. */
export function checkLinearizable<State, Action>(
  model: Model<State, Action>,
  calls: readonly Call<Action>[],
  { statesMax = 5_000_000 }: { statesMax?: number } = {},
): Linearizability<Action> {
  const search = new Search(model, calls);
  return search.run(statesMax);
}

interface Entry<Action> {
  readonly call: Call<Action>;
  /** Place among the calls of known end in order of start, or among the others. */
  readonly index: number;
  readonly certain: boolean;
  readonly returns: boolean;
  /** For a start its end, if it has one. */
  end: Entry<Action> | null;
  previous: Entry<Action> | null;
  next: Entry<Action> | null;
}

interface Step<State, Action> {
  readonly entry: Entry<Action>;
  readonly before: State;
  /** A call that never changes anything: if an order exists at all, one exists with the call at this place. */
  readonly forced: boolean;
}

class Search<State, Action> {
  readonly #model: Model<State, Action>;
  /** Calls that could be next, and the ends that bound how long they may wait, in order of time. */
  readonly #head: Entry<Action>;
  readonly #tried = new Set<string>();
  readonly #path: Step<State, Action>[] = [];
  readonly #placed: Placed;
  #longest: readonly Call<Action>[] = [];
  #stuckAt: Call<Action> | null = null;
  #certainLeft: number;

  constructor(model: Model<State, Action>, calls: readonly Call<Action>[]) {
    this.#model = model;
    this.#head = linkedEntries(calls);
    this.#certainLeft = calls.filter(({ endedMs }) => Number.isFinite(endedMs)).length;
    this.#placed = new Placed(this.#certainLeft);
  }

  run(statesMax: number): Linearizability<Action> {
    let state = this.#model.initial;
    let entry = this.#head.next;
    while (this.#certainLeft > 0) {
      if (entry !== null && !entry.returns) {
        const stepped = this.#model.step(state, entry.call.action);
        if (stepped !== null && this.#isNew(entry, stepped.state)) {
          if (this.#tried.size > statesMax) return { linearizable: 'unknown' };
          const forced = this.#model.isRead(entry.call.action);
          this.#path.push({ entry, before: state, forced });
          state = stepped.state;
          if (entry.certain) this.#certainLeft -= 1;
          unlink(entry);
          entry = this.#head.next;
        } else {
          entry = entry.next;
        }
        continue;
      }
      this.#remember(entry);
      const step = this.#takeBack();
      if (step === undefined) return this.#failure();
      state = step.before;
      entry = step.entry.next;
    }
    return { linearizable: true };
  }

  /** Undoes steps up to and with the last one that was a choice, and gives it back. */
  #takeBack(): Step<State, Action> | undefined {
    for (let step = this.#path.pop(); step !== undefined; step = this.#path.pop()) {
      this.#placed.remove(step.entry);
      if (step.entry.certain) this.#certainLeft += 1;
      relink(step.entry);
      if (!step.forced) return step;
    }
    return undefined;
  }

  /** Marks the entry as placed when that leads to somewhere not yet tried. */
  #isNew(entry: Entry<Action>, state: State): boolean {
    this.#placed.add(entry);
    const key = `${this.#placed.key()} ${this.#model.stateKey(state)}`;
    if (this.#tried.has(key)) {
      this.#placed.remove(entry);
      return false;
    }
    this.#tried.add(key);
    return true;
  }

  #remember(blocking: Entry<Action> | null): void {
    if (blocking === null || (this.#stuckAt !== null && this.#path.length <= this.#longest.length)) return;
    this.#longest = this.#path.map(({ entry }) => entry.call);
    this.#stuckAt = blocking.call;
  }

  #failure(): Linearizability<Action> {
    if (this.#stuckAt === null) throw new Error('a search that failed must have met the end of a call');
    return { linearizable: false, stuckAt: this.#stuckAt, longestOrder: this.#longest };
  }
}

/** Which calls are placed, written short: nearly all up to some call, and a few beyond it. */
class Placed {
  readonly #certain: Uint8Array;
  readonly #uncertain = new Set<number>();
  readonly #beyond = new Set<number>();
  /** Every certain call below this one is placed. */
  #base = 0;

  constructor(certainCount: number) {
    this.#certain = new Uint8Array(certainCount);
  }

  add({ certain, index }: { certain: boolean; index: number }): void {
    if (!certain) {
      this.#uncertain.add(index);
      return;
    }
    this.#certain[index] = 1;
    this.#beyond.add(index);
    while (this.#certain[this.#base] === 1) {
      this.#beyond.delete(this.#base);
      this.#base += 1;
    }
  }

  remove({ certain, index }: { certain: boolean; index: number }): void {
    if (!certain) {
      this.#uncertain.delete(index);
      return;
    }
    this.#certain[index] = 0;
    this.#beyond.delete(index);
    while (this.#base > index) {
      this.#base -= 1;
      if (this.#base !== index) this.#beyond.add(this.#base);
    }
  }

  key(): string {
    const ascending = (set: Set<number>): string => [...set].sort((left, right) => left - right).join(',');
    return `${this.#base}:${ascending(this.#beyond)}:${ascending(this.#uncertain)}`;
  }
}

function linkedEntries<Action>(calls: readonly Call<Action>[]): Entry<Action> {
  const entries: { entry: Entry<Action>; timeMs: number }[] = [];
  const indexes = { certain: 0, uncertain: 0 };
  for (const call of calls.toSorted((left, right) => left.startedMs - right.startedMs)) {
    const certain = Number.isFinite(call.endedMs);
    const index = certain ? indexes.certain++ : indexes.uncertain++;
    const shared = { call, index, certain, previous: null, next: null };
    const end: Entry<Action> | null = certain ? { ...shared, returns: true, end: null } : null;
    entries.push({ entry: { ...shared, returns: false, end }, timeMs: call.startedMs });
    if (end !== null) entries.push({ entry: end, timeMs: call.endedMs });
  }
  // At the same time starts come before ends: such calls overlap.
  entries.sort(
    (left, right) => left.timeMs - right.timeMs || Number(left.entry.returns) - Number(right.entry.returns),
  );
  const head: Entry<Action> = headEntry();
  let last = head;
  for (const { entry } of entries) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return head;
}

function headEntry<Action>(): Entry<Action> {
  const call = { startedMs: 0, endedMs: 0, source: null } as Call<Action>;
  return { call, index: -1, certain: false, returns: false, end: null, previous: null, next: null };
}

function unlink<Action>(entry: Entry<Action>): void {
  for (const part of entry.end === null ? [entry] : [entry, entry.end]) {
    if (part.previous !== null) part.previous.next = part.next;
    if (part.next !== null) part.next.previous = part.previous;
  }
}

/** Undoes the latest unlink; an entry keeps its neighbours while it is out of the list. */
function relink<Action>(entry: Entry<Action>): void {
  for (const part of entry.end === null ? [entry] : [entry.end, entry]) {
    if (part.previous !== null) part.previous.next = part;
    if (part.next !== null) part.next.previous = part;
  }
}

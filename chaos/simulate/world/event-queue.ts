/** What is still to happen, in the order of virtual time; at the same time in the order of the seed, and last in the order in which it was asked for. */
/** Whose event it is, and what becomes of an error in it. */
export interface EventOwner {
  readonly pid: number;
  /** Whether an event of it may run now; one that may not is kept or dropped by its owner. */
  takes(event: SimulatedEvent): boolean;
  /** Called when everything that its last event left has run. */
  settle(): void;
  fail(error: unknown): void;
  rejected(reason: unknown, promise: Promise<unknown>): void;
}

export interface SimulatedEvent {
  atNs: number;
  /** Orders events of the same time. */
  rank: number;
  number: number;
  /** Null for what the network does by itself. */
  readonly owner: EventOwner | null;
  readonly run: () => void;
  cancelled: boolean;
}

function isBefore(left: SimulatedEvent, right: SimulatedEvent): boolean {
  if (left.atNs !== right.atNs) return left.atNs < right.atNs;
  return left.rank === right.rank ? left.number < right.number : left.rank < right.rank;
}

/** A binary heap. */
export class EventQueue {
  readonly #heap: SimulatedEvent[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(event: SimulatedEvent): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  pop(): SimulatedEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let below = heap[child];
      if (below === undefined) break;
      const other = heap[child + 1];
      if (other !== undefined && isBefore(other, below)) {
        child += 1;
        below = other;
      }
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

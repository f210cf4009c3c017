/** Queues of a simulation: of events by their time, and of jobs first come, first served. */
interface Event<T> {
  readonly at: number;
  readonly order: number;
  readonly what: T;
}

/** The next event first: a binary heap (Williams 1964) that keeps the order of events of the same moment. */
export class EventQueue<T> {
  readonly #heap: Event<T>[] = [];
  #added = 0;

  add(at: number, what: T): void {
    const event = { at, order: (this.#added += 1), what };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  take(): { readonly at: number; readonly what: T } | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: Event<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      const child = right !== undefined && left !== undefined && before(right, left) ? right : left;
      if (child === undefined || before(event, child)) break;
      heap[index] = child;
      index = child === right ? 2 * index + 2 : 2 * index + 1;
    }
    heap[index] = event;
  }
}

function before<T>(left: Event<T>, right: Event<T>): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** First come, first served; an overloaded station has thousands of jobs waiting, so that taking one must not move the others. */
export class Line<T> {
  #items: T[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (2 * this.#head > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

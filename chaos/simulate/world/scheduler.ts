/**
 * The virtual clock: time passes only from one event to the next. Between two events Node runs every microtask and `nextTick` that the
 * first one left, so that a program sees the order it would see on a machine that is idle otherwise.
 */
import type { Random } from '../../random.ts';
import { type EventOwner, EventQueue, type SimulatedEvent } from './event-queue.ts';
import type { Trace } from './trace.ts';

export const nsPerMs = 1_000_000;
/** Reading a clock takes time, so that code which waits in a loop for it to pass ends. */
const clockReadNs = 100;
/** Turns of the real event loop between two looks at whether the simulation is to end. */
const eventsPerTurn = 64;

export interface SchedulerOptions {
  readonly random: Random;
  readonly trace: Trace;
  /** Epoch milliseconds at which virtual time begins. */
  readonly epochMs: number;
}

export class Scheduler {
  readonly epochMs: number;
  readonly #queue = new EventQueue();
  readonly #random: Random;
  readonly #trace: Trace;
  #nowNs = 0;
  #number = 0;
  #events = 0;
  #over = false;
  /** Of the event that runs, or ran last: what Node reports outside of any call belongs to it. */
  current: EventOwner | null = null;

  constructor({ random, trace, epochMs }: SchedulerOptions) {
    this.#random = random;
    this.#trace = trace;
    this.epochMs = epochMs;
  }

  /** Nanoseconds since the simulation began. */
  get nowNs(): number {
    return this.#nowNs;
  }

  get events(): number {
    return this.#events;
  }

  readClockNs(): number {
    this.#nowNs += clockReadNs;
    return this.#nowNs;
  }

  after(delayNs: number, owner: EventOwner | null, run: () => void): SimulatedEvent {
    return this.at(this.#nowNs + Math.max(0, delayNs), owner, run);
  }

  /** `ordered` events of one time run in the order in which they were asked for; others in that of the seed. */
  at(atNs: number, owner: EventOwner | null, run: () => void, ordered = false): SimulatedEvent {
    this.#number += 1;
    const event: SimulatedEvent = {
      atNs: Math.max(atNs, this.#nowNs),
      rank: ordered ? 0 : this.#random.next(),
      number: this.#number,
      owner,
      run,
      cancelled: false,
    };
    this.#queue.push(event);
    return event;
  }

  /** Puts an event that was held back in the queue again, for now. */
  again(event: SimulatedEvent): void {
    event.atNs = this.#nowNs;
    event.rank = 0;
    this.#number += 1;
    event.number = this.#number;
    this.#queue.push(event);
  }

  end(): void {
    this.#over = true;
  }

  /** Resolves when `end` was called. Rejects when nothing is left that could happen, or virtual time passes `limitNs`. */
  run(limitNs: number, failed: (owner: EventOwner | null, error: unknown) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (last: boolean): void => {
        if (this.#over) {
          if (last) resolve();
          return;
        }
        const problem = this.#step(limitNs, failed);
        if (problem !== null) {
          this.#over = true;
          reject(problem);
          return;
        }
        if (last) next();
      };
      // Node runs microtasks and ticks after each of them, without asking the operating system for news in between.
      const next = (): void => {
        for (let left = eventsPerTurn; left > 0; left -= 1) setImmediate(turn, left === 1);
      };
      next();
    });
  }

  #step(limitNs: number, failed: (owner: EventOwner | null, error: unknown) => void): Error | null {
    this.current?.settle();
    for (;;) {
      if (this.#over) return null;
      const event = this.#queue.pop();
      if (event === undefined) return new Error('nothing is left that could happen in the simulation');
      if (event.cancelled) continue;
      const { owner } = event;
      if (owner !== null && !owner.takes(event)) continue;
      this.#nowNs = Math.max(this.#nowNs, event.atNs);
      if (this.#nowNs > limitNs)
        return new Error(`the simulation did not end within ${limitNs / nsPerMs} ms of virtual time`);
      this.#events += 1;
      this.#trace.add('event', event.atNs, owner?.pid ?? 0);
      this.current = owner;
      try {
        event.run();
      } catch (error) {
        failed(owner, error);
      }
      return null;
    }
  }
}

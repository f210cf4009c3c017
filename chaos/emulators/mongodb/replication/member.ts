/**
 * This server as the one member of its replica set: primary from the start, and again some time after it was told to
 * step down, in a new term with a new election id.
 */
import { ObjectId } from 'bson';
import type { Clock } from '../../../clock.ts';
import { MongoError } from '../errors.ts';

export interface TopologyListener {
  /** The state changed; `hello` requests that wait for that answer now. */
  (): void;
}

export class ReplicaSetMember {
  readonly setName: string;
  readonly processId = new ObjectId();
  #isPrimary = true;
  #term: number;
  #topologyCounter = 6;
  #freezeUntilMs = 0;
  #electionTimer: Disposable | undefined;
  readonly #clock: Clock;
  readonly #listeners = new Set<TopologyListener>();
  electionAtMs: number;

  constructor(setName: string, clock: Clock, term: number) {
    this.setName = setName;
    this.#clock = clock;
    this.#term = term;
    this.electionAtMs = clock.nowMs();
  }

  get isPrimary(): boolean {
    return this.#isPrimary;
  }

  get term(): number {
    return this.#term;
  }

  get topologyCounter(): number {
    return this.#topologyCounter;
  }

  /** Grows with the term, as drivers compare election ids to find a stale primary. */
  get electionId(): ObjectId {
    return new ObjectId(`7fffffff${this.#term.toString(16).padStart(16, '0')}`);
  }

  /** Milliseconds until the member may stand for election again. */
  get freezeMs(): number {
    return Math.max(0, this.#freezeUntilMs - this.#clock.nowMs());
  }

  onChange(listener: TopologyListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  stepDown(forMs: number): void {
    if (!this.#isPrimary) throw new MongoError('NotWritablePrimary', "not primary so can't step down");
    this.#isPrimary = false;
    this.#freezeUntilMs = this.#clock.nowMs() + forMs;
    this.#changed();
    this.#electionTimer = this.#clock.timer(forMs, () => this.elect());
  }

  /** The only member always wins. */
  elect(): void {
    this.#electionTimer?.[Symbol.dispose]();
    this.#electionTimer = undefined;
    if (this.#isPrimary) return;
    this.#term += 1;
    this.#isPrimary = true;
    this.electionAtMs = this.#clock.nowMs();
    this.#changed();
  }

  close(): void {
    this.#electionTimer?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #changed(): void {
    this.#topologyCounter += 1;
    for (const listener of this.#listeners) listener();
  }
}

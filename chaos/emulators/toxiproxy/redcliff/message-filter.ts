/**
 * One direction of a connection, seen as messages. It passes chunks untouched, as long as no plan wants otherwise, and
 * then delays a message, or lets only a part of it through.
 */
import type { Clock } from '../../../clock.ts';
import type { Sink } from '../proxy/sink.ts';
import type { Chunk } from '../toxics/toxic.ts';
import type { Gate, Plan } from './plan.ts';
import type { MessageObserver, Scanner } from './protocol/scanner.ts';
import type { StreamTap } from './trace/stream-tap.ts';

/** A message of which nothing is known after this much passes; 'half' of a longer one is half of this. */
const HELD_BYTES_MAX = 64 * 1024;

export interface MessagePlanner {
  /** Whether messages are to be held until they are identified, because a plan may concern them. */
  holds(): boolean;
  /** The plan for the message just identified. One that was not held can only pass. */
  plan(held: boolean): Plan;
  /** The bytes are no messages: scanning is over. */
  lost(): void;
}

type Waiting =
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'hold'; readonly gate: Gate };

export class MessageFilter implements Sink, MessageObserver {
  output: Sink;
  onReady: () => void = () => {};
  scanner: Scanner | undefined;
  /** Sees chunks as long as there is no scanner; may set one. */
  onUnscanned: ((data: Buffer) => void) | undefined;
  readonly #clock: Clock;
  readonly #planner: MessagePlanner;
  readonly #tap: StreamTap;
  /** What stands behind a delayed message. */
  #waiting: Waiting[] = [];
  #timer: Disposable | undefined;
  #inputEnded = false;
  #silent = false;
  /** Of the chunk being scanned: what has not been passed on yet, and where the current message began. */
  #data: Buffer = Buffer.alloc(0);
  #receivedAtMs = 0;
  #passFrom = 0;
  #messageFrom = 0;
  /** Beginning of the current message, from earlier chunks, while it is held. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #undecided = false;
  #finish: Extract<Plan, { kind: 'finish' }> | undefined;
  #finished = false;
  /** The rest of the current message is not passed on. */
  #swallowing = false;

  constructor(output: Sink, clock: Clock, planner: MessagePlanner, tap: StreamTap) {
    this.output = output;
    this.#clock = clock;
    this.#planner = planner;
    this.#tap = tap;
  }

  get ready(): boolean {
    return this.#silent || (this.#waiting.length === 0 && this.output.ready);
  }

  push(chunk: Chunk): void {
    if (this.#silent || this.#finished) return;
    if (this.scanner === undefined) this.onUnscanned?.(chunk.data);
    if (this.scanner === undefined) {
      this.#tap.scanned(chunk.data);
      this.#emit(chunk);
      return;
    }
    this.#data = chunk.data;
    this.#receivedAtMs = chunk.receivedAtMs;
    this.#passFrom = 0;
    this.#messageFrom = 0;
    const intact = this.scanner.scan(chunk.data, this);
    this.#tap.scanned(chunk.data);
    if (this.#finished) return;
    if (!intact) {
      this.scanner = undefined;
      this.#undecided = false;
      this.#finish = undefined;
      this.#swallowing = false;
      this.#planner.lost();
    }
    // The usual case, without a copy or a new view: nothing was held or cut out.
    if (
      this.#passFrom === 0 &&
      this.#heldBytes === 0 &&
      !this.#undecided &&
      !this.#swallowing &&
      this.#finish === undefined
    ) {
      this.#emit(chunk);
    } else {
      this.#chunkScanned();
    }
  }

  end(): void {
    this.#inputEnded = true;
    if (this.#waiting.length > 0) return;
    this.#emitHeld();
    this.output.end();
  }

  pump(): void {
    if (this.#waiting.length === 0) this.onReady();
  }

  /** Lets everything go that is delayed, up to a message behind a gate that is not open. */
  release(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter(({ kind }) => kind !== 'delay');
    this.#passWaiting();
  }

  /** A gate was opened: the message behind it goes on, when nothing before it waits. */
  resume(): void {
    if (this.#waiting[0]?.kind === 'hold') this.#passWaiting();
  }

  /** Swallows everything from now on. */
  silence(): void {
    this.#silent = true;
    this.#held = [];
    this.onReady();
  }

  dispose(): void {
    this.#timer?.[Symbol.dispose]();
    this.#waiting = [];
    this.#held = [];
    this.#finished = true;
  }

  started(offset: number): void {
    this.#tap.started(offset);
    if (this.#finished) return;
    this.#messageFrom = offset;
    this.#undecided = this.#planner.holds();
  }

  identified(): void {
    if (this.#finished) return;
    const plan = this.#planner.plan(this.#undecided);
    if (!this.#undecided) return;
    this.#undecided = false;
    if (plan.kind === 'pass') {
      this.#emitHeld();
      return;
    }
    this.#emitRange(this.#passFrom, this.#messageFrom);
    this.#passFrom = this.#messageFrom;
    switch (plan.kind) {
      case 'finish':
        this.#finish = plan;
        if (plan.afterBytes === 0) this.#finishAfter(0);
        return;
      case 'replace':
        plan.onApplied();
        this.#held = [];
        this.#heldBytes = 0;
        this.#swallowing = true;
        this.#emit({ data: plan.by, receivedAtMs: this.#receivedAtMs });
        return;
      case 'hold':
        this.#waiting.push({ kind: 'hold', gate: plan.gate });
        this.#emitHeld();
        plan.onApplied();
        return;
      case 'delay':
        plan.onApplied();
        this.#delay(plan.delayMs);
        this.#emitHeld();
    }
  }

  ended(offset: number): void {
    this.#tap.ended(offset);
    if (this.#finished) return;
    if (this.#swallowing) {
      this.#swallowing = false;
      this.#passFrom = offset;
    }
    if (this.#finish !== undefined) {
      const bytes = this.#heldBytes + offset - this.#messageFrom;
      const { afterBytes } = this.#finish;
      this.#finishAfter(afterBytes === 'half' ? Math.floor(bytes / 2) : Math.min(afterBytes, bytes - 1));
      return;
    }
    this.#messageFrom = offset;
  }

  #chunkScanned(): void {
    if (this.#swallowing) {
      this.#emitRange(this.#passFrom, this.#messageFrom);
      return;
    }
    const holding = this.#undecided || this.#finish !== undefined;
    if (!holding) {
      this.#emitHeld();
      this.#emitRange(this.#passFrom, this.#data.length);
      return;
    }
    this.#emitRange(this.#passFrom, this.#messageFrom);
    const rest = this.#data.subarray(this.#messageFrom);
    // An offset of 0 continues a message; the parts are joined when it is decided.
    this.#held.push(rest);
    this.#heldBytes += rest.length;
    this.#data = rest.subarray(rest.length);
    this.#messageFrom = 0;
    this.#passFrom = 0;
    if (this.#finish === undefined) {
      if (this.#heldBytes < HELD_BYTES_MAX) return;
      this.#undecided = false;
      this.#emitHeld();
      return;
    }
    const { afterBytes } = this.#finish;
    if (afterBytes === 'half' && this.#heldBytes >= HELD_BYTES_MAX) this.#finishAfter(HELD_BYTES_MAX / 2);
    if (afterBytes !== 'half' && this.#heldBytes > afterBytes) this.#finishAfter(afterBytes);
  }

  /** Passes `bytes` of the current message and ends the connection. */
  #finishAfter(bytes: number): void {
    const plan = this.#finish;
    if (plan === undefined) return;
    const message = Buffer.concat([...this.#held, this.#data.subarray(this.#messageFrom)]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#finish = undefined;
    this.#finished = true;
    if (bytes > 0) this.#emit({ data: message.subarray(0, bytes), receivedAtMs: this.#receivedAtMs });
    plan.onApplied();
  }

  #emitHeld(): void {
    for (const data of this.#held) this.#emit({ data, receivedAtMs: this.#receivedAtMs });
    this.#held = [];
    this.#heldBytes = 0;
  }

  #emitRange(from: number, to: number): void {
    if (to <= from) return;
    this.#emit({ data: this.#data.subarray(from, to), receivedAtMs: this.#receivedAtMs });
  }

  #emit(chunk: Chunk): void {
    if (this.#waiting.length > 0) this.#waiting.push({ kind: 'chunk', chunk });
    else this.output.push(chunk);
  }

  #delay(delayMs: number): void {
    this.#waiting.push({ kind: 'delay', delayMs });
    if (this.#waiting.length === 1) this.#startTimer(delayMs);
  }

  #startTimer(delayMs: number): void {
    this.#timer = this.#clock.timer(delayMs, () => {
      this.#timer = undefined;
      this.#waiting.shift();
      this.#passWaiting();
    });
  }

  /** Up to the next delay or held message. */
  #passWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.kind === 'hold' && !next.gate.open) return;
      if (next.kind === 'delay') {
        this.#startTimer(next.delayMs);
        return;
      }
      this.#waiting.shift();
      if (next.kind === 'chunk') this.#pushNow(next.chunk);
    }
    this.#drained();
  }

  /** For the toxics behind, a chunk arrives when its delay is over. */
  #pushNow({ data }: Chunk): void {
    this.output.push({ data, receivedAtMs: this.#clock.monotonicMs() });
  }

  #drained(): void {
    if (this.#inputEnded) this.output.end();
    else if (this.ready) this.onReady();
  }
}

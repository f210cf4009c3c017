/**
 * One toxic's place in the chain of one connection. It queues what the toxic is not ready for, keeps the toxic's
 * timer, and lets the toxic be interrupted, updated and taken out without losing a byte.
 */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { countEffect, hadEffect, noEffects } from '../toxics/effect-counts.ts';
import { noop } from '../toxics/noop.ts';
import type { Chunk, Effect, StartToxic, ToxicRun, ToxicStage } from '../toxics/toxic.ts';
import type { Sink } from './sink.ts';
import type { Toxic } from './toxic.ts';

/** Bytes that may wait in front of a buffering toxic, so that a slow reader cannot fill the memory. */
const QUEUE_BYTES_MAX = 8 * 1024 * 1024;

/** Timers may fire a little early against the monotonic clock; less than this is let pass. */
const EARLY_MS_MAX = 0.1;

export interface StageOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly output: Sink;
}

export class Stage implements Sink, ToxicStage {
  readonly toxic: Toxic;
  readonly random: Random;
  readonly counts = noEffects();
  onReady: () => void = () => {};
  /** Whether the toxicity was drawn, so that the toxic itself runs here and not a noop in its place. */
  drawn = false;
  output: Sink;
  #queue: Chunk[] = [];
  #queuedBytes = 0;
  #inputEnded = false;
  #busy = false;
  #pumping = false;
  #closed = false;
  #everDrawn = false;
  #run: ToxicRun;
  #timer: Disposable | undefined;
  readonly #clock: Clock;
  readonly #start: StartToxic<ReadonlyMap<string, number>>;
  readonly #startNoop: StartToxic<ReadonlyMap<string, number>>;

  constructor(toxic: Toxic, options: StageOptions) {
    this.toxic = toxic;
    this.random = options.random;
    this.output = options.output;
    this.#clock = options.clock;
    this.#start = toxic.kind.attach(this);
    this.#startNoop = noop.attach(this);
    toxic.totals.connections += 1;
    this.#run = this.#draw();
  }

  get closed(): boolean {
    return this.#closed;
  }

  get inputEnded(): boolean {
    return this.#inputEnded;
  }

  /** A toxic without a buffer has one chunk waiting while it works on another, so that it never idles in between. */
  get ready(): boolean {
    const chunksMax = Math.max(1, this.toxic.kind.bufferedChunksMax);
    return this.#queue.length < chunksMax && this.#queuedBytes < QUEUE_BYTES_MAX;
  }

  push(chunk: Chunk): void {
    if (this.#closed) return;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.data.length;
    this.pump();
  }

  end(): void {
    this.#inputEnded = true;
    this.pump();
  }

  /** Feeds the toxic while it asks for more and its output takes it. */
  pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    while (!this.#busy && !this.#closed && this.output.ready) {
      const chunk = this.#queue.shift();
      if (chunk === undefined) break;
      this.#queuedBytes -= chunk.data.length;
      this.#busy = true;
      this.#run.chunk(chunk);
    }
    this.#pumping = false;
    if (this.#closed) return;
    if (!this.#busy && this.#inputEnded && this.#queue.length === 0) {
      this.#busy = true;
      this.#run.end();
    } else if (this.ready) {
      this.onReady();
    }
  }

  /** Stops the toxic and lets go what it held; false when it can no longer be stopped. */
  interrupt(): boolean {
    if (this.#closed || this.#run.committed?.() === true) return false;
    this.#cancelTimer();
    this.#run.interrupt?.();
    this.#busy = true;
    return true;
  }

  /** Runs the toxic anew after `interrupt`, with its current attributes and a new draw of its toxicity. */
  restart(): void {
    if (this.#closed) return;
    this.#run = this.#draw();
    this.#busy = false;
    this.pump();
  }

  /** Gives everything queued to the output; for a toxic that was interrupted to be removed. */
  flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const chunk of queue) this.output.push(chunk);
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  emit(chunk: Chunk): void {
    if (!this.#closed) this.output.push(chunk);
  }

  next(): void {
    this.#busy = false;
    this.pump();
  }

  close(): void {
    if (this.#closed) return;
    this.dispose();
    this.output.end();
  }

  timer(delayMs: number, callback: () => void): void {
    this.#cancelTimer();
    const dueAtMs = this.#clock.monotonicMs() + delayMs;
    const fire = (): void => {
      const leftMs = dueAtMs - this.#clock.monotonicMs();
      if (leftMs > EARLY_MS_MAX) {
        this.#timer = this.#clock.timer(leftMs, fire);
        return;
      }
      this.#timer = undefined;
      callback();
    };
    this.#timer = this.#clock.timer(Math.max(0, delayMs), fire);
  }

  affected(effect: Effect, amount = 1): void {
    const { totals } = this.toxic;
    if (!hadEffect(this.counts)) totals.connectionsAffected += 1;
    countEffect(this.counts, effect, amount);
    countEffect(totals.effects, effect, amount);
  }

  /** The connection is over: nothing is passed on any more. */
  dispose(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  #draw(): ToxicRun {
    this.drawn = this.random.next() < this.toxic.toxicity;
    if (this.drawn && !this.#everDrawn) {
      this.#everDrawn = true;
      this.toxic.totals.connectionsDrawn += 1;
    }
    return (this.drawn ? this.#start : this.#startNoop)(this.toxic.attributes);
  }

  #cancelTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}

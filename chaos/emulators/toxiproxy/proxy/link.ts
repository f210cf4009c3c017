/**
 * One direction of one connection: what a socket reads goes through the chain of toxics to the other socket.
 * Without toxics the buffers pass straight. Toxics can come, change and go while data flows, and what that does to
 * waiting data follows the original (interrupt, let go what is held, start again).
 */
import type { Socket } from 'node:net';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { countReadBytes } from './read-buffers.ts';
import type { Sink } from './sink.ts';
import { Stage } from './stage.ts';
import type { Direction, Toxic, ToxicOnConnection } from './toxic.ts';

/** Removed toxics remembered on a connection, so that a long-lived one does not collect them without end. */
const PAST_STAGES_MAX = 100;

/** What stands in front of the toxics and passes on what the source read. */
export interface Entry extends Sink {
  output: Sink;
  pump(): void;
}

export interface LinkOptions {
  readonly direction: Direction;
  readonly source: Socket;
  /** Where the chain of toxics ends. */
  readonly output: Sink;
  readonly entry?: Entry;
  readonly clock: Clock;
  readonly random: Random;
}

export class Link {
  readonly direction: Direction;
  bytesReceived = 0;
  readonly #source: Socket;
  readonly #output: Sink;
  readonly #entry: Entry | undefined;
  readonly #clock: Clock;
  readonly #random: Random;
  #stages: Stage[] = [];
  /** Stages of removed toxics, for their counts. */
  readonly #pastStages: Stage[] = [];
  #inputEnded = false;
  #disposed = false;

  constructor(options: LinkOptions, toxics: readonly Toxic[]) {
    this.direction = options.direction;
    this.#source = options.source;
    this.#output = options.output;
    this.#entry = options.entry;
    this.#clock = options.clock;
    this.#random = options.random;
    let output: Sink = this.#output;
    for (const toxic of toxics.toReversed()) {
      const stage = this.#newStage(toxic, output);
      output.onReady = () => stage.pump();
      this.#stages.unshift(stage);
      output = stage;
    }
    this.#feedFromSource(output);
    if (this.#entry !== undefined) this.#entry.onReady = this.#resumeSource;
  }

  /** The toxics that the connection met in this direction, and what they did to it. */
  toxics(): ToxicOnConnection[] {
    return [...this.#pastStages, ...this.#stages].map((stage) => ({
      name: stage.toxic.name,
      type: stage.toxic.kind.type,
      stream: this.direction,
      drawn: stage.drawn,
      effects: stage.counts,
    }));
  }

  /** Takes what the source read; pauses the source while the chain is full. */
  receive(data: Buffer): void {
    this.bytesReceived += data.length;
    countReadBytes(data.length);
    const first = this.#first;
    // Only toxics ask when a chunk came.
    first.push({ data, receivedAtMs: this.#stages.length === 0 ? 0 : this.#clock.monotonicMs() });
    if (!first.ready) this.#source.pause();
  }

  /** The source ended or failed. */
  endInput(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#first.end();
  }

  /** Appends a toxic; the one before starts again, because its output changed. */
  addToxic(toxic: Toxic): void {
    if (this.#disposed) return;
    const previous = this.#stages.at(-1);
    if (previous?.closed === true) return;
    const interrupted = previous?.interrupt() ?? false;
    const stage = this.#newStage(toxic, this.#output);
    this.#output.onReady = () => stage.pump();
    this.#stages.push(stage);
    if (previous === undefined) {
      this.#feedFromSource(stage);
      if (this.#inputEnded) stage.end();
      return;
    }
    previous.output = stage;
    stage.onReady = () => previous.pump();
    if (interrupted) previous.restart();
  }

  /** Starts the toxic again with its new attributes, drawing its toxicity anew. */
  updateToxic(toxic: Toxic): void {
    const stage = this.#stages.find((candidate) => candidate.toxic === toxic);
    if (stage?.interrupt() === true) stage.restart();
  }

  /** Takes the toxic out; data waiting for it goes on at once. */
  removeToxic(toxic: Toxic): void {
    const index = this.#stages.findIndex((candidate) => candidate.toxic === toxic);
    const stage = this.#stages[index];
    if (stage === undefined || !stage.interrupt()) return;
    if (toxic.kind.closesWhenRemoved) {
      stage.close();
      return;
    }
    const previous = this.#stages[index - 1];
    const previousInterrupted = previous?.interrupt() ?? false;
    stage.flush();
    this.#stages.splice(index, 1);
    if (this.#pastStages.length < PAST_STAGES_MAX) this.#pastStages.push(stage);
    const output = stage.output;
    if (previous === undefined) {
      this.#feedFromSource(output);
    } else {
      previous.output = output;
      output.onReady = () => previous.pump();
    }
    if (stage.inputEnded) output.end();
    stage.dispose();
    if (previousInterrupted) previous?.restart();
    if (this.#first.ready) this.#resumeSource();
  }

  /** The destination is gone: nothing more is passed on or read. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const stage of this.#stages) stage.dispose();
    this.#source.pause();
  }

  get #first(): Sink {
    return this.#entry ?? this.#stages[0] ?? this.#output;
  }

  /** Makes `sink` the first of the chain. */
  #feedFromSource(sink: Sink): void {
    const entry = this.#entry;
    if (entry === undefined) {
      sink.onReady = this.#resumeSource;
      return;
    }
    entry.output = sink;
    sink.onReady = () => entry.pump();
  }

  readonly #resumeSource = (): void => {
    if (!this.#disposed) this.#source.resume();
  };

  #newStage(toxic: Toxic, output: Sink): Stage {
    const random = this.#random.fork(`${this.direction}/${toxic.name}`);
    return new Stage(toxic, { clock: this.#clock, random, output });
  }
}

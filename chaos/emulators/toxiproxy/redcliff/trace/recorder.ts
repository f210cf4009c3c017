/** Records what passes all proxies while it is asked for: turns chunks into records of a ring, and remembers whose connections they were. */
import type { Clock } from '../../../../clock.ts';
import type { Protocol } from '../protocol/scanner.ts';
import { TraceRing } from './trace-ring.ts';

/** Connections told apart by name; those beyond are recorded without. */
const CONNECTIONS_MAX = 200_000;
const NOTHING = Buffer.alloc(0);

export interface TraceSettings {
  /** Memory for what is recorded. */
  readonly bytesMax: number;
  /** Bytes kept of one message. */
  readonly messageBytesMax: number;
}

/** The connection that a record belongs to. */
export interface TracedConnection {
  readonly proxy: string;
  /** Number of the connection on its proxy. */
  readonly number: number;
  readonly peer: string;
  readonly protocol: Protocol;
}

/** What was recorded. `originMs`: epoch time at which the monotonic clock was 0. */
export interface Recording {
  readonly settings: TraceSettings;
  readonly ring: TraceRing;
  readonly connections: ReadonlyMap<number, TracedConnection>;
  readonly originMs: number;
  readonly startedMs: number;
}

interface RunningRecording extends Recording {
  readonly connections: Map<number, TracedConnection>;
}

export class TraceRecorder {
  readonly #clock: Clock;
  #recording: RunningRecording | undefined;
  #connections = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get active(): boolean {
    return this.#recording !== undefined;
  }

  get recording(): Recording | undefined {
    return this.#recording;
  }

  /** Begins anew; what an earlier recording held is gone. */
  start(settings: TraceSettings): void {
    const nowMs = this.#clock.monotonicMs();
    this.#recording = {
      settings,
      ring: new TraceRing(settings.bytesMax),
      connections: new Map(),
      originMs: this.#clock.nowMs() - nowMs,
      startedMs: nowMs,
    };
  }

  stop(): void {
    this.#recording = undefined;
  }

  /** Keeps what passes between two epoch times. */
  keep(fromMs: number, toMs: number): void {
    const recording = this.#recording;
    recording?.ring.keep({ fromMs: fromMs - recording.originMs, toMs: toMs - recording.originMs });
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** A number for a connection, the same over all recordings. */
  newConnection(): number {
    this.#connections += 1;
    return this.#connections;
  }

  /** Names the connection in the present recording. */
  introduce(connection: number, facts: TracedConnection): void {
    const known = this.#recording?.connections;
    if (known !== undefined && known.size < CONNECTIONS_MAX && !known.has(connection)) {
      known.set(connection, facts);
    }
  }

  /** Something that was done to a command or its reply; `number` as the protocol or the order has it. */
  note(connection: number, number: number, text: Readonly<Record<string, string>>): void {
    const nowMs = this.nowMs();
    this.#recording?.ring.append({
      kind: 'note',
      fromClient: true,
      connection,
      number,
      firstMs: nowMs,
      lastMs: nowMs,
      streamOffset: 0,
      totalBytes: 0,
      bytes: Buffer.from(JSON.stringify(text)),
    });
  }

  closed(connection: number): void {
    const nowMs = this.nowMs();
    this.#recording?.ring.append({
      kind: 'closed',
      fromClient: true,
      connection,
      number: 0,
      firstMs: nowMs,
      lastMs: nowMs,
      streamOffset: 0,
      totalBytes: 0,
      bytes: NOTHING,
    });
  }
}

/** A client that records what it sees of a connection, in order, so that tests can compare kinds and order of events. */
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../../clock.ts';

export type Seen =
  | { readonly kind: 'connect' | 'end' | 'close'; readonly atMs: number }
  | { readonly kind: 'data'; readonly atMs: number; readonly bytes: number }
  | { readonly kind: 'error'; readonly atMs: number; readonly code: string };

const WAIT_MS_MAX = 20_000;

export class WatchedClient implements Disposable {
  readonly seen: Seen[] = [];
  readonly socket: Socket;
  received = Buffer.alloc(0);
  readonly #startedAtMs = systemClock.monotonicMs();
  #wakeUp: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.socket.on('connect', () => this.#note({ kind: 'connect', atMs: this.#nowMs() }));
    this.socket.on('end', () => {
      this.#note({ kind: 'end', atMs: this.#nowMs() });
      this.socket.end();
    });
    this.socket.on('close', () => this.#note({ kind: 'close', atMs: this.#nowMs() }));
    this.socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#note({ kind: 'error', atMs: this.#nowMs(), code: error.code ?? error.message }),
    );
    this.socket.on('data', (data: Buffer) => {
      this.received = Buffer.concat([this.received, data]);
      this.#note({ kind: 'data', atMs: this.#nowMs(), bytes: data.length });
    });
  }

  /** Resolves when `condition` holds; rejects after a deadline with what was seen. */
  async until(condition: (client: this) => boolean): Promise<void> {
    const deadlineMs = systemClock.monotonicMs() + WAIT_MS_MAX;
    while (!condition(this)) {
      if (systemClock.monotonicMs() > deadlineMs)
        throw new Error(`waited in vain; saw ${this.kinds().join(' ')}`);
      await new Promise<void>((resolve) => {
        const timer = systemClock.timer(100, resolve);
        this.#wakeUp.push(() => {
          timer[Symbol.dispose]();
          resolve();
        });
      });
    }
  }

  connected(): Promise<void> {
    return this.until(() => this.seen.length > 0);
  }

  closed(): Promise<void> {
    return this.until(() => this.saw('close'));
  }

  bytes(count: number): Promise<void> {
    return this.until(() => this.received.length >= count);
  }

  saw(kind: string): boolean {
    return this.kinds().includes(kind);
  }

  /** Sends and waits for as many bytes to come back from an echoing upstream. */
  async echo(text: string): Promise<void> {
    const expected = this.received.length + text.length;
    this.socket.write(text);
    await this.bytes(expected);
  }

  /** Kinds of events in order; an error is named by its code, repeated data once. */
  kinds(): string[] {
    return this.seen
      .map((event) => (event.kind === 'error' ? event.code : event.kind))
      .filter((kind, index, all) => kind !== 'data' || all[index - 1] !== 'data');
  }

  dataSizes(): number[] {
    return this.seen.flatMap((event) => (event.kind === 'data' ? [event.bytes] : []));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #nowMs(): number {
    return systemClock.monotonicMs() - this.#startedAtMs;
  }

  #note(event: Seen): void {
    this.seen.push(event);
    for (const wake of this.#wakeUp.splice(0)) wake();
  }
}

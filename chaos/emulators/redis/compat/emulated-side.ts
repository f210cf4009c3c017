/** The emulator, in this thread: what is sent is answered before `send` returns. */
import type { Clock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { Configuration } from '../config/configuration.ts';
import { Engine } from '../engine/engine.ts';
import type { Session } from '../engine/session.ts';
import type { Disk } from '../persistence/disk.ts';
import { encodeRequest } from '../reply/encode.ts';
import type { SideConnection } from './side.ts';
import { ReplyReader, type WireReply } from './wire-reply.ts';

export interface EmulatedOptions {
  readonly clock: Clock;
  readonly disk?: Disk;
  readonly options?: readonly (readonly [string, string])[];
}

export class EmulatedSide implements Disposable {
  readonly engine: Engine;
  readonly #clock: Clock;
  #connections = 0;

  constructor({ clock, disk, options = [] }: EmulatedOptions) {
    const configuration = new Configuration();
    const change = configuration.change(
      Object.entries({ save: '', 'enable-debug-command': 'yes', ...Object.fromEntries(options) }),
      'start',
    );
    if (change.kind !== 'done') throw new TypeError(`an option is refused: ${JSON.stringify(change)}`);
    this.#clock = clock;
    this.engine = new Engine({
      clock,
      configuration,
      random: seededRandom('compat'),
      ...(disk === undefined ? {} : { disk }),
    });
  }

  connect(): Promise<SideConnection> {
    this.#connections += 1;
    return Promise.resolve(new EmulatedConnection(this.engine, this.#clock, 40_000 + this.#connections));
  }

  [Symbol.dispose](): void {
    this.engine[Symbol.dispose]();
  }
}

class EmulatedConnection implements SideConnection {
  isClosed = false;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #reader = new ReplyReader();
  #replies: WireReply[] = [];

  constructor(engine: Engine, clock: Clock, port: number) {
    this.#clock = clock;
    this.#session = engine.connect({
      remote: `127.0.0.1:${port}`,
      local: '127.0.0.1:6379',
      isLoopback: true,
      unsentBytes: 0,
      send: (bytes) => this.#receive(bytes),
      end: () => {
        this.isClosed = true;
      },
      destroy: () => {
        this.isClosed = true;
      },
    });
  }

  get id(): number {
    return this.#session.client.id;
  }

  get replyCount(): number {
    return this.#replies.length;
  }

  send(requests: readonly (readonly Bytes[])[]): void {
    this.#session.receive(requests.map(encodeRequest).join(''));
  }

  take(): WireReply[] {
    const taken = this.#replies;
    this.#replies = [];
    return taken;
  }

  async arrived(count: number, deadlineMs: number): Promise<boolean> {
    const endMs = this.#clock.monotonicMs() + deadlineMs;
    while (this.#replies.length < count && !this.isClosed) {
      if (this.#clock.monotonicMs() >= endMs) return false;
      await this.#clock.sleep(2);
    }
    return true;
  }

  close(): void {
    this.#session.disconnected();
    this.isClosed = true;
  }

  #receive(bytes: Bytes): void {
    this.#reader.append(bytes);
    for (let reply = this.#reader.next(); reply !== undefined; reply = this.#reader.next()) {
      this.#replies.push(reply);
    }
  }
}

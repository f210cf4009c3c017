/** The engine for a test: its clock moves only when told to, its disk loses at a crash what was not synced. */
import { ManualClock } from '../../toxiproxy/testing/manual-clock.ts';
import { EmulatedSide } from '../compat/emulated-side.ts';
import type { SideConnection } from '../compat/side.ts';
import { replyText } from '../compat/wire-reply.ts';
import type { Disk } from '../persistence/disk.ts';

export class TestClient {
  readonly #connection: SideConnection;

  constructor(connection: SideConnection) {
    this.#connection = connection;
  }

  get isClosed(): boolean {
    return this.#connection.isClosed;
  }

  /** The words of one command, or a line of words without spaces in them. Gives all replies that are there, as text. */
  run(...words: readonly string[]): string {
    const [line] = words;
    this.#connection.send([words.length === 1 && line !== undefined ? line.split(' ') : words]);
    return this.received();
  }

  /** What came without being asked for, or late. */
  received(): string {
    return this.#connection.take().map(replyText).join('\n');
  }

  close(): void {
    this.#connection.close();
  }
}

export class EmulatedServer implements Disposable {
  readonly clock: ManualClock;
  readonly side: EmulatedSide;

  constructor(
    options: Readonly<Record<string, string>> = {},
    { clock = new ManualClock(), disk }: { clock?: ManualClock; disk?: Disk } = {},
  ) {
    this.clock = clock;
    this.side = new EmulatedSide({
      clock,
      options: Object.entries(options),
      ...(disk === undefined ? {} : { disk }),
    });
  }

  async connect(): Promise<TestClient> {
    return new TestClient(await this.side.connect());
  }

  [Symbol.dispose](): void {
    this.side[Symbol.dispose]();
  }
}

/** The trace of a simulation as one hash: two runs with the same hash did the same things at the same virtual times. */
import { createHash } from 'node:crypto';

const portionBytes = 65_536;
const headBytes = 17;

export type TraceKind = 'event' | 'exit' | 'output' | 'send' | 'spawn';

const codes: Readonly<Record<TraceKind, number>> = { event: 1, send: 2, spawn: 3, exit: 4, output: 5 };

export class Trace {
  readonly #hash = createHash('sha256');
  readonly #portion = Buffer.alloc(portionBytes);
  #filled = 0;
  #entries = 0;

  get entries(): number {
    return this.#entries;
  }

  add(kind: TraceKind, atNs: number, process: number, bytes?: Uint8Array): void {
    this.#entries += 1;
    if (this.#filled + headBytes > portionBytes) this.#flush();
    const portion = this.#portion;
    const at = this.#filled;
    portion[at] = codes[kind];
    portion.writeDoubleLE(atNs, at + 1);
    portion.writeUInt32LE(process, at + 9);
    portion.writeUInt32LE(bytes?.length ?? 0, at + 13);
    this.#filled += headBytes;
    if (bytes === undefined) return;
    if (this.#filled + bytes.length > portionBytes) {
      this.#flush();
      if (bytes.length > portionBytes) {
        this.#hash.update(bytes);
        return;
      }
    }
    portion.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** 64 hexadecimal digits; nothing may be added afterwards. */
  end(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#portion.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

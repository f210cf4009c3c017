/** The commands that took longest, the last ones first. */
import type { Bytes } from '../bytes/byte-string.ts';

export interface SlowCommand {
  readonly id: number;
  readonly atSeconds: number;
  readonly microseconds: number;
  readonly words: readonly Bytes[];
  readonly address: Bytes;
  readonly clientName: Bytes;
}

const wordsMax = 32;
const wordBytesMax = 128;

export class SlowLog {
  readonly #entries: SlowCommand[] = [];
  #nextId = 0;

  add(command: Omit<SlowCommand, 'id'>, entriesMax: number): void {
    this.#entries.unshift({ ...command, id: this.#nextId, words: shortened(command.words) });
    this.#nextId += 1;
    if (this.#entries.length > entriesMax) this.#entries.length = entriesMax;
  }

  get length(): number {
    return this.#entries.length;
  }

  latest(count: number): readonly SlowCommand[] {
    return this.#entries.slice(0, count);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

function shortened(words: readonly Bytes[]): Bytes[] {
  const isLong = words.length > wordsMax;
  const kept = (isLong ? words.slice(0, wordsMax - 1) : words).map((word) =>
    word.length > wordBytesMax
      ? `${word.slice(0, wordBytesMax)}... (${word.length - wordBytesMax} more bytes)`
      : word,
  );
  return isLong ? [...kept, `... (${words.length - wordsMax + 1} more arguments)`] : kept;
}

/** What was denied to whom, the last first. */
import type { Bytes } from '../bytes/byte-string.ts';

export interface AccessLogEntry {
  count: number;
  readonly reason: 'command' | 'key' | 'channel' | 'auth';
  readonly context: 'toplevel' | 'multi' | 'lua';
  readonly object: Bytes;
  readonly user: Bytes;
  atMs: number;
  clientInfo: Bytes;
}

/** Among so many of the last entries the same denial is counted, not repeated. */
const searched = 10;

export class AccessLog {
  readonly #entries: AccessLogEntry[] = [];

  add(entry: Omit<AccessLogEntry, 'count'>, entriesMax: number): void {
    const at = this.#entries
      .slice(0, searched)
      .findIndex(
        (other) =>
          other.reason === entry.reason &&
          other.context === entry.context &&
          other.object === entry.object &&
          other.user === entry.user,
      );
    const [known] = at === -1 ? [] : this.#entries.splice(at, 1);
    this.#entries.unshift({ ...entry, count: (known?.count ?? 0) + 1 });
    if (this.#entries.length > entriesMax) this.#entries.length = entriesMax;
  }

  latest(count: number): readonly AccessLogEntry[] {
    return this.#entries.slice(0, count);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

/** The journal together with the snapshots that keep it short. */
import type { Commit, CommitLog } from '../commit-log.ts';
import type { EngineState } from '../engine-state.ts';
import { JournalWriter, type JournalOptions, type OpenSegment } from './journal-writer.ts';
import { removeObsolete } from './recovery.ts';
import { captureSnapshot, snapshotName, unfinishedSuffix, writeSnapshot } from './snapshot-file.ts';
import { join } from 'node:path';

export interface DurableLogOptions extends Omit<JournalOptions, 'onGrowth'> {
  /** A snapshot is due when the journal has grown to this many bytes, and to the size of the data. */
  readonly snapshotAfterBytes: number;
  /** Told of what a user should know and need not act upon. */
  readonly notify: (message: string) => void;
}

export class DurableLog implements CommitLog {
  readonly #options: DurableLogOptions;
  readonly #state: EngineState;
  readonly #lock: AsyncDisposable;
  readonly #journal: JournalWriter;
  /** Called when versions kept for a snapshot file are not needed any more. */
  readonly #onSnapshotEnd: () => void;
  #snapshot: Promise<void> | undefined;
  #isClosing = false;

  constructor(
    options: DurableLogOptions,
    state: EngineState,
    segment: OpenSegment,
    lock: AsyncDisposable,
    onSnapshotEnd: () => void,
  ) {
    this.#options = options;
    this.#state = state;
    this.#lock = lock;
    this.#onSnapshotEnd = onSnapshotEnd;
    this.#journal = new JournalWriter(
      {
        ...options,
        onGrowth: (bytes) => {
          if (bytes >= Math.max(options.snapshotAfterBytes, state.dataBytes())) void this.takeSnapshot();
        },
      },
      segment,
    );
  }

  assertWritable(): void {
    this.#journal.assertWritable();
  }

  append(commit: Commit): Promise<void> {
    return this.#journal.append(commit);
  }

  flush(): Promise<void> {
    return this.#journal.flush();
  }

  /** Writes a snapshot unless one is being written; resolves when the journal is shortened, or it was given up. */
  takeSnapshot(): Promise<void> {
    if (this.#isClosing) return Promise.resolve();
    this.#snapshot ??= this.#writeSnapshot().finally(() => {
      this.#snapshot = undefined;
    });
    return this.#snapshot;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await this.#snapshot;
    await this.#journal[Symbol.asyncDispose]();
    await this.#lock[Symbol.asyncDispose]();
  }

  /** A snapshot that cannot be written costs nothing but a longer journal, so it is told and tried again later. */
  async #writeSnapshot(): Promise<void> {
    const { disk, folder, newSalt } = this.#options;
    const content = captureSnapshot(this.#state);
    this.#state.snapshots.open(content.timestamp);
    const { segment, created } = this.#journal.rotate();
    try {
      await created;
      const isWritten = await writeSnapshot(disk, folder, segment, newSalt(), content, () => this.#isClosing);
      if (isWritten) await removeObsolete(disk, folder, await disk.list(folder), segment);
      else await disk.remove(join(folder, snapshotName(segment) + unfinishedSuffix));
    } catch (error) {
      this.#options.notify(`a snapshot could not be written, the journal goes on growing: ${String(error)}`);
    } finally {
      this.#state.snapshots.close(content.timestamp);
      this.#onSnapshotEnd();
    }
  }
}

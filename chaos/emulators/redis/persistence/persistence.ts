/** What outlives the process: the append-only file and snapshots, when they are written, and what goes wrong with them. */
import type { Clock } from '../../../clock.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Configuration } from '../config/configuration.ts';
import { messageOf } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { AppendOnlyFile, type Loaded, type SyncPolicy } from './append-only-file.ts';
import type { Disk } from './disk.ts';
import type { PropagatedCommand } from './propagated-command.ts';
import { rebuildDatabase } from './rebuild-commands.ts';
import { readSnapshot, writeSnapshot, type SnapshotRecord } from './snapshot-file.ts';

export interface PersistenceParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly keyspace: Keyspace;
  /** Code of the libraries of functions. */
  readonly functionCodes: () => readonly Bytes[];
  readonly log: (level: 'notice' | 'warning', text: string) => void;
  /** Counts changes since the last snapshot. */
  readonly changes: { dirty: number };
}

const misconfiguredSnapshots =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";
const syncIntervalMs = 1000;
const saveCheckMs = 1000;
/** A snapshot that failed is not tried again at once. */
const saveRetrySeconds = 5;

export class Persistence implements Disposable {
  readonly #parts: PersistenceParts;
  #file: AppendOnlyFile | undefined;
  #fileError: string | undefined;
  #syncTimer: Disposable | undefined;
  #saveTimer: Disposable | undefined;
  #backgroundSave: Disposable | undefined;
  #backgroundRewrite: Disposable | undefined;
  #lastSaveFailed = false;
  #lastSaveTrySeconds = 0;
  lastSaveSeconds: number;
  saves = 0;
  rewrites = 0;
  isSaveScheduled = false;
  isRewriteScheduled = false;
  lastSaveDurationSeconds = -1;
  lastRewriteFailed = false;
  /** What was changed is not on the disk, though every acknowledged change has to be: the server cannot go on. */
  isBroken = false;

  constructor(parts: PersistenceParts) {
    this.#parts = parts;
    this.lastSaveSeconds = this.#nowSeconds;
  }

  get isAppendOnly(): boolean {
    return this.#file !== undefined;
  }

  get isSaving(): boolean {
    return this.#backgroundSave !== undefined;
  }

  get isRewriting(): boolean {
    return this.#backgroundRewrite !== undefined;
  }

  get lastSaveFailed(): boolean {
    return this.#lastSaveFailed;
  }

  get fileError(): string | undefined {
    return this.#fileError;
  }

  get file(): AppendOnlyFile | undefined {
    return this.#file;
  }

  /** Reads the data: from the append-only file where there is to be one, else from the snapshot. */
  load(): Loaded | { readonly kind: 'snapshot'; readonly records: readonly SnapshotRecord[] } {
    const { configuration, disk } = this.#parts;
    if (configuration.flag('appendonly'))
      return this.#newFile().load(configuration.flag('aof-load-truncated'));
    const name = configuration.text('dbfilename');
    const contents = disk.read(name);
    if (contents === undefined || contents === '') return { kind: 'none' };
    const records = readSnapshot(contents);
    return records === undefined
      ? { kind: 'damaged', reason: `${name} is no snapshot of this emulator, or is damaged` }
      : { kind: 'snapshot', records };
  }

  /** What the append-only file would give after a crash right now. */
  reload(): Loaded {
    this.flush();
    return this.#newFile().load(true);
  }

  /** After loading: opens the append-only file for what is to come. */
  start(): void {
    if (this.#parts.configuration.flag('appendonly')) this.#openFile();
  }

  /** `appendonly` was changed while the server runs. */
  setAppendOnly(isOn: boolean): void {
    if (isOn === this.isAppendOnly) return;
    if (isOn) {
      this.#openFile();
      return;
    }
    this.flush();
    this.#file?.syncNow();
    this.#file = undefined;
    this.#syncTimer?.[Symbol.dispose]();
    this.#syncTimer = undefined;
  }

  append(commands: readonly PropagatedCommand[]): void {
    this.#file?.add(commands);
  }

  /** Once a turn, before clients get their answers. */
  flush(): void {
    this.#startScheduled();
    if (this.#parts.changes.dirty > 0) this.#scheduleSaveCheck();
    const file = this.#file;
    if (file === undefined) return;
    const policy = this.#policy;
    try {
      file.flush(policy);
      this.#fileError = undefined;
    } catch (thrown) {
      this.#noteFileError(thrown);
      this.isBroken = policy === 'always';
      return;
    }
    if (policy === 'everysec' && file.isUnsynced) this.#scheduleSync();
    this.#rewriteWhenGrown(file);
  }

  /** Why writes are refused; undefined when they are not. */
  writeRefusal(): string | undefined {
    const { configuration } = this.#parts;
    const stopsWrites =
      configuration.flag('stop-writes-on-bgsave-error') && configuration.savePoints.length > 0;
    if (stopsWrites && this.#lastSaveFailed) return misconfiguredSnapshots;
    return this.#fileError === undefined
      ? undefined
      : `MISCONF Errors writing to the AOF file: ${this.#fileError}`;
  }

  scriptRefusal(): string | undefined {
    const refusal = this.writeRefusal();
    if (refusal === undefined) return undefined;
    return refusal === misconfiguredSnapshots
      ? "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts."
      : `MISCONF Redis is configured to persist data to AOF, but it's currently unable to persist to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts. AOF error: ${this.#fileError}`;
  }

  /** Writes a snapshot now; false when the disk refuses. */
  save(): boolean {
    return this.#writeSnapshot(this.#snapshot());
  }

  /** The data as they are now, written when the present turn is over. */
  saveInBackground(): void {
    this.isSaveScheduled = false;
    const contents = this.#snapshot();
    const { clock, changes, log } = this.#parts;
    const dirtyBefore = changes.dirty;
    log('notice', 'Background saving started');
    this.#backgroundSave = clock.timer(0, () => {
      this.#backgroundSave = undefined;
      const isSaved = this.#writeSnapshot(contents, dirtyBefore);
      log(
        isSaved ? 'notice' : 'warning',
        isSaved ? 'Background saving terminated with success' : 'Background saving error',
      );
      this.#startScheduled();
    });
  }

  rewriteInBackground(): void {
    const { clock, log } = this.#parts;
    this.isRewriteScheduled = false;
    if (this.#file === undefined) {
      // Without an append-only file in use its base is written all the same.
      this.#backgroundRewrite = clock.timer(0, () => this.#finishRewrite(this.#newFile()));
      return;
    }
    const file = this.#file;
    log('notice', 'Background append only file rewriting started');
    this.#backgroundRewrite = clock.timer(0, () => this.#finishRewrite(file));
  }

  /** Everything is on the disk when it returns. Without `saves` only the append-only file is. */
  close(saves: boolean): boolean {
    let isComplete = true;
    if (this.#file !== undefined) {
      this.flush();
      try {
        this.#file.syncNow();
      } catch (thrown) {
        this.#noteFileError(thrown);
        isComplete = false;
      }
    }
    return (saves ? this.save() : true) && isComplete;
  }

  [Symbol.dispose](): void {
    for (const timer of [this.#syncTimer, this.#saveTimer, this.#backgroundSave, this.#backgroundRewrite]) {
      timer?.[Symbol.dispose]();
    }
  }

  get #nowSeconds(): number {
    return Math.floor(this.#parts.clock.nowMs() / 1000);
  }

  get #policy(): SyncPolicy {
    const policy = this.#parts.configuration.text('appendfsync');
    return policy === 'always' || policy === 'no' ? policy : 'everysec';
  }

  #newFile(): AppendOnlyFile {
    const { configuration, disk } = this.#parts;
    return new AppendOnlyFile(
      disk,
      configuration.text('appenddirname'),
      configuration.text('appendfilename'),
    );
  }

  #openFile(): void {
    const file = this.#newFile();
    file.load(true);
    file.rewrite(this.#rebuildCommands());
    this.#file = file;
  }

  *#rebuildCommands(): IterableIterator<readonly Bytes[]> {
    const { keyspace, functionCodes } = this.#parts;
    for (const code of functionCodes()) yield ['FUNCTION', 'LOAD', code];
    for (const database of keyspace.databases) yield* rebuildDatabase(database);
  }

  #finishRewrite(file: AppendOnlyFile): void {
    this.#backgroundRewrite = undefined;
    try {
      file.rewrite(this.#rebuildCommands());
      this.rewrites += 1;
      this.lastRewriteFailed = false;
      this.#parts.log('notice', 'Background AOF rewrite terminated with success');
    } catch (thrown) {
      this.lastRewriteFailed = true;
      this.#noteFileError(thrown);
    }
    this.#startScheduled();
  }

  /** What was asked for while something else was under way. */
  #startScheduled(): void {
    if (this.isSaving || this.isRewriting) return;
    if (this.isRewriteScheduled) this.rewriteInBackground();
    else if (this.isSaveScheduled) this.saveInBackground();
  }

  #rewriteWhenGrown(file: AppendOnlyFile): void {
    const { configuration } = this.#parts;
    const percentage = configuration.number('auto-aof-rewrite-percentage');
    if (percentage === 0 || this.isRewriting || this.isSaving) return;
    if (file.sizeBytes <= configuration.number('auto-aof-rewrite-min-size')) return;
    const growth = (file.sizeBytes * 100) / Math.max(1, file.baseBytes) - 100;
    if (growth >= percentage) this.rewriteInBackground();
  }

  #scheduleSync(): void {
    this.#syncTimer ??= this.#parts.clock.timer(syncIntervalMs, () => {
      this.#syncTimer = undefined;
      this.#file?.syncInBackground((error) => {
        if (error !== undefined) this.#noteFileError(error);
        else if (this.#file?.isUnsynced === true) this.#scheduleSync();
      });
    });
  }

  #scheduleSaveCheck(): void {
    const { changes, clock, configuration } = this.#parts;
    if (configuration.savePoints.length === 0) return;
    this.#saveTimer ??= clock.timer(saveCheckMs, () => {
      this.#saveTimer = undefined;
      if (this.#isSaveDue()) this.saveInBackground();
      if (changes.dirty > 0) this.#scheduleSaveCheck();
    });
  }

  #isSaveDue(): boolean {
    if (this.isSaving || this.isRewriting) return false;
    const { changes, configuration } = this.#parts;
    const now = this.#nowSeconds;
    if (this.#lastSaveFailed && now - this.#lastSaveTrySeconds <= saveRetrySeconds) return false;
    return configuration.savePoints.some(
      ({ seconds, changes: needed }) => changes.dirty >= needed && now - this.lastSaveSeconds > seconds,
    );
  }

  #snapshot(): Bytes {
    const { functionCodes, keyspace } = this.#parts;
    return writeSnapshot(keyspace, functionCodes());
  }

  #writeSnapshot(contents: Bytes, dirtyCounted = this.#parts.changes.dirty): boolean {
    const { changes, configuration, disk, log } = this.#parts;
    const name = configuration.text('dbfilename');
    const temporary = `temp-${name}`;
    this.#lastSaveTrySeconds = this.#nowSeconds;
    try {
      disk.write(temporary, contents);
      disk.sync(temporary);
      disk.rename(temporary, name);
    } catch (thrown) {
      log('warning', `Failed writing the snapshot: ${messageOf(thrown)}`);
      this.#lastSaveFailed = true;
      return false;
    }
    log('notice', 'DB saved on disk');
    changes.dirty -= dirtyCounted;
    this.lastSaveSeconds = this.#nowSeconds;
    this.#lastSaveFailed = false;
    this.lastSaveDurationSeconds = 0;
    this.saves += 1;
    return true;
  }

  #noteFileError(thrown: unknown): void {
    const message = messageOf(thrown);
    if (message !== this.#fileError) this.#parts.log('warning', `Error writing to the AOF file: ${message}`);
    this.#fileError = message;
  }
}

/**
 * The storage engine of the embedded MongoDB: multi-version documents in memory, made durable by a journal and
 * snapshots in a folder. One process, one thread; everything but durability is synchronous.
 */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { MongoError } from '../errors.ts';
import { memoryLog } from './commit-log.ts';
import type { StorageEngine } from './contract.ts';
import { EngineState } from './engine-state.ts';
import { type Disk, nodeDisk } from './journal/disk.ts';
import { DurableLog } from './journal/durable-log.ts';
import { recover } from './journal/recovery.ts';
import { MultiVersionEngine } from './multi-version-engine.ts';
import type { FilterCompiler } from './ordered-index.ts';

export interface StorageOptions {
  /** Where the journal and the snapshots lie; undefined keeps everything in memory only. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  /** Collection UUIDs and the salts of files are drawn from it. */
  readonly random: Random;
  /** Compiles the filter of a partial index. Without it, creating a partial index fails. */
  readonly compileFilter?: FilterCompiler;
  /** Told of what was cut off the journal, and of snapshots that could not be written; else a process warning. */
  readonly notify?: (message: string) => void;
  /** Least bytes of journal before a snapshot replaces it; 64 MiB unless told. */
  readonly snapshotAfterBytes?: number;
  /** The file system, for tests that make it fail. */
  readonly disk?: Disk;
}

const defaultSnapshotAfterBytes = 64 * 1024 * 1024;

/** Opens the folder, replaying what is there. Throws `DamagedFileError` or `FolderInUseError`; a torn tail is cut and told. */
export async function openStorageEngine(options: StorageOptions): Promise<StorageEngine> {
  const state = new EngineState(options.clock, options.compileFilter ?? refuseFilter);
  const { folder } = options;
  if (folder === undefined) return new MultiVersionEngine(options.random, state, () => memoryLog);
  const disk = options.disk ?? nodeDisk;
  await disk.createFolder(folder);
  const lock = await disk.lock(folder);
  try {
    const notify = options.notify ?? ((message) => process.emitWarning(message));
    const salts = options.random.fork(`salts ${state.timestamps.last}`);
    const newSalt = () => salts.integer(0, 0xffffffff);
    const { segment, tornTail } = await recover({ disk, folder, newSalt }, state);
    if (tornTail !== undefined) {
      notify(
        `cut ${tornTail.bytes} bytes of an unfinished write at byte ${tornTail.offset} of ${tornTail.file}`,
      );
    }
    const snapshotAfterBytes = options.snapshotAfterBytes ?? defaultSnapshotAfterBytes;
    const log = { disk, folder, newSalt, notify, snapshotAfterBytes };
    // A process started again with the same seed must not give the same UUIDs to other collections.
    const random = options.random.fork(`uuids ${state.timestamps.last}`);
    return new MultiVersionEngine(
      random,
      state,
      (collectGarbage) => new DurableLog(log, state, segment, lock, collectGarbage),
    );
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

function refuseFilter(): never {
  throw new MongoError('CannotCreateIndex', 'partial indexes need a filter compiler');
}
